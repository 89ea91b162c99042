package wirecost.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.formats.avro.typeutils.GenericRecordAvroTypeInfo;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BinaryType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.FloatType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.SmallIntType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.TinyIntType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/** A serializer of released Flink, and how its objects are made of a record that Avro's generic reader has read. */
record Codec(TypeSerializer<Object> serializer, Function<GenericRecord, Object> fresh) {
  /** What stands behind the name of a codec that this line of Flink has under another name without it. */
  private static final String LINE = "-flink1";

  /** Returns the codec called name for records of type t. */
  static Codec of(String name, JavaType t, Request.Messages messages) {
    return switch (name.replace(LINE, "")) {
      case "pojo" -> new Codec(pojo(t), r -> Values.Form.POJO.of(t, r));
      case "kryo" -> new Codec(kryo(t, new SerializerConfigImpl()), r -> Values.Form.POJO.of(t, r));
      case "kryo-registered" -> new Codec(kryo(t, registered(t)), r -> Values.Form.POJO.of(t, r));
      case "flink-avro" -> new Codec(serializer(new GenericRecordAvroTypeInfo(t.schema)), Values::generic);
      case "flink-avro-specific" -> specific(t);
      case "flink-avro-reflect" -> new Codec(reflect(t), r -> Values.Form.POJO.of(t, r));
      case "kryo-protobuf" -> protobuf(messages);
      case "row" -> new Codec(serializer(row(t, Values.Form.ROW)), r -> Values.Form.ROW.of(t, r));
      case "tuple" -> new Codec(serializer(row(t, Values.Form.TUPLE)), r -> Values.Form.TUPLE.of(t, r));
      case "rowdata" -> new Codec(erased(new RowDataSerializer((RowType) sql(t, new ArrayList<>()))), r -> Values.sql(t, r));
      default -> throw new Refused("this runtime has no codec " + name);
    };
  }

  @SuppressWarnings("unchecked")
  private static TypeSerializer<Object> erased(TypeSerializer<?> s) {
    return (TypeSerializer<Object>) s;
  }

  private static TypeSerializer<Object> serializer(TypeInformation<?> info) {
    return erased(info.createSerializer(new SerializerConfigImpl()));
  }

  /** Returns the codec called name for objects of a user's class. */
  static Codec of(String name, Class<?> c) {
    return switch (name.replace(LINE, "")) {
      case "pojo" -> {
        TypeInformation<?> info = Extraction.extract(c);
        if (!(info instanceof PojoTypeInfo)) {
          throw new Refused("Flink takes " + c.getName() + " for no POJO and falls back to Kryo, which has a row of its own: wirecost explain --class says why");
        }
        yield new Codec(serializer(info), r -> UserClass.of(c, r));
      }
      case "kryo" -> new Codec(erased(new GenericTypeInfo<>(c).createSerializer(new SerializerConfigImpl())), r -> UserClass.of(c, r));
      case "kryo-registered" -> {
        SerializerConfigImpl config = new SerializerConfigImpl();
        UserClass.classes(c).forEach(config::registerKryoType);
        yield new Codec(erased(new GenericTypeInfo<>(c).createSerializer(config)), r -> UserClass.of(c, r));
      }
      default -> throw new Refused("a class of your own is measured as pojo, kryo and kryo-registered, and not as " + name);
    };
  }

  /** Returns what Flink's documentation has of protobuf: the class registered with a serializer of chill. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Codec protobuf(Request.Messages messages) {
    Class<?> c = Messages.of(messages);
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.registerTypeWithKryoSerializer(c, (Class) Messages.kryoSerializer());
    return new Codec(erased(new GenericTypeInfo<>(c).createSerializer(config)), Messages.inOrder(c, messages));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Codec specific(JavaType t) {
    Class<?> c = AvroClasses.specific(t.schema);
    TypeInformation<?> info;
    try {
      info = new AvroTypeInfo(c);
    } catch (StackOverflowError e) {
      throw new Refused(t.name() + " contains itself through a collection: AvroTypeInfo throws StackOverflowError");
    } catch (IllegalStateException e) {
      throw new Refused("Flink makes no AvroTypeInfo of the class that Avro generates, which is no POJO to it (a field whose getter Flink does not find, or no"
          + " field at all): " + e.getMessage());
    }
    return new Codec(serializer(info), r -> AvroClasses.specific(c, r));
  }

  /** Returns what Flink takes for a POJO where pipeline.force-avro is set. */
  private static TypeSerializer<Object> reflect(JavaType t) {
    AvroClasses.checkReflection(t);
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setForceAvro(true);
    return erased(pojoInfo(t).createSerializer(config));
  }

