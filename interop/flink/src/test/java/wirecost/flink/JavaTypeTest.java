package wirecost.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaTypeTest {
  /** A logical type counts beside a java-class, which Java Avro lets win. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'type': 'long', 'logicalType': 'timestamp-millis', 'java-class': 'java.util.Date'}|UTIL_DATE",
    "{'type': 'long', 'logicalType': 'timestamp-millis', 'java-class': 'java.sql.Timestamp'}|SQL_TIMESTAMP",
    "{'type': 'long', 'logicalType': 'timestamp-millis', 'java-class': 'short'}|INSTANT",
    "{'type': 'int', 'logicalType': 'date', 'java-class': 'short'}|LOCAL_DATE",
    "{'type': 'string', 'logicalType': 'uuid', 'avro.java.string': 'String'}|UUID_",
    "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 4, 'scale': 2, 'java-class': 'x'}|DECIMAL",
    "{'type': 'fixed', 'name': 'F', 'size': 4, 'logicalType': 'decimal', 'precision': 4, 'java-class': 'x'}|DECIMAL",
    "{'type': 'string', 'logicalType': 'date', 'java-class': 'x'}|STRING",
    "{'type': 'int', 'java-class': 'java.lang.Short'}|SHORT",
  })
  void kind(String field, JavaType.Kind want) {
    Schema root = new Schema.Parser().parse(
        "{'type': 'record', 'name': 'R', 'fields': [{'name': 'f', 'type': %s}]}".formatted(field).replace('\'', '"'));
    assertEquals(want, JavaType.of(root, new Classes(JavaTypeTest.class.getClassLoader())).record.fields.get(0).type().kind);
  }
}
