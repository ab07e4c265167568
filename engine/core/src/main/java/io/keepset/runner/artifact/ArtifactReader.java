package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Brings stored objects back to plain bytes, checking everything that {@link ArtifactWriter} noted.
 * Two threads work ahead of the reader; memory is a few MiB whatever the size. Safe for several
 * threads.
 */
public final class ArtifactReader {
  private final KeyRing keys;

  public ArtifactReader(KeyRing keys) {
    this.keys = keys;
  }

  /**
   * Opens an object; close the stream.
   *
   * @param progress hears plain bytes out of the plain size
   * @throws DriverException DENIED if its key is not in the ring, NOT_FOUND if the object is gone,
   *     or the store's own
   */
  public ArtifactStream open(SealedObject object, Store store, Progress progress)
      throws DriverException {
    Optional<ArtifactKey> key = Optional.empty();
    if (object.keyId().isPresent()) {
      key = Optional.of(keys.find(object.keyId().get(), object.key()));
    }
    InputStream stored = store.open(object.key());
    Relay fetched = new Relay(ArtifactWriter.CHUNKS, ArtifactWriter.CHUNK_SIZE);
    Relay plain = new Relay(ArtifactWriter.CHUNKS, ArtifactWriter.CHUNK_SIZE);
    Decoder decoder = new Decoder(object, key, stored, fetched, plain);
    Stage fetch = Stage.start("fetch " + object.key(), null, fetched, decoder::fetch);
    Stage decode = Stage.start("unpack " + object.key(), fetched, plain, decoder::decode);
    return new ArtifactStream(object, stored, plain, decoder, fetch, decode, progress);
  }

  /**
   * Reads the stored bytes back and compares them with what was written, without opening them: for
   * bytes that were opened and judged on their way there.
   *
   * @param progress hears stored bytes out of the stored size
   * @throws DriverException DAMAGED if they are not what was written; the store's own if it failed
   */
  public static void checkStored(SealedObject object, Store store, Progress progress)
      throws DriverException {
    Sums sums = new Sums(object.stored().kind());
    byte[] buffer = new byte[ArtifactWriter.CHUNK_SIZE];
    try (InputStream stored = store.open(object.key())) {
      int n = 0;
      while (n >= 0 && sums.size() <= object.stored().size()) {
        sums.add(buffer, 0, n);
        progress.at(sums.size(), object.stored().size());
        n = stored.read(buffer);
      }
    } catch (IOException e) {
      throw BrokenStream.unwrap(e, "reading back " + object.key());
    }
    Decoder.compare(object, sums, null);
  }

  /**
   * Reads an object to its end, opens it, and throws its bytes away.
   *
   * @throws DriverException DAMAGED if it is not what was written, or as {@link #open}
   */
  public void check(SealedObject object, Store store, Progress progress) throws DriverException {
    try (ArtifactStream stream = open(object, store, progress)) {
      stream.finish();
    } catch (IOException e) {
      // Only closing can get here, after all bytes were found right.
      throw new DriverException(
          DriverException.Kind.TRANSIENT, "closing " + object.key() + " failed", e);
    }
  }
}
