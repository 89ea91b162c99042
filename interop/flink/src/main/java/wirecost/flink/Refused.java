package wirecost.flink;

/** Says why Flink, or a codec of it, cannot carry a schema or a value. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refused(String why) {
    super(why);
  }
}
