package wirecost.flink;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * The clocks, and the warm-up. Time is that of the thread that serializes: neither the compiler's nor the collector's is in it.
 *
 * <p>A warm-up has ended when the JIT compiler has been idle for {@link #QUIET} windows and the fastest of them is not faster than
 * the fastest before it by more than {@link #STEADY}. One that does not end within {@link #MOST} is said to have not.
 */
final class Meter {
  private static final long WINDOW = 50_000_000; // CPU time of a window, in ns
  private static final int QUIET = 4; // windows
  private static final double STEADY = 0.05;
  private static final long LEAST = 800_000_000; // CPU time of a warm-up, in ns
  private static final long MOST = 12_000_000_000L;
  private static final long STIR = 200_000_000;
  private static final long CALIBRATED = 5_000_000; // CPU time of a calibration, at least

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  /** What n operations took. */
  record Timing(int n, long cpu, long wall, long allocated, long compiled) {}

  /** How a warm-up went: CPU time in ns, and whether the compiler had come to rest. */
  record Warmth(long cpu, boolean ended) {}

  private final Looped ring;
  private final String op;
  private Warmth warmth;

  Meter(Looped ring, String op) {
    this.ring = ring;
    this.op = op;
  }

  /** Runs the op until it is as fast as it becomes, once. */
  Warmth warm() throws IOException {
    if (warmth != null) {
      return warmth;
    }
    long begin = THREADS.getCurrentThreadCpuTime();
    double best = Double.MAX_VALUE;
    double recent = Double.MAX_VALUE;
    int quiet = 0;
    int n = ring.size();
    while (true) {
      Timing t = run(n);
      double each = (double) t.cpu / t.n;
      boolean faster = each < best * (1 - STEADY);
      best = Math.min(best, each);
      quiet = faster || t.compiled > 0 ? 0 : quiet + 1;
      long spent = THREADS.getCurrentThreadCpuTime() - begin;
      if (quiet >= QUIET && spent >= LEAST) {
        return warmth = new Warmth(spent, true);
      }
      if (spent >= MOST) {
        return warmth = new Warmth(spent, false);
      }
      if (t.cpu < WINDOW && n <= 1 << 28) {
        n *= 2;
        quiet = 0;
      }
    }
  }

  /** Runs the op for a while, once: long enough for the compiler to have seen its types. */
  void stir() throws IOException {
    for (long begin = THREADS.getCurrentThreadCpuTime(); warmth == null && THREADS.getCurrentThreadCpuTime() - begin < STIR; ) {
      run(ring.size());
    }
    warmth = new Warmth(STIR, false);
  }

  /** Times one ring, or as many doublings of it as take 5 ms of CPU. */
  Timing calibrate() throws IOException {
    warm();
    for (int n = ring.size(); ; n *= 2) {
      Timing t = run(n);
      if (t.cpu >= CALIBRATED) {
        return t;
      }
    }
  }

  /** Times n operations, after the warm-up. */
  Timing time(int n) throws IOException {
    if (n <= 0 || n % ring.size() != 0) {
      throw new IllegalArgumentException(n + " operations: want a multiple of the ring, " + ring.size());
    }
    warm();
    run(ring.size()); // what another op has left in the caches
    return run(n);
  }

  Looped work() {
    return ring;
  }

  private Timing run(int n) throws IOException {
    ring.begin(n);
    long compiled = COMPILER.getTotalCompilationTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long wall = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long sum = ring.run(op, n);
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    wall = System.nanoTime() - wall;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    ring.end(n);
    if (sum != ring.sum(op, n)) {
      throw new Unreadable(n + " operations gave " + sum + ", want " + ring.sum(op, n), null);
    }
    return new Timing(n, cpu, wall, allocated, COMPILER.getTotalCompilationTime() - compiled);
  }
}
