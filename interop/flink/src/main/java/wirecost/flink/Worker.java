package wirecost.flink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The worker around Flink's released serializers: JSON cells on standard input, one a line, and for each one line of answer, a
 * benchmark line or {"error": …}. It reads nothing else, opens no port, and ends with its input. What it has compiled and warmed up
 * stays for later requests.
 */
public final class Worker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Ring> rings = new HashMap<>();
  private final Map<String, Meter> meters = new HashMap<>();

  Worker() {}

  public static void main(String[] args) throws IOException {
    PrintStream answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err); // what a library prints is no answer
    Worker w = new Worker();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      if (line.isBlank()) {
        continue;
      }
      answers.print(w.answer(line) + "\n"); // whatever the machine's line end is
      answers.flush();
      if (answers.checkError()) {
        return;
      }
    }
  }

  String answer(String line) throws JsonProcessingException {
    try {
      return answer(JSON.readValue(line, Request.class));
    } catch (Refused e) {
      return error(e.getMessage(), true);
    } catch (OutOfMemoryError e) { // nothing here is to be trusted any more: the answer, and then the end
      System.err.println(e);
      Runtime.getRuntime().halt(3);
      return null;
    } catch (Unreadable e) {
      return error(e.getMessage(), false);
    } catch (Exception | LinkageError | StackOverflowError e) {
      return error(e.toString(), false);
    }
  }

  private static String error(String text, boolean notCarried) throws JsonProcessingException {
    Map<String, Object> answer = new HashMap<>();
    answer.put("error", text);
    if (notCarried) {
      answer.put("not-carried", true);
    }
    return JSON.writeValueAsString(answer);
  }

  private String answer(Request r) throws IOException {
    if (r.mode().equals("extract")) {
      return JSON.writeValueAsString(Map.of("choices", Extraction.of(r.class_(), r.classpath())));
    }
    if (r.mode().equals("class")) {
      return JSON.writeValueAsString(UserClass.reading(r.class_(), r.classpath(), r.schema() == null ? null : schema(r)));
    }
    if (r.mode().equals("write")) {
      return write(r);
    }
    Ring ring = ring(r);
    return switch (r.mode()) {
      case "prove" -> {
        ring.prove(r.op());
        if (r.out() != null) {
          ring.write(Path.of(r.out()));
        }
        yield line(r, ring.size(), sizes(ring));
      }
      case "calibrate" -> {
        Meter m = meter(r, ring);
        Meter.Timing t = m.calibrate();
        yield line(r, t.n(), times(t) + allocated(t)
            + warmth(m) + least(m));
      }
      case "count" -> {
        Meter.Timing t = meter(r, ring).time(20 * ring.size());
        yield line(r, t.n(), allocated(t));
      }
      case "time" -> {
        Meter m = meter(r, ring);
        Meter.Timing t = m.time(r.n());
        yield line(r, t.n(), times(t) + sizes(ring) + String.format(Locale.ROOT, " %d jit-ms", t.compiled()) + warmth(m) + background(m, t.n()));
      }
      default -> throw new IllegalArgumentException("unknown mode " + r.mode());
    };
  }

  /** Returns how many operations a sample has at least, if that is not the number of records. */
  private static String least(Meter m) throws IOException {
    return m.work() instanceof State s ? " " + s.least() + " least-n" : "";
  }

  /** Returns what other threads took, if that is known. */
  private static String background(Meter m, int n) {
    return m.work() instanceof State s && s.background() >= 0 ? " " + (double) s.background() / n + " background-ns/op" : "";
  }

  /** Writes the encodings of records that are not measured, and forgets them. */
  private static String write(Request r) throws IOException {
    byte[][] encoded;
    if (r.codec().equals("avro")) {
      encoded = PlainAvro.encode(Path.of(r.path()), schema(r));
      Ring.write(Path.of(r.out()), encoded);
      return line(r, encoded.length, " 0 B/op");
    }
    Ring ring = open(r);
    ring.write(Path.of(r.out()));
    return line(r, ring.size(), sizes(ring));
  }

  private static String line(Request r, int n, String values) {
    return r.benchmark() + " " + n + values;
  }

  private static String sizes(Ring ring) {
    return " " + (double) ring.set() / ring.size() + " B/record " + ring.set() + " B/set";
  }

  private static String times(Meter.Timing t) {
    return " " + (double) t.wall() / t.n() + " ns/op " + (double) t.cpu() / t.n() + " cpu-ns/op";
  }

  private static String allocated(Meter.Timing t) {
    return " " + t.allocated() / t.n() + " B/op";
  }

  private static String warmth(Meter m) throws IOException {
    return String.format(Locale.ROOT, " %d warm-ns %d warm", m.warm().cpu(), m.warm().ended() ? 1 : 0);
  }

  private Ring ring(Request r) throws IOException {
    String key = String.join("\n", r.codec(), r.schema(), r.type(), r.path());
    Ring known = rings.get(key);
    if (known == null) {
      known = open(r);
      rings.put(key, known);
    }
    return known;
  }

  private static Ring open(Request r) throws IOException {
    if (r.class_() != null) {
      ClassLoader loader = Extraction.loader(r.classpath());
      Thread.currentThread().setContextClassLoader(loader);
      return new Ring(Codec.of(r.codec(), UserClass.load(r.class_(), loader)), schema(r), Path.of(r.path()));
    }
    Classes classes = new Classes(Worker.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(classes);
    JavaType t = JavaType.of(schema(r), classes);
    return new Ring(Codec.of(r.codec(), t, r.messages()), t.schema, Path.of(r.path()));
  }

  private Meter meter(Request r, Ring ring) throws IOException {
    for (Request.Other o : r.others() == null ? List.<Request.Other>of() : r.others()) {
      Request other = r.of(o);
      try {
        meter(other, ring(other)).stir();
      } catch (Refused e) {
        // a codec that cannot carry the others has its call sites to itself
      }
    }
    String key = String.join("\n", r.codec(), r.schema(), r.type(), r.path(), r.op());
    Meter known = meters.get(key);
    if (known == null) {
      known = new Meter(r.state() == null ? ring : open(r, ring), r.op());
      meters.put(key, known);
    }
    return known;
  }

  private static State open(Request r, Ring ring) throws IOException {
    return new State(State.Access.of(r.op()), ring, r.state().keys(), r.state().groups(), new File(r.state().dir()));
  }

  /** Parses the text of a schema and finds the record within it. */
  private static Schema schema(Request r) {
    Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);
    Schema root = parser.parse(r.schema());
    if (r.type() == null || root.getType() == Schema.Type.RECORD && root.getFullName().equals(r.type())) {
      return root;
    }
    Schema named = parser.getTypes().get(r.type());
    if (named == null) {
      throw new IllegalArgumentException("the schema has no record " + r.type());
    }
    return named;
  }
}
