package wirecost.flink;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericArray;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.Row;

/**
 * Records as user code makes them, from records as Avro's generic reader leaves them, logical types raw. Every object is new
 * but where the JDK hands out a shared one. Maps are HashMaps filled in the order of the file.
 */
final class Values {
  private Values() {}

  /** What a record is. What an Object holds is of the classes of the schema, whatever stands around it. */
  enum Form {
    POJO, ROW, TUPLE;

    /** Returns the record of a value of type t. */
    private Object record(JavaType t, GenericRecord r) {
      List<JavaType.Field> fields = t.record.fields;
      Object[] values = new Object[fields.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = of(fields.get(i).type(), r.get(i));
      }
      return switch (this) {
        case POJO -> filled(t.record, values);
        case ROW -> Row.of(values);
        case TUPLE -> {
          Tuple tuple = Tuple.newInstance(values.length);
          for (int i = 0; i < values.length; i++) {
            tuple.setField(values[i], i);
          }
          yield tuple;
        }
      };
    }

    private static Object filled(JavaType.RecordType t, Object[] values) {
      try {
        Object o = t.of.getConstructor().newInstance();
        for (int i = 0; i < values.length; i++) {
          t.of.getField(t.fields.get(i).name()).set(o, values[i]);
        }
        return o;
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Returns the raw class of values of type t. */
    private Class<?> raw(JavaType t) {
      return switch (t.kind) {
        case ARRAY -> Array.newInstance(raw(t.element), 0).getClass();
        case RECORD -> this == POJO ? t.raw() : this == ROW ? Row.class : Tuple.getTupleClass(t.record.fields.size());
        default -> t.raw();
      };
    }

    /** Returns the value of a type. */
    Object of(JavaType t, Object v) {
      if (v == null) {
        return null;
      }
      return switch (t.kind) {
        case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> v;
        case BYTE -> (byte) inRange((int) v, Byte.MIN_VALUE, Byte.MAX_VALUE);
        case SHORT -> (short) inRange((int) v, Short.MIN_VALUE, Short.MAX_VALUE);
        case STRING -> newString(v);
        case BYTES -> bytes(v);
        case ENUM -> constant(t.raw(), v.toString());
        case RECORD -> record(t, (GenericRecord) v);
        case LIST -> {
          List<Object> list = new ArrayList<>();
          ((Collection<?>) v).forEach(e -> list.add(of(t.element, e)));
          yield list;
        }
        case MAP -> {
          Map<String, Object> map = new HashMap<>();
          ((Map<?, ?>) v).forEach((k, e) -> map.put(newString(k), of(t.element, e)));
          yield map;
        }
        case ARRAY -> {
          Collection<?> values = (Collection<?>) v;
          Object array = Array.newInstance(raw(t.element), values.size());
          int i = 0;
          for (Object e : values) {
            Array.set(array, i++, of(t.element, e));
          }
          yield array;
        }
        case INSTANT -> Instant.ofEpochSecond(Math.floorDiv((long) v, t.perSecond()), nanos(t, (long) v));
        case UTIL_DATE -> new java.util.Date((long) v);
        case SQL_TIMESTAMP -> new java.sql.Timestamp((long) v);
        case LOCAL_DATE -> LocalDate.ofEpochDay((int) v);
        case LOCAL_TIME -> LocalTime.ofNanoOfDay(((Number) v).longValue() * (1_000_000_000 / t.perSecond()));
        case LOCAL_DATE_TIME ->
          LocalDateTime.ofEpochSecond(Math.floorDiv((long) v, t.perSecond()), (int) nanos(t, (long) v), ZoneOffset.UTC);
        case DECIMAL -> new BigDecimal(new BigInteger(bytes(v)), scale(t.schema));
        case UUID_ -> UUID.fromString(v.toString());
        case VOID -> null;
        case OBJECT -> POJO.of(t.branches.get(GenericData.get().resolveUnion(t.schema, v)), v);
      };
    }
  }

  /** Returns a String that no other value is: an empty Utf8 has one for all, which Kryo would write as a reference. */
  static String newString(Object v) {
    return new String(v.toString().toCharArray());
  }

  private static int inRange(int v, int least, int most) {
    if (v < least || v > most) {
      throw new Refused(v + " is not from " + least + " to " + most);
    }
    return v;
  }

  private static long nanos(JavaType t, long v) {
    return Math.floorMod(v, t.perSecond()) * (1_000_000_000 / t.perSecond());
  }

  private static int scale(Schema s) {
    return ((LogicalTypes.Decimal) JavaType.logicalOf(s)).getScale();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object constant(Class<?> of, String name) {
    return Enum.valueOf((Class) of, name);
  }

  static byte[] bytes(Object v) {
    if (v instanceof GenericFixed f) {
      return f.bytes().clone();
    }
    ByteBuffer b = ((ByteBuffer) v).duplicate();
    byte[] out = new byte[b.remaining()];
    b.get(out);
    return out;
  }

  /** Returns the value as the internal data structures of SQL hold it. */
  static Object sql(JavaType t, Object v) {
    if (v == null) {
      return null;
    }
    return switch (t.kind) {
      case STRING, UUID_, ENUM -> StringData.fromString(v.toString());
      case RECORD -> {
        GenericRecord r = (GenericRecord) v;
        GenericRowData row = new GenericRowData(t.record.fields.size());
        for (int i = 0; i < row.getArity(); i++) {
          row.setField(i, sql(t.record.fields.get(i).type(), r.get(i)));
        }
        yield row;
      }
      case LIST, ARRAY -> new GenericArrayData(((Collection<?>) v).stream().map(e -> sql(t.element, e)).toArray());
      case MAP -> {
        Map<String, Object> byString = new HashMap<>();
        ((Map<?, ?>) v).forEach((k, e) -> byString.put(k.toString(), e));
        Map<Object, Object> map = new LinkedHashMap<>(); // in the order of a HashMap of Strings
        byString.forEach((k, e) -> map.put(StringData.fromString(k), sql(t.element, e)));
        yield new GenericMapData(map);
      }
      case INSTANT, UTIL_DATE, SQL_TIMESTAMP, LOCAL_DATE_TIME ->
        TimestampData.fromEpochMillis(Math.floorDiv((long) v, t.perSecond() / 1000), (int) (nanos(t, (long) v) % 1_000_000));
      case LOCAL_DATE -> v;
      case LOCAL_TIME -> t.perSecond() == 1000 ? v : (int) ((long) v / 1000);
      case DECIMAL -> DecimalData.fromUnscaledBytes(bytes(v),
          ((LogicalTypes.Decimal) JavaType.logicalOf(t.schema)).getPrecision(), scale(t.schema));
      default -> Form.POJO.of(t, v);
    };
  }

  /** Returns a copy of a generic record with each map a HashMap of Strings, as user code has it. */
  static Object generic(Object v) {
    if (v instanceof GenericRecord r) {
      GenericData.Record out = new GenericData.Record(r.getSchema());
      for (int i = 0; i < r.getSchema().getFields().size(); i++) {
        out.put(i, generic(r.get(i)));
      }
      return out;
    }
    if (v instanceof GenericArray<?> a) {
      List<Object> items = a.stream().map(Values::generic).collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
      return new GenericData.Array<>(a.getSchema(), items);
    }
    if (v instanceof Map<?, ?> m) {
      Map<Object, Object> out = new HashMap<>();
      m.forEach((k, e) -> out.put(k.toString(), generic(e)));
      return out;
    }
    return v;
  }

  /** Reports whether two values that are no rows of SQL are alike; maps are as sets, texts by their characters. */
  static boolean alike(Object a, Object b) {
    if (a == b || a == null || b == null) {
      return a == b;
    }
    if (a instanceof CharSequence && b instanceof CharSequence) {
      return a.toString().equals(b.toString());
    }
    if (a.getClass().isArray() && a.getClass() == b.getClass()) {
      return indexed(Array.getLength(a), Array.getLength(b), i -> Array.get(a, i), i -> Array.get(b, i));
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return indexed(x.size(), y.size(), x::get, y::get);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return alikeMaps(x, y);
    }
    if (a instanceof Row x && b instanceof Row y) {
      return indexed(x.getArity(), y.getArity(), x::getField, y::getField);
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return indexed(x.getArity(), y.getArity(), x::getField, y::getField);
    }
    if (a instanceof IndexedRecord x && b instanceof IndexedRecord y) {
      int n = x.getSchema().getFields().size();
      return indexed(n, y.getSchema().getFields().size(), x::get, y::get);
    }
    if (a.getClass() == b.getClass() && !a.getClass().isEnum()) {
      ClassLoader loader = a.getClass().getClassLoader();
      if (loader instanceof Classes || loader instanceof URLClassLoader || identity(a.getClass())) {
        return alikeFields(a, b);
      }
    }
    return Objects.equals(a, b);
  }

  /** Returns where two values that are not alike differ, such as ", in party.name: String x, and it was String y". */
  static String difference(Object a, Object b) {
    return difference("", a, b);
  }

  private static String difference(String path, Object a, Object b) {
    if (a instanceof IndexedRecord x && b instanceof IndexedRecord y && x.getSchema().equals(y.getSchema())) {
      for (Schema.Field f : x.getSchema().getFields()) {
        if (!alike(x.get(f.pos()), y.get(f.pos()))) {
          return difference(path + "." + f.name(), x.get(f.pos()), y.get(f.pos()));
        }
      }
    } else if (a != null && b != null && a.getClass() == b.getClass() && a.getClass().getClassLoader() != null) {
      for (java.lang.reflect.Field f : UserClass.fields(a.getClass()).values()) {
        try {
          f.setAccessible(true);
          if (!alike(f.get(a), f.get(b))) {
            return difference(path + "." + f.getName(), f.get(a), f.get(b));
          }
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return (path.isEmpty() ? "" : ", in " + path.substring(1)) + ": " + shown(b) + ", and it was " + shown(a);
  }

  /** Returns the beginning of a value, and its class. */
  private static String shown(Object v) {
    String text = v == null ? "null" : v.getClass().isArray() ? v.getClass().getSimpleName() + " of " + Array.getLength(v)
        : v.getClass().getSimpleName() + " " + v;
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static boolean indexed(int n, int m, Function<Integer, Object> a, Function<Integer, Object> b) {
    for (int i = 0; i < n; i++) {
      if (n != m || !alike(a.apply(i), b.apply(i))) {
        return false;
      }
    }
    return n == m;
  }

  private static boolean alikeMaps(Map<?, ?> a, Map<?, ?> b) {
    Map<String, Object> other = new HashMap<>();
    b.forEach((k, v) -> other.put(k.toString(), v));
    return a.size() == other.size()
        && a.entrySet().stream().allMatch(e -> other.containsKey(e.getKey().toString()) && alike(e.getValue(), other.get(e.getKey().toString())));
  }

  /** Reports whether a class has no equals of its own. */
  private static boolean identity(Class<?> c) {
    try {
      return c.getMethod("equals", Object.class).getDeclaringClass() == Object.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean alikeFields(Object a, Object b) {
    try {
      for (java.lang.reflect.Field f : UserClass.fields(a.getClass()).values()) {
        f.setAccessible(true);
        if (!alike(f.get(a), f.get(b))) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
