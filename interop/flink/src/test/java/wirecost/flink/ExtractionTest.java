package wirecost.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One class for each condition of a POJO. */
class ExtractionTest {
  public static class Good {
    public int id;
    private boolean isOpen;
    private String user_name;

    public boolean isOpen() { return isOpen; }
    public void setIsOpen(boolean v) { isOpen = v; }
    public String getUserName() { return user_name; }
    public Good setUserName(String v) { user_name = v; return this; }
  }

  static class NotPublic {
    public int id;
    public NotPublic() {}
  }

  public static class NoConstructor {
    public int id;
    public NoConstructor(int id) { this.id = id; }
  }

  public static class PrivateConstructor {
    public int id;
    private PrivateConstructor() {}
  }

  public static class NoGetter {
    private int id;
    public void setId(int v) { id = v; }
  }

  public static class NoSetter {
    private int id;
    public int getId() { return id; }
  }

  public static class Neither { int id; }

  public static class OtherType {
    private int id;
    public long getId() { return id; }
    public void setId(int v) { id = v; }
  }

  public static class Empty {}

  public static class Reads {
    public int id;
    private void readObject(ObjectInputStream in) {}
  }

  public static class Base { public int id; }

  public static class Twice extends Base { public int id; }

  public class Inner { public int id; }

  public interface Shape {}

  public static class Fields {
    public Object anything;
    public Shape shape;
    public List<?> wild;
    public ArrayList<String> list;
    public LocalDate day;
    public Fields self;
    public Map<String, List<String>> nested;
    public NotPublic[] bad;
  }

  public static class Box<T> { public T value; }

  static List<Arguments> conditions() {
    return List.of(
        Arguments.of(NotPublic.class, "the class is not public"),
        Arguments.of(NoConstructor.class, "no public no-argument constructor"),
        Arguments.of(PrivateConstructor.class, "no public no-argument constructor"),
        Arguments.of(NoGetter.class, "field id is not public and has no getter"),
        Arguments.of(NoSetter.class, "field id is not public and has no setter"),
        Arguments.of(Neither.class, "field id is not public and has no getter and no setter"),
        Arguments.of(OtherType.class, "field id is not public and has no getter"),
        Arguments.of(Empty.class, "it has no field"),
        Arguments.of(Reads.class, "it has a method readObject"),
        Arguments.of(Twice.class, "field id stands twice in the hierarchy"),
        Arguments.of(Inner.class, "a non-static inner class: its constructor takes the outer object"),
        Arguments.of(Shape.class, "an interface, whose type arguments are missing or generic themselves"));
  }

  private static List<Extraction.Choice> of(Class<?> c) throws IOException {
    return Extraction.of(c.getName(), List.of());
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void fails(Class<?> c, String want) throws IOException {
    Extraction.Choice root = of(c).get(0);
    assertTrue(root.kryo(), root.toString());
    assertTrue(root.reasons().contains(want), root.toString());
  }

  /** What Flink takes for a POJO has no reason. */
  @Test
  void holds() throws IOException {
    List<Extraction.Choice> got = of(Good.class);
    assertEquals("PojoSerializer", got.get(0).serializer());
    assertEquals(List.of(".", "id", "isOpen", "user_name"), got.stream().map(Extraction.Choice::path).toList());
    assertTrue(got.stream().noneMatch(Extraction.Choice::kryo));
  }

  /** Fields of a POJO that fall back, each with its reason. */
  @Test
  void fields() throws IOException {
    Map<String, String> want = Map.of("anything", "Object says nothing of what it holds",
        "shape", "an interface, whose type arguments are missing or generic themselves",
        "wild", "an interface, whose type arguments are missing or generic themselves",
        "list", "a class of the JDK that Flink has no serializer for", "day", "a class of the JDK that Flink has no serializer for",
        "self", "the class contains itself: the inner one is generic",
        "nested", "an interface, whose type arguments are missing or generic themselves", "bad[]", "the class is not public");
    List<Extraction.Choice> kryo = of(Fields.class).stream().filter(Extraction.Choice::kryo).toList();
    assertEquals(want.size(), kryo.size(), kryo.toString());
    kryo.forEach(c -> assertEquals(List.of(want.get(c.path())), c.reasons(), c.path()));
  }

  @Test
  void missing() {
    assertThrows(Refused.class, () -> Extraction.of("no.Such", List.of()));
    assertThrows(Refused.class, () -> Extraction.of("no.Such", List.of("/no/such.jar")));
  }

  @Test
  void variable() throws IOException {
    Extraction.Choice c = of(Box.class).stream().filter(Extraction.Choice::kryo).findFirst().orElseThrow();
    assertTrue(c.reasons().get(0).startsWith("type variable T"), c.toString());
  }
}
