package wirecost.flink;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The Java type that a Flink user has for one place in an Avro schema.
 *
 * <p>A record is a public class with public fields and its full name; a union of null and one branch is that branch, with
 * primitives boxed, and a union of one branch is as that branch; arrays are {@link List} and maps {@link Map}, unless
 * java-array asks for T[]; logical types are the classes of java.time, BigDecimal and UUID; any other union is Object. Logical
 * types on a base type that they are not of are none.
 */
final class JavaType {
  enum Kind {
    BOOLEAN(boolean.class, Boolean.class), BYTE(byte.class, Byte.class), SHORT(short.class, Short.class),
    INT(int.class, Integer.class), LONG(long.class, Long.class), FLOAT(float.class, Float.class),
    DOUBLE(double.class, Double.class), STRING(String.class), BYTES(byte[].class), ENUM(null), RECORD(null), LIST(List.class),
    MAP(Map.class), ARRAY(null), INSTANT(Instant.class), UTIL_DATE(java.util.Date.class), SQL_TIMESTAMP(java.sql.Timestamp.class),
    LOCAL_DATE(LocalDate.class), LOCAL_TIME(LocalTime.class), LOCAL_DATE_TIME(LocalDateTime.class),
    DECIMAL(BigDecimal.class), UUID_(UUID.class), VOID(Void.class), OBJECT(Object.class);

    private final Class<?> plain;
    private final Class<?> boxed;

    Kind(Class<?> plain, Class<?> boxed) {
      this.plain = plain;
      this.boxed = boxed;
    }

    Kind(Class<?> only) {
      this(only, only);
    }
  }

  /** A record class. Its fields are in the order of the schema. */
  static final class RecordType {
    final Schema schema;
    final List<Field> fields = new ArrayList<>();
    Class<?> of; // once Classes has made it

    RecordType(Schema schema) {
      this.schema = schema;
    }
  }

  record Field(String name, JavaType type) {}

  final Kind kind;
  final Schema schema; // of the value, without a union of null around it
  final boolean boxed; // a wrapper where there is a primitive
  final boolean nullable;
  final JavaType element; // of a list or an array, or of a map's values
  final RecordType record;
  final List<JavaType> branches; // of an OBJECT, that of null being null
  final Classes classes;

  private JavaType(Kind kind, Schema schema, boolean boxed, boolean nullable, JavaType element, RecordType record,
      List<JavaType> branches, Classes classes) {
    this.kind = kind;
    this.schema = schema;
    this.boxed = boxed;
    this.nullable = nullable;
    this.element = element;
    this.record = record;
    this.branches = branches;
    this.classes = classes;
  }

  /** Returns the type of a record, and makes its classes. */
  static JavaType of(Schema root, Classes classes) {
    JavaType t = of(root, null, false, classes);
    classes.load();
    return t;
  }

  /** Returns the type of a place of the given schema. Boxed says that the place takes no primitive. */
  private static JavaType of(Schema slot, String javaClass, boolean boxed, Classes classes) {
    Schema schema = slot;
    boolean nullable = slot.getType() == Schema.Type.NULL;
    if (slot.getType() == Schema.Type.UNION) {
      List<Schema> others = slot.getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
      nullable = others.size() < slot.getTypes().size();
      if (others.isEmpty()) {
        return new JavaType(Kind.VOID, slot.getTypes().get(0), true, true, null, null, null, classes);
      }
      if (others.size() > 1) {
        List<JavaType> branches = new ArrayList<>();
        for (Schema s : slot.getTypes()) {
          branches.add(s.getType() == Schema.Type.NULL ? null : of(s, null, true, classes));
        }
        return new JavaType(Kind.OBJECT, slot, true, nullable, null, null, branches, classes);
      }
      schema = others.get(0);
      boxed = boxed || nullable;
    }
    Kind kind = kindOf(schema, javaClass != null ? javaClass : javaClassOf(schema.getObjectProp("java-class")));
    JavaType element = null;
    RecordType record = null;
    switch (kind) {
      case RECORD -> record = recordOf(schema, classes);
      case ENUM -> classes.addEnum(schema);
      case LIST -> element = of(schema.getElementType(), null, true, classes);
      case MAP -> element = of(schema.getValueType(), null, true, classes);
      case ARRAY -> element = of(schema.getElementType(), null, false, classes);
      default -> { }
    }
    return new JavaType(kind, schema, boxed, nullable, element, record, null, classes);
  }

  private static RecordType recordOf(Schema schema, Classes classes) {
    RecordType known = classes.record(schema.getFullName());
    if (known != null) {
      return known;
    }
    RecordType r = new RecordType(schema);
    classes.addRecord(r);
    for (Schema.Field f : schema.getFields()) {
      r.fields.add(new Field(f.name(), of(f.schema(), javaClassOf(f.getObjectProp("java-class")), false, classes)));
    }
    return r;
  }

