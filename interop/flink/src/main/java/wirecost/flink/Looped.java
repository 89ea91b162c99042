package wirecost.flink;

import java.io.IOException;

/** What a {@link Meter} times: operations over a ring of records, in a loop of their own. */
interface Looped {
  /** Returns the length of the ring. */
  int size();

  /** Runs n operations, a multiple of the ring, and returns what shows that they were done, as {@link #sum} has it. */
  long run(String op, int n) throws IOException;

  /** Is called before each run, outside of what is timed. */
  default void begin(int n) throws IOException {}

  /** Is called after each run, outside of what is timed. */
  default void end(int n) throws IOException {}

  /** Returns what {@link #run} must return. */
  long sum(String op, int n);
}
