package io.keepset.drivers.engine.mysql;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Notices when the dump tool waits for somebody's lock: neither tool can be told to give up. Such a
 * wait ends by ending the tool's statement on the server, as every login may do with its own.
 */
final class LockWatch extends FilterInputStream {
  private static final long LOOK_MILLIS = 500;
  private static final long END_MILLIS = 15_000;
  private static final Pattern WAITS = Pattern.compile("Waiting for .*lock");

  private final Tools tools;
  private final Login login;
  private final Duration limit;
  private final Thread thread;
  private volatile long waitingSince;
  private volatile boolean stopped;
  private volatile Optional<String> waitedFor = Optional.empty();

  private LockWatch(InputStream stdout, Tools tools, Login login, Duration limit) {
    super(stdout);
    this.tools = tools;
    this.login = login;
    this.limit = limit;
    this.thread = new Thread(this::watch, "mysql-lock-watch");
    this.thread.setDaemon(true);
  }

  static LockWatch start(InputStream stdout, Tools tools, Login login, Duration limit) {
    LockWatch watch = new LockWatch(stdout, tools, login, limit);
    watch.thread.start();
    return watch;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    waitingSince = System.nanoTime();
    try {
      return in.read(bytes, offset, length);
    } finally {
      waitingSince = 0;
    }
  }

  private void watch() {
    long looked = 0;
    while (!stopped) {
      try {
        Thread.sleep(Math.min(LOOK_MILLIS, Math.max(50, limit.toMillis() / 4)));
      } catch (InterruptedException e) {
        return;
      }
      long since = waitingSince;
      // Once in a wait is not enough: it may begin with a long query and end in a lock.
      if (since != 0 && System.nanoTime() - Math.max(since, looked) > limit.toNanos()) {
        endWait();
        looked = System.nanoTime();
      }
    }
  }

  private void endWait() {
    try (Session session = Session.open(tools, login)) {
      String user = session.askOne("SELECT SUBSTRING_INDEX(USER(), '@', 1)");
      // Id, User, Host, db, Command, Time, State, Info
      for (List<String> row : session.rows("SHOW FULL PROCESSLIST")) {
        boolean ours = row.get(1).equals(user) && row.get(3).equals(login.database());
        if (ours && WAITS.matcher(row.get(6)).matches() && longEnough(row.get(5))) {
          waitedFor = Optional.of(row.get(7));
          session.ask("KILL " + row.get(0));
        }
      }
    } catch (DriverException e) {
      // It can't be asked now; the limit of silence is behind this one.
    }
  }

  private boolean longEnough(String seconds) {
    return seconds.matches("[0-9]+") && Long.parseLong(seconds) >= Math.max(1, limit.toSeconds());
  }

  /** If a lock was what ended the tool, that is the reason to hear about. */
  void rethrow(Path tool) throws DriverException {
    if (waitedFor.isPresent()) {
      throw new DriverException(
          Kind.TRANSIENT,
          tool.getFileName()
              + " (database "
              + login.database()
              + " on "
              + login.where()
              + ") waited "
              + limit.toSeconds()
              + " s for a lock that somebody holds, at: "
              + waitedFor.get()
              + "; end that transaction or ALTER TABLE, run at another time, or raise option"
              + " lock_wait");
    }
  }

  /** Returns once it no longer uses the login, or after a moment. */
  void stop() {
    stopped = true;
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
