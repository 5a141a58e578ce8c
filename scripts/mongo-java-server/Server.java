import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** An in-memory server of MongoDB's protocol, of the newest version that it knows. Arguments: host and port. */
public final class Server {
  public static void main(String[] args) {
    ServerVersion[] versions = ServerVersion.values();
    MemoryBackend backend = new MemoryBackend();
    backend.version(versions[versions.length - 1]);
    new MongoServer(backend).bind(args[0], Integer.parseInt(args[1]));
  }
}
