package io.keepset.runner.artifact;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.Verdict;
import io.keepset.stream.Relay;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings plain bytes into a store: zstd (with its own checksum), AES-256-GCM, fingerprint. What was
 * sealed is at once opened again, fingerprinted and shown to the engine. Every step has a thread,
 * so that a dump waits for none of them; memory is a few MiB whatever the size, and nothing is kept
 * on a local disk.
 *
 * <p>The object's key in the store is authenticated with its bytes: an object that was moved or
 * swapped does not open. Safe for several threads.
 */
public final class ArtifactWriter {
  static final int CHUNKS = 8;
  static final int CHUNK_SIZE = 256 << 10;

  /**
   * What came of it.
   *
   * @param verdict the check's, of the bytes that the sealed object opens to
   */
  public record Written(SealedObject object, Verdict verdict) {}

  private final Optional<ArtifactKey> key;
  private final Fingerprint.Kind plainKind;

  public ArtifactWriter(KeyRing keys) {
    this(keys, Fingerprint.Kind.CRC32C);
  }

  /**
   * For a copy, which is compared with its original.
   *
   * @param plainKind of the sum of the plain bytes
   */
  public ArtifactWriter(KeyRing keys, Fingerprint.Kind plainKind) {
    this.key = keys.current();
    this.plainKind = plainKind;
  }

  /**
   * Reads a stream to its end and writes it. Closes neither of the two and does not commit: that is
   * for the caller, once the dump said that it was good and if the verdict is.
   *
   * @param objectKey under which the store was asked for the writer
   * @param progress hears plain bytes; the total is not known
   * @throws DriverException the stream's, the store's or the check's own; TRANSIENT for any other
   *     failure of the first two; DAMAGED if what was sealed does not open again
   */
  public Written write(
      InputStream plain,
      StoreWriter target,
      String objectKey,
      ArtifactCheck check,
      Progress progress)
      throws DriverException {
    Relay toPack = new Relay(CHUNKS, CHUNK_SIZE);
    Relay toSeal = new Relay(CHUNKS, CHUNK_SIZE);
    Relay toOpen = new Relay(CHUNKS, CHUNK_SIZE);
    Sums storedSums = new Sums(Fingerprint.Kind.SHA256);
    Sums openedSums = new Sums(plainKind);
    Echo echo = new Echo(objectKey, key, check, openedSums, toOpen, new Relay(CHUNKS, CHUNK_SIZE));
    Stage seal =
        Stage.start(
            "seal " + objectKey,
            toSeal,
            toOpen,
            () -> seal(toSeal, target.stream(), toOpen, objectKey, storedSums));
    Stage pack =
        Stage.start("pack " + objectKey, toPack, toSeal, () -> Coding.pack(toPack, toSeal));
    long size = 0;
    @Nullable IOException broken = null;
    try {
      size = pump(plain, toPack, progress);
      toPack.end();
    } catch (IOException e) {
      broken = e;
      toPack.fail(e);
    } catch (RuntimeException | Error e) {
      toPack.fail(e);
      throw e;
    } finally {
      pack.join();
      seal.join();
      echo.join();
    }
    // What broke first is what people should hear of; the others only lost their partner.
    if (broken != null && !(broken instanceof Relay.Abandoned)) {
      throw BrokenStream.unwrap(broken, "reading what goes to " + objectKey);
    }
    seal.rethrow("writing " + objectKey);
    pack.rethrow("compressing " + objectKey);
    echo.rethrow();
    Verdict verdict = echo.verdict(size);
    return new Written(
        new SealedObject(
            objectKey, openedSums.finish(), storedSums.finish(), key.map(ArtifactKey::id)),
        verdict);
  }

  private static long pump(InputStream plain, Relay relay, Progress progress) throws IOException {
    long size = 0;
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
      size += chunk.length;
      relay.put(chunk);
      progress.at(size, -1);
    }
    return size;
  }

  private void seal(Relay from, OutputStream target, Relay toOpen, String objectKey, Sums sums)
      throws IOException {
    OutputStream echo = toOpen.output();
    OutputStream stored = new Tee(target, sums, echo);
    OutputStream buffered = new BufferedOutputStream(stored, CHUNK_SIZE);
    try (OutputStream sealing = Coding.seal(buffered, key, objectKey)) {
      for (Relay.Chunk chunk = from.next(); chunk != null; chunk = from.next()) {
        sealing.write(chunk.bytes, 0, chunk.length);
        from.recycle(chunk);
      }
    }
    target.flush();
    echo.close();
    toOpen.end();
  }

  /** To the store, counted, and to the echo. Closing it closes neither. */
  private static final class Tee extends OutputStream {
    private final OutputStream store;
    private final Sums sums;
    private final OutputStream echo;

    Tee(OutputStream store, Sums sums, OutputStream echo) {
      this.store = store;
      this.sums = sums;
      this.echo = echo;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      store.write(bytes, offset, length);
      sums.add(bytes, offset, length);
      echo.write(bytes, offset, length);
    }
  }
}
