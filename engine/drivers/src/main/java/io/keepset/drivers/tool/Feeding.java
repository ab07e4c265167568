package io.keepset.drivers.tool;

import static java.util.Objects.requireNonNullElse;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that writes to a tool's input on a thread of its own, while another one waits for it.
 */
public final class Feeding {
  private static final int PIECE = 128 * 1024;

  private final FutureTask<Boolean> task;

  private Feeding(FutureTask<Boolean> task) {
    this.task = task;
  }

  /** What is written. */
  @FunctionalInterface
  public interface Work {
    void run(OutputStream tool) throws IOException;
  }

  /**
   * Begins. The tool's input is closed at the end of the work; that the tool stops listening is no
   * failure of the work, whose writes then go nowhere: the tool's exit code tells.
   */
  public static Feeding start(OutputStream tool, Work work) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              try (OutputStream patient = new Patient(tool)) {
                work.run(patient);
              }
              return true;
            });
    Thread thread = new Thread(task, "feeding");
    thread.setDaemon(true);
    thread.start();
    return new Feeding(task);
  }

  /** Work that hands on all of a stream, in pieces that suit a pipe. */
  public static Work all(InputStream from) {
    return tool -> {
      byte[] buffer = new byte[PIECE];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        tool.write(buffer, 0, n);
      }
    };
  }

  /** Whether it has ended, well or not. */
  public boolean ended() {
    return task.isDone();
  }

  /**
   * Waits for the end of the work.
   *
   * @throws DriverException DAMAGED if what was to be written could not be read
   */
  public void await() throws DriverException {
    try {
      task.get();
    } catch (ExecutionException e) {
      Throwable cause = requireNonNullElse(e.getCause(), e);
      throw cause instanceof IOException broken
          ? BrokenStream.unreadable(broken)
          : new DriverException(
              Kind.DAMAGED, "the backup could not be read: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Kind.TRANSIENT, "the restore was cancelled", e);
    }
  }

  /** Swallows what a tool that has ended no longer takes. */
  private static final class Patient extends OutputStream {
    private final OutputStream tool;
    private boolean listening = true;

    Patient(OutputStream tool) {
      this.tool = tool;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (!listening) {
        return;
      }
      try {
        tool.write(bytes, offset, length);
      } catch (IOException e) {
        listening = false;
      }
    }

    @Override
    public void close() {
      try {
        tool.close();
      } catch (IOException e) {
        // As above.
      }
    }
  }
}
