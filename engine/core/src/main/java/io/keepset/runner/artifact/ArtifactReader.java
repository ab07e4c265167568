package io.keepset.runner.artifact;

import com.google.crypto.tink.StreamingAead;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.Store;
import java.io.InputStream;
import java.util.Optional;

/**
 * Brings stored objects back to plain bytes, checking everything that {@link ArtifactWriter} noted.
 * Two threads work ahead of the reader; memory is a few MiB whatever the size. Safe for several
 * threads.
 */
public final class ArtifactReader {
  private static final int CHUNKS = 8;
  private static final int CHUNK_SIZE = 256 << 10;

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
    Optional<StreamingAead> aead = Optional.empty();
    if (object.keyId().isPresent()) {
      aead = Optional.of(keys.find(object.keyId().get(), object.key()).aead());
    }
    InputStream stored = store.open(object.key());
    Relay fetched = new Relay(CHUNKS, CHUNK_SIZE);
    Relay plain = new Relay(CHUNKS, CHUNK_SIZE);
    Decoder decoder = new Decoder(object, aead, stored, fetched, plain);
    Stage fetch = Stage.start("fetch " + object.key(), null, fetched, decoder::fetch);
    Stage decode = Stage.start("unpack " + object.key(), fetched, plain, decoder::decode);
    return new ArtifactStream(object, stored, plain, decoder, fetch, decode, progress);
  }

  /**
   * Reads an object to its end and throws its bytes away.
   *
   * @throws DriverException DAMAGED if it is not what was written, or as {@link #open}
   */
  public void check(SealedObject object, Store store, Progress progress) throws DriverException {
    try (ArtifactStream stream = open(object, store, progress)) {
      stream.finish();
    } catch (java.io.IOException e) {
      // Only closing can get here, after all bytes were found right.
      throw new DriverException(
          DriverException.Kind.TRANSIENT, "closing " + object.key() + " failed", e);
    }
  }
}
