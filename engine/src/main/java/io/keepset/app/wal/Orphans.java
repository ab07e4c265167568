package io.keepset.app.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Receivers that outlived the Keepset that started them: after {@code kill -9} they go on, and the
 * server lets nobody else have the slot. The spool says which process that was.
 */
final class Orphans {
  private static final String FILE = "receiver.pid";
  private static final long PATIENCE_SECONDS = 5;

  private Orphans() {}

  static void remember(Path spool, long pid) throws IOException {
    Files.writeString(spool.resolve(FILE), pid + " " + began(pid).orElse(Instant.EPOCH));
  }

  /** Ends the one that is remembered, if it still is that process. */
  static void end(Path spool) throws IOException {
    Path file = spool.resolve(FILE);
    String[] noted;
    try {
      noted = Files.readString(file).strip().split(" ", 2);
    } catch (NoSuchFileException e) {
      return;
    }
    if (noted.length == 2 && noted[0].matches("\\d{1,18}")) {
      long pid = Long.parseLong(noted[0]);
      if (began(pid).map(Instant::toString).equals(Optional.of(noted[1]))) {
        ProcessHandle.of(pid).ifPresent(Orphans::end);
      }
    }
    Files.deleteIfExists(file);
  }

  private static void end(ProcessHandle receiver) {
    receiver.destroy();
    try {
      receiver.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      receiver.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Instant> began(long pid) {
    return ProcessHandle.of(pid).flatMap(handle -> handle.info().startInstant());
  }
}
