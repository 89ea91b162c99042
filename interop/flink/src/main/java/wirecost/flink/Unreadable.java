package wirecost.flink;

/** Says that a serializer does not give back what it was given. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unreadable(String what, Throwable cause) {
    super(cause == null ? what : what + ": " + cause, cause);
  }
}
