package wirecost.flink;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;

/**
 * CPU time of RocksDB's own threads, which flush and compact what accesses have written. They do it in bursts, so that the price of
 * an access is known from the end of one burst to the end of a later one.
 */
final class Background {
  private static final Path THREADS = Path.of("/proc/self/task"); // where there is none, nothing is known
  private static final long BURST = 1_000_000; // CPU time in ns; less is housekeeping

  private final Object db; // org.rocksdb.RocksDB, which need not be among the jars
  private long accesses;
  private long seen; // CPU time of the threads so far
  private long own; // of that, for this database
  private int bursts;
  private long firstOwn;
  private long firstAccesses;
  private long lastOwn;
  private long lastAccesses;

  private Background(Object db) {
    this.db = db;
  }

  /** Returns what is known of a backend: null if it has no such threads, or the system does not say their time. */
  static Background of(CheckpointableKeyedStateBackend<?> backend) throws ReflectiveOperationException {
    if (!backend.getClass().getSimpleName().equals("RocksDBKeyedStateBackend") || !Files.isDirectory(THREADS)) {
      return null;
    }
    Field db = backend.getClass().getDeclaredField("db");
    db.setAccessible(true);
    return new Background(db.get(backend));
  }

  /** Begins to count: what others have left is not of these accesses. */
  void begin() throws IOException {
    rest();
    seen = cpu();
  }

  /** Counts n accesses since {@link #begin}, once what they have set off is over. */
  void end(int n) throws IOException {
    rest();
    long spent = cpu() - seen;
    accesses += n;
    own += spent;
    if (spent < BURST) {
      return;
    }
    bursts++;
    lastOwn = own;
    lastAccesses = accesses;
    if (bursts == 1) {
      firstOwn = own;
      firstAccesses = accesses;
    }
  }

  int bursts() {
    return bursts;
  }

  /** Returns CPU time of an access in ns, NaN before the second burst. */
  double each() {
    return bursts < 2 ? Double.NaN : (double) (lastOwn - firstOwn) / (lastAccesses - firstAccesses);
  }

  /** Waits until no flush and no compaction runs. */
  private void rest() throws IOException {
    try {
      for (int quiet = 0; quiet < 2; quiet = busy() ? 0 : quiet + 1) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private boolean busy() throws IOException {
    try {
      for (String p : new String[] {"rocksdb.num-running-flushes", "rocksdb.num-running-compactions", "rocksdb.mem-table-flush-pending"}) {
        if ((long) db.getClass().getMethod("getLongProperty", String.class).invoke(db, p) > 0) {
          return true;
        }
      }
      return false;
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  /** Returns the CPU time of all threads of RocksDB in this process: names such as rocksdb:low0, times in ns. */
  private static long cpu() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path t : threads) {
        try {
          if (Files.readString(t.resolve("comm")).startsWith("rocksdb:")) {
            sum += Long.parseLong(Files.readString(t.resolve("schedstat")).split(" ")[0]);
          }
        } catch (NoSuchFileException e) {
          // it has ended
        }
      }
    }
    return sum;
  }
}
