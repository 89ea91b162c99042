package wirecost.flink;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Classes of generated sources, compiled by javac as a user's build compiles them. */
final class Compiled extends ClassLoader {
  /** Writes sources into a folder. */
  interface Generator {
    void into(Path folder) throws IOException;
  }

  private final Map<String, byte[]> files = new HashMap<>(); // by the names of classes

  /** Compiles what a generator writes. What names the sources in a refusal; nothing is left on disk. */
  Compiled(String what, ClassLoader parent, Generator generator) {
    super(parent);
    try {
      Path folder = Files.createTempDirectory("wirecost-classes-");
      try {
        generator.into(folder);
        compile(what, folder);
      } finally {
        try (Stream<Path> all = Files.walk(folder)) {
          all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(String what, Path folder) throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new Refused("this Java has no compiler: " + what + " needs a JDK");
    }
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-nowarn", "-proc:none", "-Xlint:none", "-encoding", "UTF-8", "-d", folder.toString(),
          "-classpath", System.getProperty("java.class.path"));
      if (!javac.getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(under(folder, ".java"))).call()) {
        throw new Refused(what + " cannot be compiled: " + said.toString().replace(folder + "/", "").lines().findFirst().orElse(""));
      }
    }
    for (Path p : under(folder, ".class")) {
      String name = folder.relativize(p).toString();
      files.put(name.substring(0, name.length() - ".class".length()).replace(p.getFileSystem().getSeparator(), "."),
          Files.readAllBytes(p));
    }
  }

  private static List<Path> under(Path folder, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> p.toString().endsWith(suffix)).toList();
    }
  }

  /** Returns a class, initialized. */
  Class<?> named(String name) {
    try {
      return Class.forName(name, true, this);
    } catch (ClassNotFoundException e) {
      throw new Refused("class " + name + " is generated under another name, as a word of Java: nothing finds it when it runs");
    } catch (LinkageError e) {
      throw new Refused("class " + name + " cannot be loaded: " + (e.getCause() == null ? e : e.getCause()));
    }
  }

  /** Makes a class of the sources, whatever else is called so. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      byte[] file = files.get(name);
      if (file == null) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, file, 0, file.length);
    }
  }
}
