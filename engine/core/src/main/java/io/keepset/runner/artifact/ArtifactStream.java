package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The plain bytes of an artifact. Its end is only reached if every byte was right: otherwise the
 * last read throws a {@link BrokenStream} that says {@code DAMAGED} (or why the store failed). What
 * was read before that may be wrong, so whoever acts on it early must be ready to take it back. For
 * one thread.
 */
public final class ArtifactStream extends InputStream {
  private final SealedObject object;
  private final InputStream stored;
  private final Relay relay;
  private final Decoder decoder;
  private final Stage fetch;
  private final Stage decode;
  private final Progress progress;
  private final Sums sums;
  private Relay.@Nullable Chunk chunk;
  private int position;
  private boolean good;

  ArtifactStream(
      SealedObject object,
      InputStream stored,
      Relay relay,
      Decoder decoder,
      Stage fetch,
      Stage decode,
      Progress progress) {
    this.object = object;
    this.sums = new Sums(object.plain().kind());
    this.stored = stored;
    this.relay = relay;
    this.decoder = decoder;
    this.fetch = fetch;
    this.decode = decode;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    Relay.Chunk from = current();
    if (from == null) {
      return -1;
    }
    int n = Math.min(length, from.length - position);
    System.arraycopy(from.bytes, position, bytes, offset, n);
    position += n;
    if (position == from.length) {
      recycle(from);
    }
    return n;
  }

  /**
   * Reads what is left and checks all of it; for readers that stop before the end.
   *
   * @throws DriverException DAMAGED if the bytes are not those that were written; the store's own
   *     if it failed
   */
  public void finish() throws DriverException {
    try {
      for (Relay.Chunk from = current(); from != null; from = current()) {
        recycle(from);
      }
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading " + object.key());
    }
  }

  /** Ends the threads behind it and closes the store's stream. */
  @Override
  public void close() throws IOException {
    Relay.Abandoned closed = new Relay.Abandoned(new IOException("closed"));
    relay.abandon(closed);
    decoder.abandon(closed);
    // Closing wakes a thread that waits for the network.
    stored.close();
    decode.join();
    fetch.join();
  }

  private Relay.@Nullable Chunk current() throws IOException {
    if (chunk == null && !good) {
      try {
        chunk = relay.next();
      } catch (Relay.Abandoned e) {
        throw failure();
      }
      position = 0;
      if (chunk == null) {
        checkEnd();
        good = true;
      } else {
        sums.add(chunk.bytes, 0, chunk.length);
        progress.at(sums.size(), object.plain().size());
      }
    }
    return chunk;
  }

  private void recycle(Relay.Chunk used) {
    relay.recycle(used);
    chunk = null;
  }

  private IOException failure() {
    decode.join();
    fetch.join();
    try {
      fetch.rethrow("reading " + object.key());
      decode.rethrow("reading " + object.key());
    } catch (DriverException e) {
      return new BrokenStream(e);
    }
    return new IOException("reading " + object.key() + " ended without a reason");
  }

  private void checkEnd() throws IOException {
    Fingerprint found = sums.finish();
    if (!found.equals(object.plain())) {
      throw new BrokenStream(
          new DriverException(
              DriverException.Kind.DAMAGED,
              object.key()
                  + " is damaged: it unpacks to "
                  + found
                  + "; its manifest says "
                  + object.plain()));
    }
  }
}