  private static String javaClassOf(Object prop) {
    if (!(prop instanceof String s)) {
      return null;
    }
    return switch (s) {
      case "java.lang.Short" -> "short";
      case "java.lang.Byte" -> "byte";
      default -> s;
    };
  }

  private static Kind kindOf(Schema s, String javaClass) {
    LogicalType logical = logicalOf(s);
    return switch (logical == null ? "" : logical.getName()) {
      case "decimal" -> Kind.DECIMAL;
      case "uuid" -> Kind.UUID_;
      case "date" -> Kind.LOCAL_DATE;
      case "time-millis", "time-micros" -> Kind.LOCAL_TIME;
      case "local-timestamp-millis", "local-timestamp-micros" -> Kind.LOCAL_DATE_TIME;
      case "timestamp-micros" -> Kind.INSTANT;
      case "timestamp-millis" -> "java.util.Date".equals(javaClass) ? Kind.UTIL_DATE
          : "java.sql.Timestamp".equals(javaClass) ? Kind.SQL_TIMESTAMP : Kind.INSTANT;
      default -> switch (s.getType()) {
        case NULL -> Kind.VOID;
        case BOOLEAN -> Kind.BOOLEAN;
        case INT -> "short".equals(javaClass) ? Kind.SHORT : "byte".equals(javaClass) ? Kind.BYTE : Kind.INT;
        case LONG -> Kind.LONG;
        case FLOAT -> Kind.FLOAT;
        case DOUBLE -> Kind.DOUBLE;
        case STRING -> Kind.STRING;
        case BYTES, FIXED -> Kind.BYTES;
        case ENUM -> Kind.ENUM;
        case RECORD -> Kind.RECORD;
        case MAP -> Kind.MAP;
        case ARRAY -> Boolean.TRUE.equals(s.getObjectProp("java-array")) ? Kind.ARRAY : Kind.LIST;
        case UNION -> throw new IllegalArgumentException("a union in a union");
      };
    };
  }

  /**
   * Returns the logical type of a schema, null if it has none. Java Avro ignores one beside java-class or avro.java.string, which
   * say of which class its own values are, but not that of a field.
   */
  static LogicalType logicalOf(Schema s) {
    Object name = s.getObjectProp(LogicalType.LOGICAL_TYPE_PROP);
    if (s.getLogicalType() != null || name == null || s.getType() == Schema.Type.UNION) {
      return s.getLogicalType();
    }
    Schema bare = switch (s.getType()) {
      case FIXED -> Schema.createFixed(s.getName(), null, s.getNamespace(), s.getFixedSize());
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, STRING, BYTES -> Schema.create(s.getType());
      default -> null; // no logical type is of any of them
    };
    if (bare == null) {
      return null;
    }
    for (String prop : List.of(LogicalType.LOGICAL_TYPE_PROP, "precision", "scale")) {
      if (s.getObjectProp(prop) != null) {
        bare.addProp(prop, s.getObjectProp(prop));
      }
    }
    return LogicalTypes.fromSchemaIgnoreInvalid(bare);
  }

  /** Reports whether this is a primitive, not its wrapper. */
  boolean primitive() {
    return kind.plain != null && kind.plain.isPrimitive() && !boxed;
  }

  /** Returns the raw class of values. */
  Class<?> raw() {
    return switch (kind) {
      case RECORD -> record.of;
      case ENUM -> classes.enumClass(schema.getFullName());
      case ARRAY -> Array.newInstance(element.raw(), 0).getClass();
      default -> boxed ? kind.boxed : kind.plain;
    };
  }

  /** Returns the raw class as class files name it. */
  String descriptor() {
    return switch (kind) {
      case RECORD, ENUM -> "L" + schema.getFullName().replace('.', '/') + ";";
      case ARRAY -> "[" + element.descriptor();
      default -> (boxed ? kind.boxed : kind.plain).descriptorString();
    };
  }

  /** Returns the class with its type arguments as class files name it. */
  String signature() {
    return switch (kind) {
      case LIST -> "Ljava/util/List<" + element.signature() + ">;";
      case MAP -> "Ljava/util/Map<Ljava/lang/String;" + element.signature() + ">;";
      case ARRAY -> "[" + element.signature();
      default -> descriptor();
    };
  }

  /** Returns the number of units of a time in a second. */
  long perSecond() {
    return logicalOf(schema).getName().endsWith("-micros") ? 1_000_000 : 1_000;
  }

  /** Returns how a message names the class. */
  String name() {
    return switch (kind) {
      case LIST -> "java.util.List<" + element.name() + ">";
      case MAP -> "java.util.Map<java.lang.String, " + element.name() + ">";
      case ARRAY -> element.name() + "[]";
      case RECORD, ENUM -> schema.getFullName();
      default -> raw().getCanonicalName();
    };
  }
}
