package wirecost.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = """
      {"type": "record", "name": "Rec", "namespace": "a.b", "fields": [
        {"name": "id", "type": "int"}, {"name": "text", "type": "string"}, {"name": "all", "type": {"type": "array", "items": "long"}}]}""";
  private static final String[] ACCESSES = {
    "value-update", "value-get-update", "reducing-add", "list.1x", "list.3x", "list.4x", "reducing.1x", "reducing.3x",
  };

  @TempDir Path dir;
  private Path records;

  @BeforeEach
  void write() throws IOException {
    records = dir.resolve("records");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(records))) {
      for (byte i = 0; i < 8; i++) {
        byte[] record = {i, 4, 'h', 'i', 2, 2, 0};
        out.writeInt(record.length);
        out.write(record);
      }
    }
  }

  private Ring ring(String codec) throws IOException {
    Classes classes = new Classes(StateTest.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(classes);
    JavaType t = JavaType.of(new Schema.Parser().parse(SCHEMA), classes);
    return new Ring(Codec.of(codec, t, null), t.schema, records);
  }

  /** Each access is what it says, in each codec and backend: a state that lost or kept a record too many would throw. */
  @ParameterizedTest
  @ValueSource(strings = {"pojo", "kryo", "kryo-registered", "flink-avro", "row", "tuple", "rowdata"})
  void accesses(String codec) throws IOException {
    Ring ring = ring(codec);
    for (String backend : new String[] {"heap", "rocksdb"}) {
      for (String access : ACCESSES) {
        for (String ttl : new String[] {"", ".ttl"}) {
          String op = "state." + backend + "." + access + ttl;
          try (State s = new State(State.Access.of(op), ring, 50, 128, dir.toFile())) {
            for (int n : new int[] {8, 16, 400}) {
              assertEquals(s.sum(op, n), s.run(op, n), op);
            }
          }
        }
      }
    }
  }

  /** A sample in RocksDB is a memtable at least, and the time of the threads that flush it is known where /proc is. */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "rocksdb"})
  void samples(String backend) throws IOException {
    Worker worker = new Worker();
    ObjectNode request = JSON.createObjectNode().put("mode", "calibrate").put("name", "s").put("codec", "pojo").put("runtime", "flink2")
        .put("op", "state." + backend + ".value-update").put("procs", 1).put("schema", SCHEMA).put("records", 8).put("path", records.toString());
    request.putObject("state").put("keys", 100).put("groups", 128).put("dir", dir.toString());
    String answer = worker.answer(request.toString());
    Matcher least = Pattern.compile(" (\\d+) least-n").matcher(answer);
    assertTrue(least.find(), answer);
    int n = Integer.parseInt(least.group(1));
    assertTrue(n % 8 == 0 && (n == 8) == backend.equals("heap"), answer);
    answer = worker.answer(request.put("mode", "time").put("n", n).toString());
    assertTrue(answer.startsWith("BenchmarkCodec/schema=s/codec=pojo/runtime=flink2/op=state." + backend + ".value-update " + n + " "), answer);
    Matcher background = Pattern.compile(" ([0-9.]+) background-ns/op").matcher(answer);
    boolean known = backend.equals("heap") || Files.isDirectory(Path.of("/proc/self/task"));
    assertEquals(known, background.find(), answer);
    if (known) {
      assertEquals(backend.equals("rocksdb"), Double.parseDouble(background.group(1)) > 0, answer);
    }
  }

  @Test
  void refuses() throws IOException {
    for (String op : new String[] {"state.heap", "state.heap.map", "state.heap.list", "state.heap.list.0x", "state.heap.value-update.4x"}) {
      assertEquals("unknown access " + op, assertThrows(IllegalArgumentException.class, () -> State.Access.of(op)).getMessage());
    }
    Ring ring = ring("pojo");
    State.Access disk = State.Access.of("state.disk.value-update");
    assertEquals("unknown state backend disk",
        assertThrows(IllegalArgumentException.class, () -> new State(disk, ring, 1, 128, dir.toFile())).getMessage());
  }
}
