package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens again what is being sealed, while it is being sealed, and lets the engine judge it. So when
 * the last byte is stored it is known that these bytes lead back to the dump and that the engine
 * accepts them; what remains is to see that the store gives them back.
 */
final class Echo {
  private final String objectKey;
  private final Relay sealed;
  private final Relay plain;
  private final Sums opened;
  private final Stage open;
  private final Stage judge;
  private @Nullable Verdict verdict;

  /**
   * @param opened takes the sum of what the sealed bytes open to
   */
  Echo(
      String objectKey,
      Optional<ArtifactKey> key,
      ArtifactCheck check,
      Sums opened,
      Relay sealed,
      Relay plain) {
    this.objectKey = objectKey;
    this.opened = opened;
    this.sealed = sealed;
    this.plain = plain;
    this.open = Stage.start("open " + objectKey, sealed, plain, () -> open(key));
    this.judge = Stage.start("check " + objectKey, plain, null, () -> judge(check));
  }

  private void open(Optional<ArtifactKey> key) throws IOException {
    InputStream in = sealed.input();
    try {
      Coding.unpack(Coding.open(in, key, objectKey), plain);
    } catch (Relay.Abandoned e) {
      throw e;
    } catch (IOException e) {
      throw new BrokenStream(wrong(e));
    }
    plain.end();
  }

  private void judge(ArtifactCheck check) throws IOException {
    InputStream in = plain.input(chunk -> opened.add(chunk.bytes, 0, chunk.length));
    try {
      verdict = check.check(in);
    } catch (DriverException e) {
      throw new BrokenStream(e);
    }
    byte[] rest = new byte[1 << 16];
    while (in.read(rest, 0, rest.length) >= 0) {
      // An engine may know enough before the end; the sums don't.
    }
  }

  void join() {
    open.join();
    judge.join();
  }

  /** Throws what ended it early, if that was its own failure. After {@link #join}. */
  void rethrow() throws DriverException {
    open.rethrow("checking " + objectKey);
    judge.rethrow("checking " + objectKey);
  }

  /**
   * That the bytes are those that went in, zstd's own checksum has shown; here, that it was asked.
   *
   * @throws DriverException DAMAGED if more or fewer came back than went in: memory, or a library
   */
  Verdict verdict(long sizeIn) throws DriverException {
    if (verdict == null || opened.size() != sizeIn) {
      throw wrong(null);
    }
    return verdict;
  }

  private DriverException wrong(@Nullable IOException cause) {
    String message =
        "what was sealed as "
            + objectKey
            + " does not open to what was dumped: this machine's memory is the first to suspect";
    return cause == null
        ? new DriverException(DriverException.Kind.DAMAGED, message)
        : new DriverException(DriverException.Kind.DAMAGED, message, cause);
  }
}
