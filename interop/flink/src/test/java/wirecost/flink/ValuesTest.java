package wirecost.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/** What is said of a record that does not come back. */
final class ValuesTest {
  private static final Schema INNER = new Schema.Parser().parse(
      "{\"type\": \"record\", \"name\": \"x.Inner\", \"fields\": [{\"name\": \"n\", \"type\": \"int\"}]}");
  private static final Schema OUTER = new Schema.Parser().parse(
      "{\"type\": \"record\", \"name\": \"x.Outer\", \"fields\": [{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"inner\", \"type\": " + INNER + "}]}");

  private static GenericRecord outer(int n) {
    GenericRecord inner = new GenericRecordBuilder(INNER).set("n", n).build();
    return new GenericRecordBuilder(OUTER).set("a", 1).set("inner", inner).build();
  }

  @Test
  void difference() {
    assertEquals(", in inner.n: Integer 3, and it was Integer 2", Values.difference(outer(2), outer(3)));
    assertEquals(": null, and it was Long 7", Values.difference(7L, null));
    assertEquals(": byte[] of 2, and it was byte[] of 1", Values.difference(new byte[1], new byte[2]));
  }
}