  private static TypeSerializer<Object> pojo(JavaType t) {
    return serializer(pojoInfo(t));
  }

  private static TypeInformation<?> pojoInfo(JavaType t) {
    TypeInformation<?> info;
    try {
      info = TypeInformation.of(t.raw());
    } catch (StackOverflowError e) {
      throw new Refused(t.name() + " contains itself through a collection: TypeInformation.of throws StackOverflowError");
    }
    if (!(info instanceof PojoTypeInfo)) {
      throw new Refused("Flink takes " + t.name() + " for no POJO: " + info);
    }
    return info;
  }

  private static TypeSerializer<Object> kryo(JavaType t, SerializerConfigImpl config) {
    return erased(new GenericTypeInfo<>(t.raw()).createSerializer(config));
  }

  private static SerializerConfigImpl registered(JavaType t) {
    SerializerConfigImpl config = new SerializerConfigImpl();
    t.classes.inOrder().forEach(config::registerKryoType);
    return config;
  }

  /** Returns the type information that a user writes down for records that are Rows or tuples. */
  private static TypeInformation<?> row(JavaType t, Values.Form form) {
    return row(t, form, new ArrayList<>());
  }

  private static TypeInformation<?> row(JavaType t, Values.Form form, List<JavaType.RecordType> within) {
    return switch (t.kind) {
      case BOOLEAN -> Types.BOOLEAN;
      case BYTE -> Types.BYTE;
      case SHORT -> Types.SHORT;
      case INT -> Types.INT;
      case LONG -> Types.LONG;
      case FLOAT -> Types.FLOAT;
      case DOUBLE -> Types.DOUBLE;
      case STRING -> Types.STRING;
      case BYTES -> Types.PRIMITIVE_ARRAY(Types.BYTE);
      case ENUM -> enumInfo(t.raw());
      case RECORD -> record(t, form, within);
      case LIST -> list(row(t.element, form, within), t.element);
      case MAP -> Types.MAP(Types.STRING, row(t.element, form, within));
      case ARRAY -> t.element.primitive() ? Types.PRIMITIVE_ARRAY(row(t.element, form, within))
          : Types.OBJECT_ARRAY(row(t.element, form, within));
      case INSTANT -> Types.INSTANT;
      case UTIL_DATE -> org.apache.flink.api.common.typeinfo.BasicTypeInfo.DATE_TYPE_INFO;
      case SQL_TIMESTAMP -> Types.SQL_TIMESTAMP;
      case LOCAL_DATE -> Types.LOCAL_DATE;
      case LOCAL_TIME -> Types.LOCAL_TIME;
      case LOCAL_DATE_TIME -> Types.LOCAL_DATE_TIME;
      case DECIMAL -> Types.BIG_DEC;
      case UUID_, OBJECT -> Types.GENERIC(t.raw());
      case VOID -> Types.VOID;
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static TypeInformation<?> enumInfo(Class<?> c) {
    return Types.ENUM((Class) c);
  }

  private static TypeInformation<?> record(JavaType t, Values.Form form, List<JavaType.RecordType> within) {
    if (within.contains(t.record)) {
      throw new Refused(t.name() + " is recursive, which no type information can say");
    }
    within.add(t.record);
    int n = t.record.fields.size();
    if (form == Values.Form.TUPLE && (n == 0 || n > 25)) {
      throw new Refused(t.name() + " has " + n + " fields, a tuple has 1 to 25");
    }
    List<TypeInformation<?>> infos = new ArrayList<>();
    for (JavaType.Field f : t.record.fields) {
      infos.add(row(f.type(), form, within));
      if (form == Values.Form.TUPLE && f.type().nullable && !carriesNull(f.type())) {
        throw new Refused("a tuple field cannot hold null: " + t.name() + "." + f.name() + ": the serializer of "
            + f.type().name() + " has no form for it");
      }
    }
    within.remove(t.record);
    TypeInformation<?>[] types = infos.toArray(new TypeInformation<?>[0]);
    return form == Values.Form.TUPLE ? Types.TUPLE(types) : Types.ROW(types);
  }

  /** Reports whether the serializer of t, as {@link #row} chooses it, has a form for null. */
  private static boolean carriesNull(JavaType t) {
    return switch (t.kind) {
      case STRING, INSTANT, LOCAL_DATE, LOCAL_TIME, LOCAL_DATE_TIME, DECIMAL, UTIL_DATE, UUID_, OBJECT, VOID -> true;
      default -> false;
    };
  }

  /** Returns the type of a List; of elements that may be null, and whose serializer cannot say so, the one that 2.x has. */
  private static TypeInformation<?> list(TypeInformation<?> element, JavaType t) {
    if (!t.nullable || carriesNull(t)) {
      return Types.LIST(element);
    }
    try {
      return (TypeInformation<?>) Class.forName("org.apache.flink.api.java.typeutils.NullableListTypeInfo")
          .getConstructor(TypeInformation.class).newInstance(element);
    } catch (ClassNotFoundException e) {
      throw new Refused("an element of a list cannot hold null: the serializer of " + t.name()
          + " has no form for it, and Flink 1.20 has no NullableListTypeInfo");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the SQL type of t. */
  private static LogicalType sql(JavaType t, List<JavaType.RecordType> within) {
    LogicalType type = switch (t.kind) {
      case BOOLEAN -> new BooleanType();
      case BYTE -> new TinyIntType();
      case SHORT -> new SmallIntType();
      case INT -> new IntType();
      case LONG -> new BigIntType();
      case FLOAT -> new FloatType();
      case DOUBLE -> new DoubleType();
      case STRING, UUID_, ENUM -> new VarCharType(VarCharType.MAX_LENGTH);
      case BYTES -> t.schema.getType() == Schema.Type.FIXED ? new BinaryType(Math.max(1, t.schema.getFixedSize()))
          : new VarBinaryType(VarBinaryType.MAX_LENGTH);
      case RECORD -> {
        if (within.contains(t.record)) {
          throw new Refused(t.name() + " is recursive, which no SQL type can say");
        }
        within.add(t.record);
        List<RowType.RowField> fields = new ArrayList<>();
        for (JavaType.Field f : t.record.fields) {
          fields.add(new RowType.RowField(f.name(), sql(f.type(), within)));
        }
        within.remove(t.record);
        yield new RowType(fields);
      }
      case LIST, ARRAY -> new ArrayType(sql(t.element, within));
      case MAP -> new MapType(new VarCharType(false, VarCharType.MAX_LENGTH), sql(t.element, within));
      case INSTANT, UTIL_DATE, SQL_TIMESTAMP, LOCAL_DATE_TIME -> new TimestampType(t.perSecond() == 1000 ? 3 : 6);
      case LOCAL_DATE -> new DateType();
      case LOCAL_TIME -> new TimeType(t.perSecond() == 1000 ? 3 : 6);
      case DECIMAL -> decimal((LogicalTypes.Decimal) JavaType.logicalOf(t.schema));
      case VOID -> throw new Refused("SQL has no type for null");
      case OBJECT -> throw new Refused("SQL has no type for a union of "
          + t.schema.getTypes().stream().map(Schema::getFullName).collect(Collectors.joining(", ")));
    };
    return type.copy(t.nullable);
  }

  private static LogicalType decimal(LogicalTypes.Decimal d) {
    if (d.getPrecision() > DecimalType.MAX_PRECISION) {
      throw new Refused("SQL has no DECIMAL of " + d.getPrecision() + " digits");
    }
    return new DecimalType(d.getPrecision(), d.getScale());
  }

  /** Returns the rows of SQL as the wire has them, so that two can be compared; any other value as it is. */
  Object comparable(Object v) {
    return v instanceof RowData r ? ((RowDataSerializer) (TypeSerializer<?>) serializer).toBinaryRow(r).copy() : v;
  }
}
