package io.keepset.runner.artifact;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.google.crypto.tink.StreamingAead;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two steps from stored bytes to plain ones, and the words for what can be wrong with them. */
final class Decoder {
  private final SealedObject object;
  private final Optional<StreamingAead> aead;
  private final InputStream stored;
  private final Relay fetched;
  private final Relay plain;
  private final Sums storedSums = new Sums();

  Decoder(
      SealedObject object,
      Optional<StreamingAead> aead,
      InputStream stored,
      Relay fetched,
      Relay plain) {
    this.object = object;
    this.aead = aead;
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
    try (ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(opening(in))) {
      int n = 0;
      while (n >= 0) {
        Relay.Chunk chunk = plain.empty();
        for (n = 0; n >= 0 && chunk.length < chunk.bytes.length; ) {
          n = zstd.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
          chunk.length += Math.max(n, 0);
        }
        if (chunk.length > 0) {
          plain.put(chunk);
        }
      }
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

  private InputStream opening(InputStream in) throws IOException {
    if (aead.isEmpty()) {
      return in;
    }
    try {
      return aead.get().newDecryptingStream(in, ArtifactWriter.associatedData(object.key()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't start to decrypt", e);
    }
  }

  private BrokenStream damaged(InputStream in, IOException e) throws IOException {
    checkStored(in, e);
    // The store gave back what the manifest describes, and still it does not open.
    return damaged("its bytes were sealed under another name or with another key", e);
  }

  /** Reads the rest of the store's bytes and compares them with what was written. */
  private void checkStored(InputStream in, @Nullable IOException why) throws IOException {
    byte[] rest = new byte[1 << 16];
    while (in.read(rest, 0, rest.length) >= 0) {
      // The first step counts them.
    }
    long size = storedSums.size();
    long expected = object.stored().size();
    if (size != expected) {
      throw damaged(
          size < expected
              ? "the store holds only " + size + " of its " + expected + " bytes"
              : "the store holds more than its " + expected + " bytes",
          why);
    }
    Fingerprint found = storedSums.finish();
    if (!found.equals(object.stored())) {
      throw damaged(
          "the bytes in the store have changed (sha256 "
              + found.sha256()
              + ", written was "
              + object.stored().sha256()
              + ")",
          why);
    }
  }

  private BrokenStream damaged(String how, @Nullable IOException why) {
    String message = object.key() + " is damaged: " + how;
    return new BrokenStream(
        why == null
            ? new DriverException(DriverException.Kind.DAMAGED, message)
            : new DriverException(DriverException.Kind.DAMAGED, message, why));
  }
}
