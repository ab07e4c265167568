package io.keepset.runner.artifact;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings plain bytes into a store: fingerprint, zstd (level 3, with its own checksum), AES-256-GCM,
 * fingerprint again. Three threads share the work, so that a dump waits for none of it; memory is a
 * few MiB whatever the size, and nothing is kept on a local disk.
 *
 * <p>The object's key in the store is authenticated with its bytes: an object that was moved or
 * swapped does not open. Safe for several threads.
 */
public final class ArtifactWriter {
  static final int LEVEL = 3;
  private static final int CHUNKS = 8;
  private static final int CHUNK_SIZE = 256 << 10;

  private final Optional<ArtifactKey> key;

  public ArtifactWriter(KeyRing keys) {
    this.key = keys.current();
  }

  /**
   * Reads a stream to its end and writes it. Closes neither of the two and does not commit: that is
   * for the caller, once the dump said that it was good.
   *
   * @param objectKey under which the store was asked for the writer
   * @param progress hears plain bytes; the total is not known
   * @throws DriverException the stream's or the store's own, or TRANSIENT for any other failure of
   *     either
   */
  public SealedObject write(
      InputStream plain, StoreWriter target, String objectKey, Progress progress)
      throws DriverException {
    Relay toCompress = new Relay(CHUNKS, CHUNK_SIZE);
    Relay toSeal = new Relay(CHUNKS, CHUNK_SIZE);
    Sums plainSums = new Sums();
    Sums storedSums = new Sums();
    Stage compress =
        Stage.start(
            "compress " + objectKey, toCompress, toSeal, () -> compress(toCompress, toSeal));
    Stage seal =
        Stage.start(
            "seal " + objectKey, toSeal, null, () -> seal(toSeal, target, objectKey, storedSums));
    @Nullable IOException broken = null;
    try {
      pump(plain, toCompress, plainSums, progress);
      toCompress.end();
    } catch (IOException e) {
      broken = e;
      toCompress.fail(e);
    } catch (RuntimeException | Error e) {
      toCompress.fail(e);
      throw e;
    } finally {
      compress.join();
      seal.join();
    }
    // What broke first is what people should hear of; the others only lost their partner.
    if (broken != null && !(broken instanceof Relay.Abandoned)) {
      throw BrokenStream.unwrap(broken, "reading what goes to " + objectKey);
    }
    seal.rethrow("writing " + objectKey);
    compress.rethrow("compressing " + objectKey);
    return new SealedObject(
        objectKey, plainSums.finish(), storedSums.finish(), key.map(ArtifactKey::id));
  }

  private static void pump(InputStream plain, Relay relay, Sums sums, Progress progress)
      throws IOException {
    for (boolean more = true; more; ) {
      Relay.Chunk chunk = relay.empty();
      while (more && chunk.length < chunk.bytes.length) {
        int n = plain.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
        if (n < 0) {
          more = false;
        } else {
          chunk.length += n;
        }
      }
      sums.add(chunk.bytes, 0, chunk.length);
      relay.put(chunk);
      progress.at(sums.size(), -1);
    }
  }

  private static void compress(Relay from, Relay to) throws IOException {
    OutputStream out = to.output();
    try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out, LEVEL)) {
      zstd.setChecksum(true);
      for (Relay.Chunk chunk = from.next(); chunk != null; chunk = from.next()) {
        zstd.write(chunk.bytes, 0, chunk.length);
        from.recycle(chunk);
      }
    }
    to.end();
  }

  private void seal(Relay from, StoreWriter target, String objectKey, Sums sums)
      throws IOException {
    OutputStream counted = new Counted(target.stream(), sums);
    try (OutputStream sealing = sealing(counted, objectKey)) {
      for (Relay.Chunk chunk = from.next(); chunk != null; chunk = from.next()) {
        sealing.write(chunk.bytes, 0, chunk.length);
        from.recycle(chunk);
      }
    }
    target.stream().flush();
  }

  private OutputStream sealing(OutputStream out, String objectKey) throws IOException {
    if (key.isEmpty()) {
      return out;
    }
    try {
      return key.get().aead().newEncryptingStream(out, associatedData(objectKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't start to encrypt", e);
    }
  }

  static byte[] associatedData(String objectKey) {
    return objectKey.getBytes(StandardCharsets.UTF_8);
  }

  /** Counts what passes; closing it does not close what is behind: the store's writer does that. */
  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private final Sums sums;

    Counted(OutputStream out, Sums sums) {
      this.out = out;
      this.sums = sums;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      sums.add(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
