package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.stream.Relay;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One step of a pipeline on a thread of its own, which tells its neighbours when it fails. */
final class Stage {
  /** What a stage does, from its first byte to its last. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Thread thread;
  private volatile @Nullable Throwable failure;

  private Stage(String name, @Nullable Relay from, @Nullable Relay to, Work work) {
    thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException | Error e) {
                failure = e;
                if (from != null) {
                  from.abandon(e);
                }
                if (to != null) {
                  to.fail(e);
                }
              }
            },
            "keepset " + name);
    thread.setDaemon(true);
  }

  static Stage start(String name, @Nullable Relay from, @Nullable Relay to, Work work) {
    Stage stage = new Stage(name, from, to, work);
    stage.thread.start();
    return stage;
  }

  /** Waits for the end. An interruption is passed on to the stage and kept for the caller. */
  void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws what ended this stage early, unless that was only a neighbour's failure. */
  void rethrow(String doing) throws DriverException {
    Throwable f = failure;
    if (f instanceof Error error) {
      throw error;
    }
    if (f instanceof RuntimeException bug) {
      throw bug;
    }
    if (f instanceof IOException broken && !(f instanceof Relay.Abandoned)) {
      throw BrokenStream.unwrap(broken, doing);
    }
  }
}
