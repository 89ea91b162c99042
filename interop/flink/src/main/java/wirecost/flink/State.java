package wirecost.flink;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * One keyed state in a released backend, and one way to access it for each record, as an operator does: set the key, then access.
 *
 * <p>It is in its steady state from the beginning: records come for all keys in turn, in an order that is shuffled once. Where they
 * are gathered and read after so many of a key, as a window does, the keys are at different points of that, so that any stretch of
 * records has its share of reads. The state holds the records of the ring, which look as they do behind an exchange.
 */
final class State implements Looped, Closeable {
  private static final Duration TTL = Duration.ofHours(1); // which none of them outlives
  private static final String NAME = "state";

  /** What is done for each record; gathered is after how many of a key they are read and cleared, 0 where they are not. */
  record Access(String backend, Kind kind, int gathered, boolean ttl) {
    enum Kind { VALUE_UPDATE, VALUE_GET_UPDATE, LIST, REDUCING, REDUCING_ADD }

    /** Parses such as state.rocksdb.list.16x.ttl. */
    static Access of(String op) {
      List<String> parts = new ArrayList<>(Arrays.asList(op.split("\\.")));
      boolean ttl = parts.remove("ttl");
      Kind kind = parts.size() < 3 ? null : switch (parts.get(2)) {
        case "value-update" -> Kind.VALUE_UPDATE;
        case "value-get-update" -> Kind.VALUE_GET_UPDATE;
        case "list" -> Kind.LIST;
        case "reducing" -> Kind.REDUCING;
        case "reducing-add" -> Kind.REDUCING_ADD;
        default -> null;
      };
      boolean gathers = kind == Kind.LIST || kind == Kind.REDUCING;
      if (kind == null || parts.size() != (gathers ? 4 : 3) || gathers && !parts.get(3).matches("[1-9][0-9]{0,5}x")) {
        throw new IllegalArgumentException("unknown access " + op);
      }
      return new Access(parts.get(1), kind, gathers ? Integer.parseInt(parts.get(3).replace("x", "")) : 0, ttl);
    }
  }

  private final Access access;
  private final Codec codec;
  private final Object[] records;
  private final CheckpointableKeyedStateBackend<Long> backend;
  private final Long[] keys;
  private final Memtable memtable; // null: none
  private ValueState<Object> value;
  private ListState<Object> list;
  private ReducingState<Object> reducing;
  private int at = -1; // index of the key
  private int pass; // over all keys
  private int least = Integer.MAX_VALUE; // accesses of a sample, once that is known

  /** Opens a state with something for each of so many keys, in so many key groups. */
  State(Access access, Ring ring, int keys, int groups, File dir) throws IOException {
    this.access = access;
    codec = ring.codec();
    records = ring.travelled();
    List<Long> order = new ArrayList<>();
    for (long k = 0; k < keys; k++) {
      order.add(k);
    }
    Collections.shuffle(order, new Random(1));
    this.keys = order.toArray(new Long[0]);
    try {
      backend = Task.open(access.backend, groups, dir);
      create();
      memtable = Memtable.of(backend, NAME);
      backend.setCurrentKey((long) keys);
      prove();
      fill();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void create() throws Exception {
    switch (access.kind) {
      case VALUE_UPDATE, VALUE_GET_UPDATE -> value = create(new ValueStateDescriptor<>(NAME, codec.serializer()));
      case LIST -> list = create(new ListStateDescriptor<>(NAME, codec.serializer()));
      case REDUCING, REDUCING_ADD -> reducing = create(new ReducingStateDescriptor<>(NAME, (older, newer) -> newer, codec.serializer()));
    }
  }

  private <S extends org.apache.flink.api.common.state.State> S create(StateDescriptor<S, ?> d) throws Exception {
    if (access.ttl) {
      d.enableTimeToLive(StateTtlConfig.newBuilder(TTL).build());
    }
    return backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, d);
  }

  /** Shows, at a key of its own, that the state gives back what it was given. */
  private void prove() throws Exception {
    int n = Math.max(2, access.gathered);
    List<Object> read = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Object r = record(i);
      switch (access.kind) {
        case VALUE_UPDATE, VALUE_GET_UPDATE -> value.update(r);
        case LIST -> list.add(r);
        case REDUCING, REDUCING_ADD -> reducing.add(r);
      }
    }
    switch (access.kind) {
      case VALUE_UPDATE, VALUE_GET_UPDATE -> read.add(value.value());
      case LIST -> list.get().forEach(read::add);
      case REDUCING, REDUCING_ADD -> read.add(reducing.get());
    }
    int first = access.kind == Access.Kind.LIST ? 0 : n - 1;
    for (int i = first; i < n; i++) {
      if (read.size() != n - first || !Values.alike(codec.comparable(record(i)), codec.comparable(read.get(i - first)))) {
        throw new Unreadable("record " + i % records.length + " is another in the state", null);
      }
    }
  }

