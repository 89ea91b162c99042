package wirecost.flink;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;

/**
 * The memtable of a state in RocksDB, and the CPU time of RocksDB's own threads, which flush it and compact what was flushed.
 *
 * <p>An access becomes dearer as the memtable fills: a blind write of 170 bytes takes 1.8 µs into an empty one and 4.1 into a full
 * one. So a sample is a whole one, from empty to flushed.
 */
final class Memtable {
  /** Size of a memtable as Flink configures it without being told: state.backend.rocksdb.writebuffer.size. */
  private static final long MEMTABLE = 64L << 20;

  private static final double FULL = 0.95; // of it: a little less, so that it is not flushed a moment before the end
  private static final long EMPTY = MEMTABLE / 16; // what is left in it at the beginning of a sample
  private static final Path THREADS = Path.of("/proc/self/task"); // where there is none, their time is not known

  // Of org.rocksdb, which need not be among the jars.
  private final Object db;
  private final Object options; // FlushOptions
  private final Object family; // ColumnFamilyHandle of the state

  private long seen; // CPU time of the threads
  private long spent; // of that, in the last stretch

  private Memtable(Object db, Object options, Object family) {
    this.db = db;
    this.options = options;
    this.family = family;
  }

  /** Returns that of the only state in a backend: null if it is none in RocksDB. */
  static Memtable of(CheckpointableKeyedStateBackend<?> backend, String state) throws ReflectiveOperationException {
    if (!backend.getClass().getSimpleName().equals("RocksDBKeyedStateBackend")) {
      return null;
    }
    Field f = backend.getClass().getDeclaredField("db");
    f.setAccessible(true);
    Object db = f.get(backend);
    Object options = Class.forName("org.rocksdb.FlushOptions").getConstructor().newInstance(); // which waits
    Method family = backend.getClass().getDeclaredMethod("getColumnFamilyHandle", String.class);
    family.setAccessible(true);
    return new Memtable(db, options, family.invoke(backend, state));
  }

  /** Begins a stretch of accesses, with an empty memtable if it is to be a whole one. */
  void begin(boolean whole) throws IOException {
    if (whole && property("rocksdb.cur-size-active-mem-table") > EMPTY) {
      flush();
    }
    rest();
    seen = cpu();
  }

  /** Ends a stretch, once what it has set off is over; a whole one with a flush. */
  void end(boolean whole) throws IOException {
    if (whole) {
      flush();
    }
    rest();
    spent = cpu() - seen;
  }

  /** Returns the CPU time in ns that the threads took for the last stretch, -1 where that is not known. */
  long spent() {
    return Files.isDirectory(THREADS) ? spent : -1;
  }

  /** A stretch of accesses. */
  interface Stretch {
    void run(int n) throws IOException;
  }

  /** Returns how many accesses fill a memtable. */
  int fills(Stretch s, int n) throws IOException {
    flush();
    long before = property("rocksdb.cur-size-active-mem-table");
    int done = 0;
    long grown;
    do {
      s.run(n);
      done += n;
      grown = property("rocksdb.cur-size-active-mem-table") - before;
    } while (grown < MEMTABLE / 8 && done < 1 << 24); // it grows by blocks
    return (int) Math.min(FULL * MEMTABLE * done / Math.max(1, grown), 1 << 24);
  }

  /** Writes the memtable to a file. */
  private void flush() throws IOException {
    try {
      db.getClass().getMethod("flush", options.getClass(), family.getClass()).invoke(db, options, family);
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
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
    return property("rocksdb.num-running-flushes") > 0 || property("rocksdb.num-running-compactions") > 0
        || property("rocksdb.mem-table-flush-pending") > 0 || property("rocksdb.compaction-pending") > 0;
  }

  private long property(String name) throws IOException {
    try {
      return (long) db.getClass().getMethod("getLongProperty", family.getClass(), String.class).invoke(db, family, name);
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  /** Returns the CPU time of all threads of RocksDB in this process: names such as rocksdb:low0, times in ns. */
  private static long cpu() throws IOException {
    if (!Files.isDirectory(THREADS)) {
      return 0;
    }
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
