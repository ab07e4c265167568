package io.keepset.runner.artifact;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.keepset.stream.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** The two codes that lie between plain and stored bytes, there and back. */
final class Coding {
  /**
   * Plain bytes of a frame: what follows on a trial. Shorter ones pack worse, and cost more trials.
   */
  private static final long FRAME = 16 << 20;

  private Coding() {}

  /**
   * Compresses one relay into another: frames of zstd, each with a checksum of its plain bytes and
   * at the level that makes its beginning smaller.
   */
  static void pack(Relay from, Relay to) throws IOException {
    try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(to.output());
        LevelTrial trial = new LevelTrial()) {
      zstd.setChecksum(true);
      zstd.setCloseFrameOnFlush(true);
      long left = 0;
      for (Relay.Chunk chunk = from.next(); chunk != null; chunk = from.next()) {
        if (left <= 0) {
          zstd.flush();
          zstd.setLevel(trial.better(chunk.bytes, chunk.length));
          left = FRAME;
        }
        zstd.write(chunk.bytes, 0, chunk.length);
        left -= chunk.length;
        from.recycle(chunk);
      }
    }
    to.end();
  }

  /** The way back of {@link #pack}; the caller ends the relay. */
  static void unpack(InputStream packed, Relay to) throws IOException {
    try (ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(packed)) {
      int n = 0;
      while (n >= 0) {
        Relay.Chunk chunk = to.empty();
        n = 0;
        while (n >= 0 && chunk.length < chunk.bytes.length) {
          n = zstd.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
          chunk.length += Math.max(n, 0);
        }
        if (chunk.length > 0) {
          to.put(chunk);
        }
      }
    }
  }

  /** What is written to this stream arrives sealed; close it to finish. No key, no seal. */
  static OutputStream seal(OutputStream out, Optional<ArtifactKey> key, String objectKey)
      throws IOException {
    if (key.isEmpty()) {
      return out;
    }
    try {
      return key.get().aead().newEncryptingStream(out, name(objectKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't start to encrypt", e);
    }
  }

  /** The way back of {@link #seal}. */
  static InputStream open(InputStream in, Optional<ArtifactKey> key, String objectKey)
      throws IOException {
    if (key.isEmpty()) {
      return in;
    }
    try {
      return key.get().aead().newDecryptingStream(in, name(objectKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't start to decrypt", e);
    }
  }

  private static byte[] name(String objectKey) {
    return objectKey.getBytes(StandardCharsets.UTF_8);
  }
}
