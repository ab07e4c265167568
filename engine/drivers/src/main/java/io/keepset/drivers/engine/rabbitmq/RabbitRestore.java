package io.keepset.drivers.engine.rabbitmq;

import io.keepset.drivers.engine.rabbitmq.Alignment.Wanted;
import io.keepset.drivers.engine.rabbitmq.Definitions.Difference;
import io.keepset.drivers.tool.SecretFiles;
import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A restore. The whole backup lies in a file that only we can read before the server is touched.
 * Into a whole broker only one works at a time; what fails is undone.
 */
final class RabbitRestore {
  private final Broker broker;
  private final boolean makeVhost;
  private final Former former;
  private final String stamp;
  private final Alignment alignment;

  /**
   * @param makeVhost whether the vhost has to be made first; it goes again if the restore fails
   * @param former keeps what was there until the restore is done
   * @param stamp names the file for that
   */
  RabbitRestore(Broker broker, boolean makeVhost, Former former, String stamp) {
    this.broker = broker;
    this.makeVhost = makeVhost;
    this.former = former;
    this.stamp = stamp;
    this.alignment = new Alignment(broker);
  }

  RestoreReport run(InputStream artifact, Mode mode) throws DriverException {
    List<String> notes = new ArrayList<>(former.left(broker));
    try (SecretFiles files = new SecretFiles()) {
      Path file = copy(artifact, files);
      Wanted wanted = Wanted.read(file, broker, Selection.of(mode, broker.major()));
      Optional<String> left = makeVhost ? intoNewVhost(wanted) : intoBroker(wanted, mode);
      notes.addAll(alignment.notes());
      notes.addAll(Selection.notes(wanted.content()));
      notes.add("messages are not in a backup: restored queues are empty");
      left.ifPresent(notes::add);
      return new RestoreReport(broker.describe(), notes);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DriverException unreadable(IOException e) {
    return BrokenStream.unwrap(e, "reading the backup");
  }

  private static Path copy(InputStream from, SecretFiles files)
      throws IOException, DriverException {
    Path file = files.create("definitions.json");
    try (OutputStream out = SecretFiles.fill(file)) {
      from.transferTo(out);
    }
    return file;
  }

  private interface Step {
    void run() throws IOException, DriverException;
  }

  /**
   * @return what it could not clear away, for people
   */
  private Optional<String> intoNewVhost(Wanted wanted) throws DriverException {
    broker.createVhost();
    RestoreLock lock = RestoreLock.ofVhost(broker, stamp);
    Optional<DriverException> failure = failure(lock, () -> alignment.add(wanted));
    if (failure.isPresent()) {
      throw RestoreLock.told(failure.get(), lock.removeVhost());
    }
    return lock.remove();
  }

  /**
   * @return what it could not clear away, for people
   */
  private Optional<String> intoBroker(Wanted wanted, Mode mode)
      throws IOException, DriverException {
    if (broker.vhost().isPresent()) {
      into(wanted, mode);
      return Optional.empty();
    }
    RestoreLock lock = RestoreLock.ofBroker(broker, stamp);
    Optional<DriverException> failure = failure(lock, () -> into(wanted, mode));
    Optional<String> left = lock.removeVhost();
    if (failure.isPresent()) {
      throw RestoreLock.told(failure.get(), left);
    }
    return left;
  }

  private static Optional<DriverException> failure(RestoreLock lock, Step step) {
    try {
      return failure(step);
    } catch (RuntimeException | Error e) {
      lock.removeVhost();
      throw e;
    }
  }

  private static Optional<DriverException> failure(Step step) {
    try {
      step.run();
      return Optional.empty();
    } catch (DriverException e) {
      return Optional.of(e);
    } catch (IOException e) {
      return Optional.of(unreadable(e));
    }
  }

  private void into(Wanted wanted, Mode mode) throws IOException, DriverException {
    switch (mode) {
      case NEW -> {
        // It may have been empty only until another restore, which has ended by now, was done.
        RabbitTarget.requireEmpty(broker);
        orAsBefore(() -> alignment.add(wanted));
      }
      case MERGE -> merge(wanted);
      case OVER -> orAsBefore(() -> alignment.exactly(wanted, true));
    }
  }

  private void merge(Wanted wanted) throws IOException, DriverException {
    List<String> kept =
        broker.compare(wanted.content()).different().stream()
            .filter(difference -> difference.section().keepsWhatIsThere())
            .map(Difference::name)
            .toList();
    if (!kept.isEmpty()) {
      throw Failures.rejected(
          "nothing was touched: "
              + Alignment.named(kept)
              + " at "
              + broker.describe()
              + " are of another kind than in the backup, and an import leaves them as they are;"
              + " delete them there, or restore over");
    }
    try {
      alignment.add(wanted);
    } catch (DriverException e) {
      throw new DriverException(
          e.kind(),
          e.getMessage()
              + "; what was added until then is there: a merge can be repeated once the cause is"
              + " gone",
          e);
    }
  }

  private void orAsBefore(Step step) throws DriverException {
    Path before = former.keep(broker, stamp);
    Optional<DriverException> failure = failure(step);
    if (failure.isPresent()) {
      throw Undoing.despiteInterrupt(() -> undone(before, failure.get()));
    }
    Former.forget(before);
  }

  /** Puts back what was there, and says so. */
  private DriverException undone(Path before, DriverException why) {
    try {
      alignment.exactly(Wanted.read(before, broker, Selection.ALL), false);
      Former.forget(before);
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; the definitions are again what they were before"
              + alignment.losses(),
          why);
    } catch (DriverException | IOException | RuntimeException e) {
      why.addSuppressed(e);
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; and they could not be put back as they were: "
              + e.getMessage()
              + alignment.losses()
              + "; "
              + Former.way(before)
              + "; restore again once the cause is gone",
          why);
    }
  }
}
