package io.keepset.drivers.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One part on its way, on a thread of its own. */
final class PartUpload {
  private final Thread thread;
  private volatile @Nullable CompletedPart part;
  private volatile @Nullable Throwable failure;

  private PartUpload(String name, Supplier<CompletedPart> work) {
    thread =
        new Thread(
            () -> {
              try {
                part = work.get();
              } catch (RuntimeException | Error e) {
                failure = e;
              }
            },
            "keepset " + name);
    thread.setDaemon(true);
  }

  static PartUpload start(String name, Supplier<CompletedPart> work) {
    PartUpload upload = new PartUpload(name, work);
    upload.thread.start();
    return upload;
  }

  /** Waits for its end; throws what it threw. */
  CompletedPart join() throws InterruptedException {
    thread.join();
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    CompletedPart done = part;
    if (done == null) {
      throw new IllegalStateException("an upload ended without a part");
    }
    return done;
  }

  /** Ends it, and waits until it has ended: an abort that overtakes a part would leave the part. */
  void abandon() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
