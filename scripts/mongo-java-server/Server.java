import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/**
 * An in-memory server of MongoDB's protocol. It announces version 4.4, the oldest that drivers of today talk to; by itself
 * it would announce an older one, although it knows all that is asked of it here. Arguments: host and port.
 */
public final class Server {
  private record Announced(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion {}

  public static void main(String[] args) {
    MemoryBackend backend = new MemoryBackend();
    backend.version(new Announced(List.of(4, 4, 0), 9));
    new MongoServer(backend).bind(args[0], Integer.parseInt(args[1]));
  }
}
