package wirecost.flink;

import static org.apache.flink.shaded.asm9.org.objectweb.asm.Opcodes.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.reflect.Nullable;
import org.apache.avro.reflect.Union;
import org.apache.flink.shaded.asm9.org.objectweb.asm.AnnotationVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.ClassWriter;
import org.apache.flink.shaded.asm9.org.objectweb.asm.FieldVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.MethodVisitor;
import org.apache.flink.shaded.asm9.org.objectweb.asm.Type;

/**
 * The classes of a schema's records and enums, as javac would compile them: public classes with public fields and a public
 * no-argument constructor, and public enums. They are class files and not source, so that a field may have any name that Avro
 * allows.
 */
final class Classes extends ClassLoader {
  private final Map<String, JavaType.RecordType> records = new LinkedHashMap<>();
  private final Map<String, Schema> enums = new LinkedHashMap<>();
  private final Map<String, Boolean> inOrder = new LinkedHashMap<>(); // names of both, in the order of their definitions

  Classes(ClassLoader parent) {
    super(parent);
  }

  JavaType.RecordType record(String name) {
    return records.get(name);
  }

  void addRecord(JavaType.RecordType r) {
    records.put(r.schema.getFullName(), r);
    inOrder.put(r.schema.getFullName(), true);
  }

  void addEnum(Schema s) {
    enums.put(s.getFullName(), s);
    inOrder.put(s.getFullName(), true);
  }

  /** Returns the classes in the order in which a walk of the schema, depth first, meets their definitions. */
  List<Class<?>> inOrder() {
    return inOrder.keySet().stream().<Class<?>>map(this::byName).toList();
  }

  Class<?> enumClass(String name) {
    return byName(name);
  }

  /** Makes all classes. */
  void load() {
    for (JavaType.RecordType r : records.values()) {
      r.of = byName(r.schema.getFullName());
    }
  }

  private Class<?> byName(String name) {
    try {
      return loadClass(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a class of the schema, whatever else is called so. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      boolean ours = records.containsKey(name) || enums.containsKey(name);
      if (!ours) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      byte[] file = records.containsKey(name) ? recordFile(records.get(name)) : enumFile(enums.get(name));
      try {
        return defineClass(name, file, 0, file.length);
      } catch (SecurityException e) { // a name in java.*
        throw new Refused("a class cannot be called " + name + ": " + e.getMessage());
      }
    }
  }

  private static byte[] recordFile(JavaType.RecordType r) {
    ClassWriter w = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    w.visit(V17, ACC_PUBLIC | ACC_SUPER, internal(r.schema), null, "java/lang/Object", null);
    for (JavaType.Field f : r.fields) {
      FieldVisitor v = w.visitField(ACC_PUBLIC, f.name(), f.type().descriptor(), f.type().signature(), null);
      annotate(v, f.type());
      v.visitEnd();
    }
    MethodVisitor m = w.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    m.visitCode();
    m.visitVarInsn(ALOAD, 0);
    m.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    end(m, RETURN);
    w.visitEnd();
    return w.toByteArray();
  }

  /** Says to Avro's reflection what a field may hold. Nothing else looks at it. */
  private static void annotate(FieldVisitor v, JavaType t) {
    if (t.kind == JavaType.Kind.OBJECT) {
      AnnotationVisitor a = v.visitAnnotation(Type.getDescriptor(Union.class), true);
      AnnotationVisitor classes = a.visitArray("value");
      t.branches.forEach(b -> classes.visit(null, Type.getType(b == null ? "Ljava/lang/Void;" : b.descriptor())));
      classes.visitEnd();
      a.visitEnd();
    } else if (t.nullable && t.kind != JavaType.Kind.VOID) {
      v.visitAnnotation(Type.getDescriptor(Nullable.class), true).visitEnd();
    }
  }

  private static byte[] enumFile(Schema s) {
    String self = internal(s);
    String desc = "L" + self + ";";
    ClassWriter w = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    w.visit(V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER | ACC_ENUM, self, "Ljava/lang/Enum<" + desc + ">;", "java/lang/Enum", null);
    for (String symbol : s.getEnumSymbols()) {
      w.visitField(ACC_PUBLIC | ACC_STATIC | ACC_FINAL | ACC_ENUM, symbol, desc, null, null).visitEnd();
    }
    w.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL | ACC_SYNTHETIC, "$VALUES", "[" + desc, null, null).visitEnd();

    MethodVisitor m = w.visitMethod(ACC_PUBLIC | ACC_STATIC, "values", "()[" + desc, null, null);
    m.visitCode();
    m.visitFieldInsn(GETSTATIC, self, "$VALUES", "[" + desc);
    m.visitMethodInsn(INVOKEVIRTUAL, "[" + desc, "clone", "()Ljava/lang/Object;", false);
    m.visitTypeInsn(CHECKCAST, "[" + desc);
    end(m, ARETURN);

    m = w.visitMethod(ACC_PUBLIC | ACC_STATIC, "valueOf", "(Ljava/lang/String;)" + desc, null, null);
    m.visitCode();
    m.visitLdcInsn(Type.getObjectType(self));
    m.visitVarInsn(ALOAD, 0);
    m.visitMethodInsn(INVOKESTATIC, "java/lang/Enum", "valueOf", "(Ljava/lang/Class;Ljava/lang/String;)Ljava/lang/Enum;", false);
    m.visitTypeInsn(CHECKCAST, self);
    end(m, ARETURN);

    m = w.visitMethod(ACC_PRIVATE, "<init>", "(Ljava/lang/String;I)V", null, null);
    m.visitCode();
    m.visitVarInsn(ALOAD, 0);
    m.visitVarInsn(ALOAD, 1);
    m.visitVarInsn(ILOAD, 2);
    m.visitMethodInsn(INVOKESPECIAL, "java/lang/Enum", "<init>", "(Ljava/lang/String;I)V", false);
    end(m, RETURN);

    m = w.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
    m.visitCode();
    List<String> symbols = s.getEnumSymbols();
    push(m, symbols.size());
    m.visitTypeInsn(ANEWARRAY, self);
    for (int i = 0; i < symbols.size(); i++) {
      m.visitInsn(DUP);
      push(m, i);
      m.visitTypeInsn(NEW, self);
      m.visitInsn(DUP);
      m.visitLdcInsn(symbols.get(i));
      push(m, i);
      m.visitMethodInsn(INVOKESPECIAL, self, "<init>", "(Ljava/lang/String;I)V", false);
      m.visitInsn(DUP);
      m.visitFieldInsn(PUTSTATIC, self, symbols.get(i), desc);
      m.visitInsn(AASTORE);
    }
    m.visitFieldInsn(PUTSTATIC, self, "$VALUES", "[" + desc);
    end(m, RETURN);
    w.visitEnd();
    return w.toByteArray();
  }

  private static String internal(Schema s) {
    return s.getFullName().replace('.', '/');
  }

  private static void push(MethodVisitor m, int n) {
    if (n <= Short.MAX_VALUE) {
      m.visitIntInsn(SIPUSH, n);
    } else {
      m.visitLdcInsn(n);
    }
  }

  private static void end(MethodVisitor m, int ret) {
    m.visitInsn(ret);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }
}
