package wirecost.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Avro as Java writes it, without Flink: the codec avro of a verification. */
final class PlainAvro {
  private PlainAvro() {}

  /** Writes the records of a file to another, each with its maps in the order of a HashMap, and returns their bytes. */
  static byte[][] encode(Path file, Schema schema) throws IOException {
    GenericDatumWriter<Object> writer = new GenericDatumWriter<>(schema);
    GenericRecord[] records = Ring.read(file, schema);
    byte[][] encoded = new byte[records.length][];
    BinaryEncoder encoder = null;
    for (int i = 0; i < records.length; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      encoder = EncoderFactory.get().binaryEncoder(out, encoder);
      writer.write(Values.generic(records[i]), encoder);
      encoder.flush();
      encoded[i] = out.toByteArray();
    }
    return encoded;
  }
}
