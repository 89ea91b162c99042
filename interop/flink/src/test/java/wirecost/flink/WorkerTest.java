package wirecost.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = """
      {"type": "record", "name": "class", "namespace": "a.b", "fields": [
        {"name": "int", "type": "int"},
        {"name": "text", "type": ["null", "string"]},
        {"name": "color", "type": {"type": "enum", "name": "Color", "symbols": ["red", "values", "new"]}},
        {"name": "all", "type": {"type": "array", "java-array": true, "items": "long"}}]}""";

  @TempDir Path dir;
  private final Worker worker = new Worker();
  private ObjectNode request;

  @BeforeEach
  void write() throws IOException {
    Path file = dir.resolve("records");
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      byte[] record = {6, 2, 4, 'h', 'i', 2, 2, 9, 0};
      out.writeInt(record.length);
      out.write(record);
    }
    request = JSON.createObjectNode().put("mode", "prove").put("name", "s").put("codec", "pojo").put("runtime", "flink2")
        .put("op", "encode").put("procs", 1).put("schema", SCHEMA).put("records", 1).put("path", file.toString());
  }

  private String ask() throws IOException {
    return worker.answer(request.toString());
  }

  private JsonNode refusal() throws IOException {
    return JSON.readTree(ask());
  }

  /** Names that are words of Java are names of classes, fields and constants all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"pojo", "pojo-flink1", "kryo", "kryo-registered", "flink-avro", "row", "rowdata"})
  void proves(String codec) throws IOException {
    request.put("codec", codec);
    assertTrue(ask().startsWith("BenchmarkCodec/schema=s/codec=" + codec + "/runtime=flink2/op=encode 1 "), ask());
  }

  @ParameterizedTest
  @ValueSource(strings = {"encode", "decode", "decode-reuse", "copy"})
  void times(String op) throws IOException {
    request.put("mode", "calibrate").put("op", op);
    assertTrue(ask().contains(" cpu-ns/op "), ask());
    request.put("mode", "time").put("n", 1000);
    assertTrue(ask().matches("BenchmarkCodec/.*/op=" + op + " 1000 .* ns/op .* B/set .* jit-ms \\d+ warm-ns [01] warm"), ask());
    request.put("mode", "count");
    assertTrue(ask().endsWith(" B/op"), ask());
  }

  /** What cannot be answered is an answer, and the worker goes on. */
  @ParameterizedTest
  @CsvSource({
    "mode, nap, unknown mode nap", "codec, avro, this runtime has no codec avro", "type, Other, the schema has no record Other",
    "path, /nowhere, NoSuchFileException", "schema, {}, SchemaParseException", "mood, good, Unrecognized field",
  })
  void refuses(String field, String value, String want) throws IOException {
    request.put(field, value);
    assertTrue(refusal().get("error").asText().contains(want), ask());
    request.remove("mood");
    write();
    proves("pojo");
  }

  @Test
  void refusesLine() throws IOException {
    assertTrue(JSON.readTree(worker.answer("nonsense")).has("error"));
  }

  /** A tuple has no place for a null where the serializer has no form for it. */
  @Test
  void notCarried() throws IOException {
    request.put("codec", "tuple").put("schema", SCHEMA.replace("\"string\"", "\"int\""));
    assertTrue(refusal().get("not-carried").asBoolean());
    assertEquals("a tuple field cannot hold null: a.b.class.text: the serializer of java.lang.Integer has no form for it",
        refusal().get("error").asText());
  }

  /** What Avro's reflection loses, or Flink cannot do with what it reads, is said of the schema. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "flink-avro-reflect; encode; \"old\"; \"new\"; new is a word of Java",
    "flink-avro-reflect; encode; ; ; ",
    "flink-avro-reflect; copy; ; ; Flink cannot copy a record: class [J cannot be cast to class java.util.List",
    "flink-avro-reflect; decode; ; ; ",
    "flink-avro-reflect; encode; \"items\": \"long\"; \"items\": [\"null\", \"long\"]; an element may be null",
    "flink-avro-reflect; encode; \"int\"}; {\"type\": \"int\", \"logicalType\": \"date\"}}; takes java.time.LocalDate for a record without fields",
    "flink-avro-specific; copy; ; ; ",
    "flink-avro-specific; encode; {\"name\": \"text\"; {\"name\": \"_int\"; Flink makes no AvroTypeInfo of the class that Avro generates",
    "flink-avro-specific; encode; \"Plain\"; \"class\"; class a.b.class is generated under another name",
  })
  void avroClasses(String codec, String op, String from, String to, String want) throws IOException {
    String plain = SCHEMA.replace("\"class\"", "\"Plain\"").replace("\"new\"", "\"old\"");
    request.put("codec", codec).put("op", op).put("schema", from == null ? plain : plain.replace(from, to));
    String answer = ask();
    if (want == null) {
      assertTrue(answer.startsWith("BenchmarkCodec/schema=s/codec=" + codec + "/runtime=flink2/op=" + op + " 1 "), answer);
    } else {
      assertTrue(JSON.readTree(answer).get("error").asText().contains(want), answer);
      assertTrue(JSON.readTree(answer).path("not-carried").asBoolean(), answer);
    }
  }

  /** A class of the user's, in which records are read: this one is on the tests' class path. */
  public static class Mine {
    public int id;
    public List<Long> all;
    private String text;
    public transient int passing;

    public String getText() {
      return text;
    }

    public void setText(String text) {
      this.text = text;
    }
  }

  public static class NoArguments {
    public int id;

    public NoArguments(int id) {
      this.id = id;
    }
  }

  public static class Throws {
    public int id;

    public Throws() {
      throw new IllegalStateException("no luck");
    }
  }

  public static class Narrow {
    public short id;
    public String text;
  }

  public static class Other {
    public String id;
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "Mine; pojo; ", "Mine; kryo-flink1; ", "Mine; kryo-registered; ", "Narrow; pojo; ",
    "Mine; row; a class of your own is measured as pojo, kryo and kryo-registered, and not as row",
    "NoArguments; pojo; Flink takes wirecost.flink.WorkerTest$NoArguments for no POJO and falls back to Kryo",
    "NoArguments; kryo; record 0: wirecost.flink.WorkerTest$NoArguments has no constructor without arguments",
    "Throws; kryo; record 0: the constructor of wirecost.flink.WorkerTest$Throws throws java.lang.IllegalStateException: no luck",
    "Other; pojo; record 0: Other.id: a value of int does not go into java.lang.String",
    "Nope; pojo; there is no class wirecost.flink.WorkerTest$Nope on the class path",
  })
  void userClass(String name, String codec, String want) throws IOException {
    request.put("codec", codec).put("class", "wirecost.flink.WorkerTest$" + name);
    request.putArray("classpath");
    request.put("schema", SCHEMA.replace("\"int\", \"type\"", "\"id\", \"type\""));
    String answer = ask();
    if (want == null) {
      assertTrue(answer.startsWith("BenchmarkCodec/schema=s/codec=" + codec), answer);
    } else {
      assertTrue(JSON.readTree(answer).get("error").asText().startsWith(want), answer);
      assertTrue(JSON.readTree(answer).path("not-carried").asBoolean(), answer);
    }
  }

  @Test
  void readsClass() throws IOException {
    request.put("mode", "class").put("class", "wirecost.flink.WorkerTest$Mine").remove("schema");
    request.putArray("classpath");
    assertEquals("{\"type\":\"record\",\"name\":\"WorkerTest_Mine\",\"namespace\":\"wirecost.flink\",\"fields\":["
        + "{\"name\":\"id\",\"type\":\"int\"},"
        + "{\"name\":\"all\",\"type\":[\"null\",{\"type\":\"array\",\"items\":[\"null\",\"long\"]}],\"default\":null},"
        + "{\"name\":\"text\",\"type\":[\"null\",\"string\"],\"default\":null}]}", refusal().get("schema").asText());
    request.put("class", "java.util.List");
    assertEquals("java.util.List is no class with fields of yours", refusal().get("error").asText());
    request.put("class", "wirecost.flink.WorkerTest$Mine").put("schema", SCHEMA);
    assertEquals(3, refusal().get("notes").size());
  }

  /** A name in java.* is nobody's to define. */
  @Test
  void forbiddenName() throws IOException {
    request.put("schema", SCHEMA.replace("a.b", "java.lang"));
    assertTrue(refusal().get("error").asText().startsWith("a class cannot be called java.lang."), ask());
  }
}
