package io.keepset.app.schedule;

import io.keepset.app.state.StateDatabase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Makes the Quartz scheduler that keeps its tables in the state. */
final class QuartzFactory {
  /** Of every node: those with the same name on one state are a cluster. */
  static final String NAME = "keepset";

  private QuartzFactory() {}

  /**
   * A scheduler that is not started yet.
   *
   * @param checkIn how often a node of a cluster says that it lives
   */
  static Scheduler create(StateDatabase state, int threads, Duration checkIn)
      throws SchedulerException {
    String source = "keepset-" + UUID.randomUUID();
    DBConnectionManager.getInstance().addConnectionProvider(source, new Pooled(state.dataSource()));
    Properties p = new Properties();
    p.setProperty("org.quartz.scheduler.instanceName", NAME);
    p.setProperty("org.quartz.scheduler.instanceId", state.dialect().shared() ? node() : NAME);
    p.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    p.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    p.setProperty("org.quartz.scheduler.interruptJobsOnShutdown", "false");
    p.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    p.setProperty("org.quartz.threadPool.threadCount", String.valueOf(threads));
    p.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    p.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    p.setProperty("org.quartz.jobStore.dataSource", source);
    p.setProperty("org.quartz.jobStore.driverDelegateClass", state.dialect().quartzDelegate());
    p.setProperty("org.quartz.jobStore.tablePrefix", "quartz_");
    p.setProperty("org.quartz.jobStore.useProperties", "true");
    p.setProperty("org.quartz.jobStore.isClustered", String.valueOf(state.dialect().shared()));
    p.setProperty("org.quartz.jobStore.clusterCheckinInterval", String.valueOf(checkIn.toMillis()));
    // Quartz finds schedulers by name in one process; ours is known to its owner alone.
    synchronized (QuartzFactory.class) {
      Scheduler scheduler = new StdSchedulerFactory(p).getScheduler();
      SchedulerRepository.getInstance().remove(NAME);
      return scheduler;
    }
  }

  private static String node() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "node";
    }
    return host + "-" + UUID.randomUUID();
  }

  /** Connections of a pool that somebody else owns. */
  private record Pooled(DataSource source) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public void shutdown() {
      // The state closes its own pool.
    }

    @Override
    public void initialize() {
      // Open already.
    }
  }
}
