package wirecost.flink;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
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
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/**
 * A class of the user's own: the schema that records of it have, and its objects, made of such records. Fields are matched by name,
 * and set as Flink's PojoSerializer sets them, without setters.
 */
final class UserClass {
  /** What a class is read from: a schema, and what of it cannot be set. */
  record Reading(String schema, List<String> notes) {}

  private final Map<Class<?>, Schema> schemas = new HashMap<>(); // of records and enums, finished or not
  private final List<String> notes = new ArrayList<>();

  private UserClass() {}

  /** Loads a class from a class path, without initializing it. */
  static Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw new Refused("there is no class " + name + " on the class path");
    } catch (LinkageError e) {
      throw new Refused("class " + name + " cannot be loaded: " + e);
    }
  }

  /** Returns how records of a class are read: with a schema of its fields, or with that which is given. */
  static Reading reading(String name, List<String> path, Schema given) throws IOException {
    Class<?> c = load(name, Extraction.loader(path));
    UserClass u = new UserClass();
    if (given == null) {
      if (c.isInterface() || c.isEnum() || c.isArray() || c.isPrimitive() || c.getName().startsWith("java.")) {
        throw new Refused(name + " is no class with fields of yours");
      }
      Schema schema = u.record(c);
      if (schema.getFields().isEmpty()) {
        throw new Refused("no field of " + name + " can be read: " + String.join("; ", u.notes));
      }
      return new Reading(schema.toString(), u.notes);
    }
    u.match(given, c, name);
    return new Reading(given.toString(), u.notes);
  }

  /** Says which fields the schema or the class has alone. */
  private void match(Schema s, Class<?> c, String name) {
    if (s.getType() != Schema.Type.RECORD) {
      throw new Refused("the schema is of no record");
    }
    Map<String, Field> fields = fields(c);
    for (Schema.Field f : s.getFields()) {
      if (!fields.containsKey(f.name())) {
        notes.add("the schema has a field " + f.name() + ", and " + name + " has none: it is not measured");
      }
    }
    for (String f : fields.keySet()) {
      if (s.getField(f) == null) {
        notes.add(name + " has a field " + f + ", and the schema has none: it stays as the constructor leaves it");
      }
    }
  }

  private Schema record(Class<?> c) {
    Schema known = schemas.get(c);
    if (known != null) {
      return known;
    }
    Schema s = Schema.createRecord(c.getName().replace('$', '_'), null, null, false);
    schemas.put(c, s);
    List<Schema.Field> fields = new ArrayList<>();
    fields(c).forEach((name, f) -> {
      Schema of = null;
      String why = "";
      try {
        of = of(f.getGenericType());
      } catch (Refused e) {
        why = e.getMessage();
      }
      if (of == null) {
        notes.add(c.getName() + "." + name + " is not read, and stays as the constructor leaves it: " + why);
      } else if (f.getType().isPrimitive()) {
        fields.add(new Schema.Field(name, of));
      } else {
        fields.add(new Schema.Field(name, nullable(of), null, Schema.Field.NULL_DEFAULT_VALUE));
      }
    });
    s.setFields(fields);
    return s;
  }

  private static Schema nullable(Schema s) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), s);
  }

  /** Returns the schema of values of a type. */
  private Schema of(Type type) {
    if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      return Schema.createArray(element(p.getActualTypeArguments()[0]));
    }
    if (type instanceof ParameterizedType p && p.getRawType() == Map.class && p.getActualTypeArguments()[0] == String.class) {
      return Schema.createMap(element(p.getActualTypeArguments()[1]));
    }
    if (type == byte[].class) {
      return Schema.create(Schema.Type.BYTES);
    }
    if (type instanceof GenericArrayType a) {
      return array(a.getGenericComponentType());
    }
    if (!(type instanceof Class<?> c)) {
      throw new Refused("no record says what " + type.getTypeName() + " holds");
    }
    Schema simple = simple(c);
    if (simple != null) {
      return simple;
    }
    if (c.isArray()) {
      return array(c.getComponentType());
    }
    if (c.isEnum()) {
      return schemas.computeIfAbsent(c, k -> Schema.createEnum(c.getName().replace('$', '_'), null, null,
          Arrays.stream(c.getEnumConstants()).map(e -> ((Enum<?>) e).name()).toList()));
    }
    if (c.isInterface() || c.getName().startsWith("java.") || Modifier.isAbstract(c.getModifiers())) {
      throw new Refused("no record says what " + c.getTypeName() + " holds");
    }
    return record(c);
  }

  private Schema array(Type component) {
    Schema s = Schema.createArray(component instanceof Class<?> c && c.isPrimitive() ? of(component) : element(component));
    s.addProp("java-array", true);
    return s;
  }

  private Schema element(Type t) {
    return nullable(of(t));
  }

  private static Schema simple(Class<?> c) {
    Schema.Type t = c == boolean.class || c == Boolean.class ? Schema.Type.BOOLEAN
        : c == int.class || c == Integer.class || c == short.class || c == Short.class || c == byte.class || c == Byte.class
            ? Schema.Type.INT
        : c == long.class || c == Long.class ? Schema.Type.LONG : c == float.class || c == Float.class ? Schema.Type.FLOAT
        : c == double.class || c == Double.class ? Schema.Type.DOUBLE : c == String.class ? Schema.Type.STRING : null;
    if (t != null) {
      Schema s = Schema.create(t);
      if (c == short.class || c == Short.class || c == byte.class || c == Byte.class) {
        s.addProp("java-class", c == short.class || c == Short.class ? "short" : "byte");
      }
      return s;
    }
    if (c == Instant.class || c == java.util.Date.class || c == java.sql.Timestamp.class) {
      Schema s = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      if (c != Instant.class) {
        s.addProp("java-class", c.getName());
      }
      return s;
    }
    return c == LocalDate.class ? LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT))
        : c == LocalTime.class ? LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT))
        : c == LocalDateTime.class ? LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG))
        : c == UUID.class ? LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING)) : null;
  }

  /** Returns the fields of a class that are serialized, its own before those of what it extends. */
  static Map<String, Field> fields(Class<?> c) {
    Map<String, Field> out = new LinkedHashMap<>();
    for (Class<?> k = c; k != null && k != Object.class; k = k.getSuperclass()) {
      for (Field f : k.getDeclaredFields()) {
        if (!Modifier.isStatic(f.getModifiers()) && !Modifier.isTransient(f.getModifiers()) && !f.isSynthetic()) {
          out.putIfAbsent(f.getName(), f);
        }
      }
    }
    return out;
  }

  /** Returns the classes of the user's that an object of c is made of, c first: what one registers with Kryo. */
  static Set<Class<?>> classes(Class<?> c) {
    Set<Class<?>> out = new LinkedHashSet<>();
    collect(c, out);
    return out;
  }

  private static void collect(Type t, Set<Class<?>> out) {
    if (t instanceof ParameterizedType p) {
      for (Type a : p.getActualTypeArguments()) {
        collect(a, out);
      }
    } else if (t instanceof GenericArrayType a) {
      collect(a.getGenericComponentType(), out);
    } else if (t instanceof Class<?> c) {
      if (c.isArray()) {
        collect(c.getComponentType(), out);
      } else if (!c.isPrimitive() && !c.isInterface() && c.getClassLoader() instanceof URLClassLoader && out.add(c) && !c.isEnum()) {
        fields(c).values().forEach(f -> collect(f.getGenericType(), out));
      }
    }
  }

  /** Returns the object of class c that a record is. */
  static Object of(Class<?> c, GenericRecord r) {
    Map<String, Object> values = new HashMap<>();
    Map<String, Field> fields = fields(c);
    for (Schema.Field f : r.getSchema().getFields()) {
      Field to = fields.get(f.name());
      if (to != null) {
        try {
          values.put(f.name(), value(to.getGenericType(), f.schema(), r.get(f.pos())));
        } catch (Refused e) {
          throw new Refused(c.getSimpleName() + "." + f.name() + ": " + e.getMessage());
        }
      }
    }
    try {
      if (c.isRecord()) {
        return canonical(c, values);
      }
      Object o = constructor(c).newInstance();
      for (Map.Entry<String, Object> e : values.entrySet()) {
        Field to = fields.get(e.getKey());
        to.setAccessible(true);
        to.set(o, e.getValue());
      }
      return o;
    } catch (InvocationTargetException e) {
      throw new Refused("the constructor of " + c.getName() + " throws " + e.getCause());
    } catch (ExceptionInInitializerError e) {
      throw new Refused("class " + c.getName() + " cannot be initialized: " + e.getCause());
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw e instanceof Refused ? (Refused) e : new Refused("no object of " + c.getName() + " can be made: " + e);
    }
  }

  private static Constructor<?> constructor(Class<?> c) {
    try {
      Constructor<?> k = c.getDeclaredConstructor();
      k.setAccessible(true);
      return k;
    } catch (NoSuchMethodException e) {
      throw new Refused(c.getName() + " has no constructor without arguments, so that no object of it can be made of a record");
    }
  }

  private static Object canonical(Class<?> c, Map<String, Object> values) throws ReflectiveOperationException {
    RecordComponent[] parts = c.getRecordComponents();
    Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] args = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      args[i] = values.get(parts[i].getName());
      if (args[i] == null && types[i].isPrimitive()) {
        args[i] = Array.get(Array.newInstance(types[i], 1), 0);
      }
    }
    Constructor<?> k = c.getDeclaredConstructor(types);
    k.setAccessible(true);
    return k.newInstance(args);
  }

  /** Returns the value of a type that a value of a schema is. */
  private static Object value(Type type, Schema slot, Object v) {
    if (v == null) {
      if (type instanceof Class<?> c && c.isPrimitive()) {
        throw new Refused("null does not go into " + c);
      }
      return null;
    }
    Schema s = slot.getType() == Schema.Type.UNION ? slot.getTypes().get(GenericData.get().resolveUnion(slot, v)) : slot;
    Class<?> raw = raw(type);
    Object out = switch (s.getType()) {
      case ARRAY -> raw.isArray() ? array(type, s, (Collection<?>) v) : list(type, s, (Collection<?>) v);
      case MAP -> map(type, s, (Map<?, ?>) v);
      case RECORD -> raw.isInterface() || raw == Object.class || raw.isPrimitive() || raw.getName().startsWith("java.") ? null : of(raw, (GenericRecord) v);
      case ENUM -> raw.isEnum() ? constant(raw, v.toString()) : null;
      default -> scalar(raw, s, v);
    };
    if (out == null || !boxed(raw).isInstance(out)) {
      throw new Refused("a value of " + (s.getLogicalType() == null ? s.getType().getName() : s.getLogicalType().getName())
          + " does not go into " + type.getTypeName());
    }
    return out;
  }

  private static Class<?> raw(Type t) {
    return t instanceof Class<?> c ? c : t instanceof ParameterizedType p ? (Class<?>) p.getRawType()
        : t instanceof GenericArrayType a ? Array.newInstance(raw(a.getGenericComponentType()), 0).getClass() : Object.class;
  }

  private static Class<?> boxed(Class<?> c) {
    return java.lang.invoke.MethodType.methodType(c).wrap().returnType();
  }

  private static Type argument(Type t, int i) {
    return t instanceof ParameterizedType p && i < p.getActualTypeArguments().length ? p.getActualTypeArguments()[i] : Object.class;
  }

  private static Object list(Type type, Schema s, Collection<?> v) {
    List<Object> out = new ArrayList<>();
    v.forEach(e -> out.add(value(argument(type, 0), s.getElementType(), e)));
    return out;
  }

  private static Object map(Type type, Schema s, Map<?, ?> v) {
    Map<String, Object> out = new HashMap<>();
    v.forEach((k, e) -> out.put(Values.newString(k), value(argument(type, 1), s.getValueType(), e)));
    return out;
  }

  private static Object array(Type type, Schema s, Collection<?> v) {
    Type component = type instanceof GenericArrayType a ? a.getGenericComponentType() : ((Class<?>) type).getComponentType();
    Object out = Array.newInstance(raw(component), v.size());
    int i = 0;
    for (Object e : v) {
      Array.set(out, i++, value(component, s.getElementType(), e));
    }
    return out;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object constant(Class<?> c, String name) {
    try {
      return Enum.valueOf((Class) c, name);
    } catch (IllegalArgumentException e) {
      throw new Refused(name + " is no constant of " + c.getName());
    }
  }

  /** Returns the value of a class that a scalar is, null if it is none. */
  private static Object scalar(Class<?> c, Schema s, Object v) {
    String logical = s.getLogicalType() == null ? "" : s.getLogicalType().getName();
    if (logical.equals("decimal")) {
      return new BigDecimal(new BigInteger(Values.bytes(v)), ((LogicalTypes.Decimal) s.getLogicalType()).getScale());
    }
    if (v instanceof Number n && !logical.isEmpty()) {
      Object time = time(c, logical, n.longValue());
      if (time != null) {
        return time;
      }
    }
    if (v instanceof CharSequence t) {
      return c == UUID.class ? UUID.fromString(t.toString()) : c == String.class || c == Object.class || c == CharSequence.class ? Values.newString(t) : null;
    }
    if (v instanceof ByteBuffer || v instanceof GenericFixed) {
      return Values.bytes(v);
    }
    return v instanceof Number n && c != Object.class ? number(boxed(c), n) : v;
  }

  private static Object time(Class<?> c, String logical, long v) {
    long perSecond = logical.endsWith("-micros") ? 1_000_000 : 1_000;
    long second = Math.floorDiv(v, perSecond);
    int nanos = (int) (Math.floorMod(v, perSecond) * (1_000_000_000 / perSecond));
    long millis = v / (perSecond / 1000);
    return c == LocalDate.class ? LocalDate.ofEpochDay(v) : c == LocalTime.class ? LocalTime.ofNanoOfDay(v * (1_000_000_000 / perSecond))
        : c == Instant.class ? Instant.ofEpochSecond(second, nanos)
        : c == LocalDateTime.class ? LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC)
        : c == java.util.Date.class ? new java.util.Date(millis) : c == java.sql.Timestamp.class ? new java.sql.Timestamp(millis) : null;
  }

  /** Returns a number as one of a class, without loss: null if it is none of that. */
  private static Object number(Class<?> c, Number n) {
    boolean whole = n instanceof Integer || n instanceof Long;
    long l = n.longValue();
    if (!whole) {
      return c == Double.class ? (Object) n.doubleValue() : c == Float.class && n instanceof Float ? n : null;
    }
    return c == Long.class ? (Object) l : c == Integer.class && l == (int) l ? (Object) (int) l : c == Short.class && l == (short) l ? (Object) (short) l
        : c == Byte.class && l == (byte) l ? (Object) (byte) l : c == Double.class && n instanceof Integer ? (Object) (double) l : null;
  }
}
