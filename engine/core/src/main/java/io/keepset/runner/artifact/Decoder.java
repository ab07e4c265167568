package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two steps from stored bytes to plain ones, and the words for what can be wrong with them. */
final class Decoder {
  private final SealedObject object;
  private final Optional<ArtifactKey> key;
  private final InputStream stored;
  private final Relay fetched;
  private final Relay plain;
  private final Sums storedSums;

  Decoder(
      SealedObject object,
      Optional<ArtifactKey> key,
      InputStream stored,
      Relay fetched,
      Relay plain) {
    this.object = object;
    this.storedSums = new Sums(object.stored().kind());
    this.key = key;
    this.stored = stored;
    this.fetched = fetched;
    this.plain = plain;
  }

  /** First step: reads the store. Never more than one buffer beyond what the manifest says. */
  void fetch() throws IOException {
    boolean more = true;
    while (more && storedSums.size() <= object.stored().size()) {
      Relay.Chunk chunk = fetched.empty();
      while (more && chunk.length < chunk.bytes.length) {
        int n = stored.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
        if (n < 0) {
          more = false;
        } else {
          chunk.length += n;
        }
      }
      storedSums.add(chunk.bytes, 0, chunk.length);
      fetched.put(chunk);
    }
    fetched.end();
  }

  /** Second step: decrypts and unpacks. */
  void decode() throws IOException {
    InputStream in = fetched.input();
    try {
      Coding.unpack(Coding.open(in, key, object.key()), plain);
    } catch (Relay.Abandoned e) {
      throw e;
    } catch (IOException e) {
      throw damaged(in, e);
    }
    checkStored(in, null);
    plain.end();
  }

  void abandon(Throwable why) {
    fetched.abandon(why);
  }

  private BrokenStream damaged(InputStream in, IOException e) throws IOException {
    checkStored(in, e);
    // The store gave back what the manifest describes, and still it does not open.
    return new BrokenStream(
        damaged(object, "its bytes were sealed under another name or with another key", e));
  }

  /** Reads the rest of the store's bytes and compares them with what was written. */
  private void checkStored(InputStream in, @Nullable IOException why) throws IOException {
    byte[] rest = new byte[1 << 16];
    while (in.read(rest, 0, rest.length) >= 0) {
      // The first step counts them.
    }
    try {
      compare(object, storedSums, why);
    } catch (DriverException e) {
      throw new BrokenStream(e);
    }
  }

  /**
   * @throws DriverException DAMAGED if the store gave other bytes than were written
   */
  static void compare(SealedObject object, Sums found, @Nullable IOException why)
      throws DriverException {
    long size = found.size();
    long expected = object.stored().size();
    if (size != expected) {
      throw damaged(
          object,
          size < expected
              ? "the store holds only " + size + " of its " + expected + " bytes"
              : "the store holds more than its " + expected + " bytes",
          why);
    }
    Fingerprint fingerprint = found.finish();
    if (!fingerprint.equals(object.stored())) {
      throw damaged(
          object,
          "the bytes in the store have changed ("
              + fingerprint.kind().word()
              + " "
              + fingerprint.sum()
              + ", written was "
              + object.stored().sum()
              + ")",
          why);
    }
  }

  private static DriverException damaged(
      SealedObject object, String how, @Nullable IOException why) {
    String message = object.key() + " is damaged: " + how;
    return why == null
        ? new DriverException(DriverException.Kind.DAMAGED, message)
        : new DriverException(DriverException.Kind.DAMAGED, message, why);
  }
}
