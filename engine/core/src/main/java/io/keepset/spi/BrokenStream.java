package io.keepset.spi;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * How a stream says what a {@link DriverException} says elsewhere: streams may only throw {@link
 * IOException}. Whoever owns the stream unwraps it.
 */
public final class BrokenStream extends IOException {
  private final DriverException failure;

  public BrokenStream(DriverException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  public DriverException failure() {
    return failure;
  }

  /**
   * The failure that this exception carries, or else a {@code TRANSIENT} one.
   *
   * @param doing what was being done, as the beginning of a sentence: {@code reading x}
   */
  public static DriverException unwrap(IOException broken, String doing) {
    if (broken instanceof BrokenStream stream) {
      return stream.failure();
    }
    String why = broken.getMessage() == null ? broken.toString() : broken.getMessage();
    return new DriverException(
        DriverException.Kind.TRANSIENT, doing + " broke off: " + why, broken);
  }

  /**
   * Why an artifact can't be read to its end, for a restore: the failure that this exception
   * carries; {@code TRANSIENT} if somebody cancelled it; else what was read is {@code DAMAGED}.
   */
  public static DriverException unreadable(IOException broken) {
    if (broken instanceof BrokenStream stream) {
      return stream.failure();
    }
    String why = broken.getMessage() == null ? broken.toString() : broken.getMessage();
    return broken instanceof InterruptedIOException
        ? new DriverException(
            DriverException.Kind.TRANSIENT, "the restore was cancelled: " + why, broken)
        : new DriverException(
            DriverException.Kind.DAMAGED, "the backup could not be read: " + why, broken);
  }
}
