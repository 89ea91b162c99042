package wirecost.flink;

import java.io.File;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.memory.MemoryManager;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.TaskStateManager;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.util.UserCodeClassLoader;

/** The task that a state backend finds itself in: one without a cluster, whose parallelism is 1 and whose configuration is empty. */
final class Task {
  /** Managed memory of a TaskManager as Flink configures it without being told (1728 MiB of process), which has one slot. */
  private static final long MANAGED = 512L << 20;

  private Task() {}

  /** Opens the backend called heap or rocksdb, for keys of type Long in so many key groups. Its files are in dir. */
  static CheckpointableKeyedStateBackend<Long> open(String backend, int groups, File dir) throws Exception {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    UserCodeClassLoader user = answering(UserCodeClassLoader.class, Map.of("asClassLoader", classes));
    TaskManagerRuntimeInfo manager = answering(TaskManagerRuntimeInfo.class,
        Map.of("getTmpWorkingDirectory", dir, "getTmpDirectories", new String[] {dir.getPath()}, "getConfiguration", new Configuration()));
    TaskStateManager states = answering(TaskStateManager.class,
        Map.of("createLocalRecoveryConfig", LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED));
    Environment env = answering(Environment.class, Map.of("getTaskManagerInfo", manager, "getTaskStateManager", states,
        "getUserCodeClassLoader", user, "getJobID", new JobID(), "getExecutionConfig", new ExecutionConfig(),
        "getIOManager", new IOManagerAsync(dir.getPath()), // of whose threads only checkpoints have use
        "getMemoryManager", MemoryManager.create(MANAGED, MemoryManager.DEFAULT_PAGE_SIZE)));
    return backend(backend, classes).createKeyedStateBackend(new KeyedStateBackendParametersImpl<>(env, env.getJobID(), "state",
        LongSerializer.INSTANCE, groups, new KeyGroupRange(0, groups - 1), null, TtlTimeProvider.DEFAULT, new UnregisteredMetricsGroup(),
        (name, value) -> {}, List.of(), new CloseableRegistry(), 1.0));
  }

  private static StateBackend backend(String name, ClassLoader classes) {
    return switch (name) {
      case "heap" -> new HashMapStateBackend();
      case "rocksdb" -> rocksdb().configure(new Configuration(), classes);
      default -> throw new IllegalArgumentException("unknown state backend " + name);
    };
  }

  /** Returns the backend in RocksDB, which 2.x has moved, and which may not be among the jars. */
  private static ConfigurableStateBackend rocksdb() {
    for (String name : List.of("org.apache.flink.state.rocksdb", "org.apache.flink.contrib.streaming.state")) {
      try {
        return (ConfigurableStateBackend) Class.forName(name + ".EmbeddedRocksDBStateBackend").getConstructor().newInstance();
      } catch (ClassNotFoundException e) {
        // the other, then
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException("flink-statebackend-rocksdb is not among the jars");
  }

  /** Returns an object whose methods return what answers says, and which says what else Flink wants of it. */
  private static <T> T answering(Class<T> type, Map<String, ?> answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
      Object answer = answers.get(method.getName());
      if (answer == null) {
        throw new UnsupportedOperationException("the backend asks its " + type.getSimpleName() + " for " + method.getName());
      }
      return answer;
    }));
  }
}
