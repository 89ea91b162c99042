package wirecost.flink;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The records of a cell with a codec, made ready: what is timed is calls of the serializer and nothing else.
 *
 * <p>What is serialized are records as they look behind one exchange: deserialized once. Avro's strings are Utf8 then, and rows of
 * SQL are BinaryRowData, as they are at any but the first keyBy of a job.
 */
final class Ring implements Looped {
  private final Codec codec;
  private final Object[] fresh; // as user code makes them
  private final byte[][] encoded; // of those
  private final long set; // bytes of encoded
  private Object[] travelled; // deserialized from encoded
  private long travelledSet; // bytes of travelled, serialized: others where a decoder sizes its maps otherwise
  private final DataOutputSerializer out = new DataOutputSerializer(1 << 12);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private Object used;

  /** Makes records of a file ready: canonical Avro, each behind its length, u32 big-endian. */
  Ring(Codec codec, Schema schema, Path file) throws IOException {
    this.codec = codec;
    GenericRecord[] records = read(file, schema);
    int n = records.length;
    if (Integer.bitCount(n) != 1) {
      throw new IOException(file + ": " + n + " records: want a power of two");
    }
    fresh = new Object[n];
    encoded = new byte[n][];
    long sum = 0;
    for (int i = 0; i < n; i++) {
      try {
        fresh[i] = codec.fresh().apply(records[i]);
        encoded[i] = serialize(fresh[i]);
      } catch (RuntimeException e) {
        throw e instanceof Refused ? new Refused("record " + i + ": " + e.getMessage()) : new Unreadable("record " + i + ": serialize", e);
      }
      sum += encoded[i].length;
    }
    set = sum;
    used = codec.serializer().createInstance();
  }

  Codec codec() {
    return codec;
  }

  /** Returns the records as they look behind an exchange; they are not to be changed. */
  Object[] travelled() throws IOException {
    travel();
    return travelled;
  }

  /** Sends every record over an exchange. */
  private void travel() throws IOException {
    if (travelled != null) {
      return;
    }
    Object[] objects = new Object[fresh.length];
    for (int i = 0; i < objects.length; i++) {
      objects[i] = decode(i, null, false);
      travelledSet += serialize(objects[i]).length;
    }
    travelled = objects;
  }

  static GenericRecord[] read(Path file, Schema schema) throws IOException {
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
    List<GenericRecord> records = new ArrayList<>();
    BinaryDecoder decoder = null;
    for (byte[] b : sized(file)) {
      decoder = DecoderFactory.get().binaryDecoder(b, decoder);
      records.add(reader.read(null, decoder));
      if (!decoder.isEnd()) {
        throw new IOException(file + ": record " + records.size() + " has other bytes than its schema");
      }
    }
    return records.toArray(new GenericRecord[0]);
  }

  /** Reads what stands in a file, each behind its length, u32 big-endian. */
  static List<byte[]> sized(Path file) throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        int n = in.read() << 24;
        if (n < 0 && all.isEmpty()) {
          throw new IOException(file + ": no records");
        }
        if (n < 0) {
          return all;
        }
        n |= in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
        byte[] b = in.readNBytes(n);
        if (b.length < n) {
          throw new IOException(file + ": record " + all.size() + " ends in the middle");
        }
        all.add(b);
      }
    }
  }

  private byte[] serialize(Object v) throws IOException {
    out.clear();
    codec.serializer().serialize(v, out);
    return out.getCopyOfBuffer();
  }

  /** Deserializes record i; its bytes must be consumed whole. */
  private Object decode(int i, Object into, boolean reuse) throws IOException {
    in.setBuffer(encoded[i]);
    Object v;
    try {
      v = reuse ? codec.serializer().deserialize(into, in) : codec.serializer().deserialize(in);
    } catch (IOException | RuntimeException e) {
      throw new Unreadable("record " + i + ": Flink cannot read back what it wrote", e);
    }
    if (in.available() > 0) {
      throw new Unreadable("record " + i + ": Flink leaves " + in.available() + " of the " + encoded[i].length + " bytes that it wrote", null);
    }
    return v;
  }

  /** Decodes every record, into a fresh and into a used one, and compares it with what it was; so with its copy, if that is the op. */
  void prove(String op) throws IOException {
    travel();
    Object into = codec.serializer().createInstance();
    for (int i = 0; i < fresh.length; i++) {
      Object want = codec.comparable(fresh[i]);
      check(i, want, decode(i, null, false), "deserialized");
      into = decode(i, into, true);
      check(i, want, into, "deserialized into a used one");
      if (op.equals("copy")) {
        check(i, want, copied(fresh[i]), "copied");
      }
      if (!Arrays.equals(encoded[i], serialize(fresh[i]))) {
        throw new Unreadable("record " + i + " has other bytes when it is serialized again", null);
      }
    }
  }

  private Object copied(Object v) {
    try {
      return codec.serializer().copy(v);
    } catch (ClassCastException e) { // Avro's, of an array: whatever the record
      throw new Refused("Flink cannot copy a record: " + e.getMessage().replaceAll(" \\(.*", ""));
    }
  }

  private void check(int i, Object want, Object got, String how) {
    if (!Values.alike(want, codec.comparable(got))) {
      throw new Unreadable("record " + i + " is another when it is " + how + Values.difference(want, codec.comparable(got)), null);
    }
  }

  @Override
  public int size() {
    return fresh.length;
  }

  long set() {
    return set;
  }

  /** Writes the encodings to a file, each behind its length. */
  void write(Path file) throws IOException {
    write(file, encoded);
  }

  static void write(Path file, byte[][] encoded) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (byte[] b : encoded) {
        out.writeInt(b.length);
        out.write(b);
      }
    }
  }

  /** Runs n operations, a multiple of the ring, and returns the sum of their lengths, which {@link #sum} says. */
  @Override
  public long run(String op, int n) throws IOException {
    travel();
    return switch (op) {
      case "encode" -> encode(n);
      case "decode" -> decode(n);
      case "decode-reuse" -> decodeReuse(n);
      case "copy" -> copy(n);
      default -> throw new Refused("Flink's serializers have no op " + op);
    };
  }

  @Override
  public long sum(String op, int n) {
    return n / size() * (op.equals("encode") ? travelledSet : op.equals("copy") ? size() : set);
  }

  private long encode(int n) throws IOException {
    long sum = 0;
    int mask = travelled.length - 1;
    for (int i = 0; i < n; i++) {
      out.clear();
      codec.serializer().serialize(travelled[i & mask], out);
      sum += out.length();
    }
    return sum;
  }

  private long decode(int n) throws IOException {
    long sum = 0;
    int mask = encoded.length - 1;
    for (int i = 0; i < n; i++) {
      byte[] b = encoded[i & mask];
      in.setBuffer(b);
      used = codec.serializer().deserialize(in);
      sum += b.length - in.available();
    }
    return sum;
  }

  private long decodeReuse(int n) throws IOException {
    long sum = 0;
    int mask = encoded.length - 1;
    Object into = codec.serializer().createInstance();
    for (int i = 0; i < n; i++) {
      byte[] b = encoded[i & mask];
      in.setBuffer(b);
      into = codec.serializer().deserialize(into, in);
      sum += b.length - in.available();
    }
    used = into;
    return sum;
  }

  private long copy(int n) {
    long sum = 0;
    int mask = travelled.length - 1;
    for (int i = 0; i < n; i++) {
      used = codec.serializer().copy(travelled[i & mask]);
      sum += used == null ? 0 : 1;
    }
    return sum;
  }
}
