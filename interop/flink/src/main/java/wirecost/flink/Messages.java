package wirecost.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/**
 * Messages of protobuf, of classes that protoc generates. Nothing here is compiled against the library: a worker without it has its
 * other codecs all the same.
 */
final class Messages {
  private Messages() {}

  /** Generates the class of messages, and those in it. */
  static Class<?> of(Request.Messages m) {
    Compiled all = new Compiled("what protoc generates", Messages.class.getClassLoader(), folder -> {
      Process protoc = new ProcessBuilder(m.protoc(), "--descriptor_set_in=" + m.set(), "--java_out=" + folder, m.file())
          .redirectErrorStream(true).start();
      String said = new String(protoc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        if (protoc.waitFor() != 0) {
          throw new Refused("protoc: " + said.lines().findFirst().orElse("no word"));
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    Thread.currentThread().setContextClassLoader(all);
    return all.named(m.class_());
  }

  static Class<?> kryoSerializer() {
    try {
      return Class.forName("com.twitter.chill.protobuf.ProtobufSerializer");
    } catch (ClassNotFoundException e) {
      throw new Refused("chill-protobuf is not on the class path");
    }
  }

  /** Returns what makes messages, for record after record in the order of their file. */
  static Function<GenericRecord, Object> inOrder(Class<?> c, Request.Messages m) {
    try {
      MethodHandle parse = MethodHandles.publicLookup().findStatic(c, "parseFrom", MethodType.methodType(c, byte[].class));
      Iterator<byte[]> encoded = Ring.sized(Path.of(m.records())).iterator();
      return r -> {
        try {
          return parse.invoke(encoded.next());
        } catch (RuntimeException | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
