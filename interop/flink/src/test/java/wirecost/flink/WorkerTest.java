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

  /** A name in java.* is nobody's to define. */
  @Test
  void forbiddenName() throws IOException {
    request.put("schema", SCHEMA.replace("a.b", "java.lang"));
    assertTrue(refusal().get("error").asText().startsWith("a class cannot be called java.lang."), ask());
  }
}
