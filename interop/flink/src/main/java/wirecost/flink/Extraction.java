package wirecost.flink;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo;
import org.apache.flink.api.java.typeutils.PojoField;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;

/**
 * What the released TypeExtractor makes of a user's class: for each field the serializer, and for each fallback to Kryo the
 * conditions of a POJO that the class fails. The choice is Flink's; that the conditions explain it is ours to say, by the rules of
 * TypeExtractor.analyzePojo.
 */
final class Extraction {
  /** One line of the answer. */
  record Choice(String path, String type, String serializer, boolean kryo, List<String> reasons) {}

  private final List<Choice> choices = new ArrayList<>();

  private Extraction() {}

  /** Returns the choices for a class on a class path, and for what is in it. */
  static List<Choice> of(String name, List<String> path) throws IOException {
    try (URLClassLoader loader = loader(path)) {
      Thread.currentThread().setContextClassLoader(loader);
      Class<?> c = UserClass.load(name, loader);
      Extraction x = new Extraction();
      x.walk(".", c, extract(c));
      return x.choices;
    }
  }

  static URLClassLoader loader(List<String> path) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String p : path) {
      if (!Files.exists(Path.of(p))) {
        throw new Refused("class path: there is no " + p);
      }
      urls.add(Path.of(p).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(new URL[0]), Extraction.class.getClassLoader());
  }

  static TypeInformation<?> extract(Class<?> c) {
    try {
      return TypeInformation.of(c);
    } catch (StackOverflowError e) {
      throw new Refused(c.getName() + " contains itself through a collection: TypeInformation.of throws StackOverflowError");
    } catch (RuntimeException | LinkageError e) {
      throw new Refused("TypeInformation.of: " + e);
    }
  }

  private void walk(String path, Type type, TypeInformation<?> info) {
    boolean kryo = info instanceof GenericTypeInfo;
    String serializer = info.createSerializer(new SerializerConfigImpl()).getClass().getSimpleName();
    choices.add(new Choice(path, type.getTypeName(), serializer, kryo, kryo ? reasons(type, info.getTypeClass()) : List.of()));
    String prefix = path.equals(".") ? "" : path;
    if (info instanceof PojoTypeInfo<?> pojo) {
      for (int i = 0; i < pojo.getArity(); i++) {
        PojoField f = pojo.getPojoFieldAt(i);
        walk(prefix.isEmpty() ? f.getField().getName() : prefix + "." + f.getField().getName(), f.getField().getGenericType(),
            f.getTypeInformation());
      }
    } else if (info instanceof ObjectArrayTypeInfo<?, ?> array) {
      inside(prefix + "[]", array.getComponentInfo());
    } else if (!(info instanceof BasicArrayTypeInfo)) {
      // lists, sets and maps, of both lines and with and without nulls: their classes have no common one
      inside(prefix + "[]", call(info, "getElementTypeInfo"));
      inside(prefix + "{key}", call(info, "getKeyTypeInfo"));
      inside(prefix + "{value}", call(info, "getValueTypeInfo"));
    }
  }

  private void inside(String path, TypeInformation<?> info) {
    if (info != null) {
      walk(path, info.getTypeClass(), info);
    }
  }

  private static TypeInformation<?> call(TypeInformation<?> info, String getter) {
    try {
      return info.getClass().getMethod(getter).invoke(info) instanceof TypeInformation<?> t ? t : null;
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns which conditions of a POJO a class fails. */
  private static List<String> reasons(Type type, Class<?> c) {
    if (type instanceof TypeVariable) {
      return List.of("type variable " + type.getTypeName() + ": the raw class does not say what it is");
    }
    if (c == Object.class) {
      return List.of("Object says nothing of what it holds");
    }
    if (c.isInterface()) {
      return List.of(type instanceof ParameterizedType p && Arrays.stream(p.getActualTypeArguments()).allMatch(a -> a instanceof Class)
          ? "an interface: this line of Flink has no serializer for it"
          : "an interface, whose type arguments are missing or generic themselves");
    }
    if (c.getName().startsWith("java.")) {
      return List.of("a class of the JDK that Flink has no serializer for");
    }
    List<String> out = new ArrayList<>();
    if (!Modifier.isPublic(c.getModifiers())) {
      out.add("the class is not public");
    }
    if (c.isMemberClass() && !Modifier.isStatic(c.getModifiers())) {
      out.add("a non-static inner class: its constructor takes the outer object");
    } else if (!c.isRecord() && Arrays.stream(c.getConstructors()).noneMatch(k -> k.getParameterCount() == 0)) {
      out.add("no public no-argument constructor");
    }
    fields(c, out);
    for (Class<?> k = c; k != null && k != Object.class; k = k.getSuperclass()) {
      for (Method m : k.getDeclaredMethods()) {
        if (m.getName().equals("readObject") || m.getName().equals("writeObject")) {
          out.add("it has a method " + m.getName());
        }
      }
    }
    return out.isEmpty() ? List.of("the class contains itself: the inner one is generic") : out;
  }

  private static void fields(Class<?> c, List<String> out) {
    Map<String, Field> seen = new LinkedHashMap<>();
    for (Class<?> k = c; k != null && k != Object.class; k = k.getSuperclass()) {
      for (Field f : k.getDeclaredFields()) {
        if (Modifier.isStatic(f.getModifiers()) || Modifier.isTransient(f.getModifiers()) || f.isSynthetic()) {
          continue;
        }
        if (seen.put(f.getName(), f) != null) {
          out.add("field " + f.getName() + " stands twice in the hierarchy");
        } else if (!Modifier.isPublic(f.getModifiers()) && !c.isRecord()) {
          accessors(c, f, out);
        }
      }
    }
    if (seen.isEmpty()) {
      out.add("it has no field");
    }
  }

  /** Says what a field lacks that is not public. Names are compared in lower case, without underscores. */
  private static void accessors(Class<?> c, Field f, List<String> out) {
    String name = plain(f.getName());
    boolean getter = false;
    boolean setter = false;
    for (Method m : c.getMethods()) {
      String called = plain(m.getName());
      Type one = m.getParameterCount() == 1 ? m.getGenericParameterTypes()[0] : null;
      getter |= m.getParameterCount() == 0 && (called.equals("get" + name) || called.equals("is" + name) || called.equals(name))
          && same(m.getGenericReturnType(), f);
      setter |= one != null && same(one, f) && (called.equals("set" + name) || m.getName().equals(f.getName() + "_$eq")
          || name.startsWith("is") && called.equals("set" + name.substring(2)))
          && (m.getReturnType() == void.class || m.getReturnType() == c);
    }
    if (!getter || !setter) {
      out.add("field " + f.getName() + " is not public and has no "
          + (getter ? "setter" : setter ? "getter" : "getter and no setter"));
    }
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "");
  }

  private static boolean same(Type t, Field f) {
    return t.equals(f.getGenericType()) || f.getType().isPrimitive() && t.equals(MethodType.methodType(f.getType()).wrap().returnType())
        || t instanceof TypeVariable;
  }
}
