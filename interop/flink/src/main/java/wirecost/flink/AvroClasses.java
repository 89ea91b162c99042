package wirecost.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * The classes of Avro's users that are no generic records: those that Avro's compiler generates from a schema, with the defaults of
 * avro-maven-plugin, and POJOs that Avro looks into by reflection.
 */
final class AvroClasses {
  private AvroClasses() {}

  /** Returns the class that Avro's compiler generates for a record: strings are CharSequence, decimals ByteBuffer. */
  static Class<?> specific(Schema schema) {
    Compiled all = new Compiled("what Avro's compiler generates", AvroClasses.class.getClassLoader(), folder -> {
      SpecificCompiler compiler;
      try {
        compiler = new SpecificCompiler(schema);
      } catch (RuntimeException e) {
        throw new Refused("Avro's compiler: " + e.getMessage());
      }
      compiler.setOutputCharacterEncoding("UTF-8");
      compiler.compileToDestination(null, folder.toFile());
    });
    Thread.currentThread().setContextClassLoader(all);
    return all.named(SpecificData.getClassName(schema));
  }

  /** Returns the record of a generated class, with each map a HashMap of Strings. */
  static Object specific(Class<?> of, GenericRecord r) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<Object>(r.getSchema()).write(r, encoder);
      encoder.flush();
      return own(new SpecificDatumReader<>(of).read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null)));
    } catch (ClassCastException e) {
      throw new Refused("Avro cannot read a record into the class that it generates, as of nullable decimals of fixed and of words of Java in names: " + e.getMessage().replaceAll(" \\(.*", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object own(Object v) {
    if (v instanceof IndexedRecord r) {
      for (int i = 0; i < r.getSchema().getFields().size(); i++) {
        Object field = r.get(i);
        if (field instanceof IndexedRecord || field instanceof List || field instanceof Map) {
          r.put(i, own(field));
        }
      }
    } else if (v instanceof List list) {
      list.replaceAll(AvroClasses::own);
    } else if (v instanceof Map<?, ?> m) {
      Map<Object, Object> out = new HashMap<>();
      m.forEach((k, e) -> out.put(k.toString(), own(e)));
      return out;
    }
    return v;
  }

  /** Refuses what Avro's reflection loses, or has no form for, in the POJO of a record. */
  static void checkReflection(JavaType t) {
    checkReflection(t, t.name(), new HashSet<>());
  }

  private static void checkReflection(JavaType t, String where, Set<JavaType.RecordType> seen) {
    switch (t.kind) {
      case INSTANT, UTIL_DATE, SQL_TIMESTAMP, LOCAL_DATE, LOCAL_TIME, LOCAL_DATE_TIME, UUID_ ->
        throw new Refused(where + ": Avro's reflection takes " + t.name() + " for a record without fields, and loses its value");
      case ENUM -> {
        checkName(t, where);
        for (String symbol : t.schema.getEnumSymbols()) {
          if (!SpecificCompiler.mangle(symbol).equals(symbol)) {
            throw new Refused(where + ": " + symbol + " is a word of Java, for which Avro's reflection looks under another name");
          }
        }
      }
      case LIST, MAP, ARRAY -> {
        if (t.element.kind == JavaType.Kind.OBJECT || t.element.nullable) {
          throw new Refused(where + ": an element may be " + (t.element.kind == JavaType.Kind.OBJECT ? "of several types" : "null")
              + ", which no annotation can say to Avro's reflection");
        }
        checkReflection(t.element, where, seen);
      }
      case OBJECT -> {
        for (JavaType b : t.branches) {
          if (b != null && (b.kind == JavaType.Kind.LIST || b.kind == JavaType.Kind.MAP || b.kind == JavaType.Kind.ARRAY)) {
            throw new Refused(where + ": " + b.name() + " as one of several types, which no annotation can say to Avro's reflection");
          }
          if (b != null) {
            checkReflection(b, where, seen);
          }
        }
        List<JavaType> some = t.branches.stream().filter(b -> b != null).toList();
        if (some.stream().map(JavaType::raw).collect(Collectors.toSet()).size() < some.size()) {
          throw new Refused(where + ": two of the several types are one class");
        }
      }
      case RECORD -> {
        checkName(t, where);
        if (seen.add(t.record)) {
          t.record.fields.forEach(f -> checkReflection(f.type(), t.name() + "." + f.name(), seen));
        }
      }
      default -> { }
    }
  }

  private static void checkName(JavaType t, String where) {
    if (!SpecificData.getClassName(t.schema).equals(t.schema.getFullName())) {
      throw new Refused(where + ": " + t.schema.getFullName() + " has a word of Java in its name, for which Avro's reflection looks under another");
    }
  }
}