  private Object record(int i) {
    return records[i % records.length];
  }

  /** Gives each key what it has in the steady state. */
  private void fill() throws Exception {
    for (int k = 0; k < keys.length; k++) {
      backend.setCurrentKey(keys[k]);
      int there = access.gathered == 0 ? 1 : k % access.gathered;
      switch (access.kind) {
        case VALUE_UPDATE, VALUE_GET_UPDATE -> value.update(record(k));
        case LIST -> list.addAll(Collections.nCopies(there, record(k)));
        case REDUCING, REDUCING_ADD -> {
          if (there > 0) {
            reducing.add(record(k));
          }
        }
      }
    }
  }

  @Override
  public int size() {
    return records.length;
  }

  @Override
  public long sum(String op, int n) {
    return n;
  }

  @Override
  public long run(String op, int n) throws IOException {
    try {
      switch (access.kind) {
        case VALUE_UPDATE -> update(n);
        case VALUE_GET_UPDATE -> getUpdate(n);
        case LIST -> list(n);
        case REDUCING -> reducing(n);
        case REDUCING_ADD -> reducingAdd(n);
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
    return n;
  }

  @Override
  public void begin(int n) throws IOException {
    if (memtable != null) {
      memtable.begin(n >= least);
    }
  }

  @Override
  public void end(int n) throws IOException {
    if (memtable != null) {
      memtable.end(n >= least);
    }
  }

  /** Returns how many accesses make a sample at least: a multiple of the ring. */
  int least() throws IOException {
    if (least == Integer.MAX_VALUE) {
      least = memtable == null ? records.length : Math.max(1, memtable.fills(n -> run(null, n), 16 * records.length) / records.length) * records.length;
    }
    return least;
  }

  /** Returns the CPU time in ns of the last stretch that other threads have taken: -1 if nobody knows. */
  long background() {
    return memtable == null ? 0 : memtable.spent();
  }

  /** Sets the next key. */
  private void next() {
    if (++at == keys.length) {
      at = 0;
      pass++;
    }
    backend.setCurrentKey(keys[at]);
  }

  /** Reports whether the current key has as many records now as are gathered. */
  private boolean full() {
    return (at + pass) % access.gathered == access.gathered - 1;
  }

  private void update(int n) throws IOException {
    int mask = records.length - 1;
    for (int i = 0; i < n; i++) {
      next();
      value.update(records[i & mask]);
    }
  }

  private void getUpdate(int n) throws IOException {
    int mask = records.length - 1;
    for (int i = 0; i < n; i++) {
      next();
      found(value.value());
      value.update(records[i & mask]);
    }
  }

  private void list(int n) throws Exception {
    int mask = records.length - 1;
    for (int i = 0; i < n; i++) {
      next();
      list.add(records[i & mask]);
      if (full()) {
        int read = 0;
        for (Object r : list.get()) {
          found(r);
          read++;
        }
        if (read != access.gathered) {
          throw new Unreadable("a list of " + access.gathered + " records has " + read, null);
        }
        list.clear();
      }
    }
  }

  private void reducing(int n) throws Exception {
    int mask = records.length - 1;
    for (int i = 0; i < n; i++) {
      next();
      reducing.add(records[i & mask]);
      if (full()) {
        found(reducing.get());
        reducing.clear();
      }
    }
  }

  private void reducingAdd(int n) throws Exception {
    int mask = records.length - 1;
    for (int i = 0; i < n; i++) {
      next();
      reducing.add(records[i & mask]);
    }
  }

  private static void found(Object r) {
    if (r == null) {
      throw new Unreadable("the state has lost a record", null);
    }
  }

  @Override
  public void close() throws IOException {
    backend.dispose();
  }
}
