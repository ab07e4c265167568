package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.spi.DriverException;
import io.keepset.spi.Store;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Lets a process die at its n-th call to a catalogue or a store, just before the call takes effect
 * or just after. In one JVM, death is that no later call reaches anything; in a JVM of its own, the
 * action may be to halt it.
 */
public final class Mortality {
  /** What a call after death meets; no code of ours catches it to go on. */
  public static final class Dead extends Error {
    private static final long serialVersionUID = 1L;

    Dead() {
      super("dead", null, false, false);
    }
  }

  /**
   * One call.
   *
   * @param number from 1
   * @param what {@code update CREATED}, {@code write orders/…/artifact}, …
   */
  public record Moment(int number, String what) {}

  private final AtomicInteger calls = new AtomicInteger();
  private final Predicate<Moment> last;
  private final boolean afterEffect;
  private final Runnable dying;
  private volatile boolean dead;

  /**
   * @param last the call that is not survived
   * @param afterEffect whether that call still takes effect
   * @param dying runs at that moment
   */
  public Mortality(Predicate<Moment> last, boolean afterEffect, Runnable dying) {
    this.last = last;
    this.afterEffect = afterEffect;
    this.dying = dying;
  }

  public boolean dead() {
    return dead;
  }

  /** A call with an effect or an answer. */
  @FunctionalInterface
  private interface Call<T, E extends Exception> {
    T run() throws E;
  }

  @SuppressWarnings("Finally") // death comes whether the call went well or not
  private <T, E extends Exception> T call(String what, Call<T, E> call) throws E {
    if (dead) {
      throw new Dead();
    }
    boolean now = last.test(new Moment(calls.incrementAndGet(), what));
    if (now && !afterEffect) {
      die();
    }
    try {
      return call.run();
    } finally {
      if (now) {
        die();
      }
    }
  }

  private void die() {
    dead = true;
    dying.run();
    throw new Dead();
  }

  public Catalogue wrap(Catalogue inner) {
    return new MortalCatalogue(inner);
  }

  public Store wrap(Store inner) {
    return wrap(inner, "");
  }

  /**
   * @param label what the names of its calls begin with
   */
  public Store wrap(Store inner, String label) {
    return new MortalStore(inner, label);
  }

  /** Calls about copies are told from the others. */
  private static String of(Backup backup) {
    return backup.kind() == BackupKind.COPY ? "copying " : "";
  }

  private final class MortalCatalogue implements Catalogue {
    private final Catalogue inner;

    MortalCatalogue(Catalogue inner) {
      this.inner = inner;
    }

    @Override
    public SortedMap<String, Protection> protections() {
      return call("protections", inner::protections);
    }

    @Override
    public Optional<Protection> protection(String database) {
      return call("protection", () -> inner.protection(database));
    }

    @Override
    public void protect(Protection protection) {
      call(
          "protect",
          () -> {
            inner.protect(protection);
            return true;
          });
    }

    @Override
    public void unprotect(String database) {
      call(
          "unprotect",
          () -> {
            inner.unprotect(database);
            return true;
          });
    }

    @Override
    public SortedSet<String> databases() {
      return call("databases", inner::databases);
    }

    @Override
    public List<Backup> backups(String database) {
      return call("backups", () -> inner.backups(database));
    }

    @Override
    public List<Backup> inState(Set<BackupState> states) {
      return call("inState", () -> inner.inState(states));
    }

    @Override
    public List<Backup> deleting() {
      return call("deleting", inner::deleting);
    }

    @Override
    public Optional<Backup> find(String backupId) {
      return call("find", () -> inner.find(backupId));
    }

    @Override
    public void insert(Backup backup) {
      call(
          of(backup) + "insert " + backup.state(),
          () -> {
            inner.insert(backup);
            return true;
          });
    }

    @Override
    public boolean update(Backup backup, BackupState expected) {
      return call(of(backup) + "update " + backup.state(), () -> inner.update(backup, expected));
    }
  }

  private final class MortalStore implements Store {
    private final Store inner;
    private final String label;

    MortalStore(Store inner, String label) {
      this.inner = inner;
      this.label = label;
    }

    @Override
    public String describe() {
      return inner.describe();
    }

    @Override
    public StoreWriter create(String key) throws DriverException {
      return new MortalWriter(call(label + "create " + key, () -> inner.create(key)), key, label);
    }

    @Override
    public InputStream open(String key) throws DriverException {
      InputStream in = call(label + "open " + key, () -> inner.open(key));
      return new FilterInputStream(in) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          return call(label + "read " + key, () -> in.read(bytes, offset, length));
        }
      };
    }

    @Override
    public Stream<StoredObject> list(String prefix) throws DriverException {
      return call(label + "list", () -> inner.list(prefix));
    }

    @Override
    public void delete(String key) throws DriverException {
      call(
          label + "delete " + key,
          () -> {
            inner.delete(key);
            return true;
          });
    }

    @Override
    public int cleanLeftovers(Instant olderThan) throws DriverException {
      return call(label + "cleanLeftovers", () -> inner.cleanLeftovers(olderThan));
    }

    @Override
    public void check() throws DriverException {
      call(
          "check",
          () -> {
            inner.check();
            return true;
          });
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private final class MortalWriter implements StoreWriter {
    private final StoreWriter inner;
    private final String key;
    private final String label;

    MortalWriter(StoreWriter inner, String key, String label) {
      this.inner = inner;
      this.key = key;
      this.label = label;
    }

    @Override
    public OutputStream stream() {
      OutputStream out = inner.stream();
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          call(
              label + "write " + key,
              () -> {
                out.write(bytes, offset, length);
                return true;
              });
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }
      };
    }

    @Override
    public void commit() throws IOException, DriverException {
      try {
        call(
            label + "commit " + key,
            () -> {
              try {
                inner.commit();
              } catch (DriverException e) {
                throw new IOException(e);
              }
              return true;
            });
      } catch (IOException e) {
        if (e.getCause() instanceof DriverException trouble) {
          throw trouble;
        }
        throw e;
      }
    }

    /** The dead tidy up nothing. */
    @Override
    public void close() {
      if (!dead) {
        inner.close();
      }
    }
  }
}
