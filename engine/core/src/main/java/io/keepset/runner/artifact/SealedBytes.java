package io.keepset.runner.artifact;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Bytes that fit in memory, coded as artifacts are: zstd, then AES-256-GCM under a name. For small
 * things that lie beside backups and must be as safe as they are.
 *
 * @param bytes never changed after this
 * @param keyId of the key that opens them; empty if they are only compressed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SealedBytes(byte[] bytes, Optional<String> keyId) {
  /**
   * Seals with the current key, or only compresses if the ring has none.
   *
   * @param name is authenticated with the bytes: under another they do not open
   */
  public static SealedBytes seal(KeyRing keys, String name, byte[] plain) {
    ByteArrayOutputStream sealed = new ByteArrayOutputStream(plain.length / 4 + 256);
    try (OutputStream sealing = Coding.seal(sealed, keys.current(), name);
        ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(sealing)) {
      zstd.setChecksum(true);
      zstd.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return new SealedBytes(sealed.toByteArray(), keys.current().map(ArtifactKey::id));
  }

  /**
   * The plain bytes.
   *
   * @param size of them
   * @throws DriverException DENIED if the key is not in the ring; DAMAGED if these are not the
   *     bytes that were sealed under the name
   */
  public byte[] open(KeyRing keys, String name, long size) throws DriverException {
    Optional<ArtifactKey> key = Optional.empty();
    if (keyId.isPresent()) {
      key = Optional.of(keys.find(keyId.get(), name));
    }
    try (InputStream opened = Coding.open(new ByteArrayInputStream(bytes), key, name);
        ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(opened)) {
      byte[] plain = zstd.readNBytes(Math.toIntExact(size));
      // Read to its end: only then were the last segment and the checksum looked at.
      if (plain.length == size && zstd.read() < 0) {
        return plain;
      }
      throw new IOException("of " + size + " bytes there are " + plain.length + " or more");
    } catch (IOException e) {
      throw new DriverException(
          Kind.DAMAGED, name + " is not what was sealed: it was changed, cut or moved", e);
    }
  }
}
