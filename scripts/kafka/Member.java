// A member of a consumer group with Java's client and its default configuration: prints what it reads, ends with its input.
// usage: java -cp 'LIBRARIES/*' Member.java BOOTSTRAP GROUP TOPIC
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Member {
  public static void main(String[] args) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", args[0], "group.id", args[1]);
    var strings = new StringDeserializer();
    try (var consumer = new KafkaConsumer<String, String>(config, strings, strings)) {
      consumer.subscribe(List.of(args[2]));
      while (System.in.available() == 0) {
        for (var record : consumer.poll(Duration.ofMillis(100))) System.out.println(record.value());
        if (!consumer.assignment().isEmpty()) System.out.println("assigned " + consumer.assignment().size());
        System.out.flush();
      }
    }
  }
}
