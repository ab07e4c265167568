package io.keepset.runner;

import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.runner.artifact.Manifest;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;

/**
 * Reads a backup back from its store and says whether it is good: every byte by checksum, through
 * decryption and decompression, and the artifact by the engine's own check.
 */
final class Verification {
  private Verification() {}

  static Verdict of(Manifest manifest, OpenStore store, Engine engine, Progress progress)
      throws DriverException {
    return of(manifest.artifact(), manifest.attachments().values(), store, engine, progress);
  }

  /**
   * @throws DriverException if it could not be read at all: that says nothing about the backup
   */
  static Verdict of(
      SealedObject artifact,
      Collection<SealedObject> attachments,
      OpenStore store,
      Engine engine,
      Progress progress)
      throws DriverException {
    ArtifactReader reader = new ArtifactReader(store.keys());
    try {
      for (SealedObject attachment : attachments) {
        reader.check(attachment, store.store(), Progress.NONE);
      }
      try (ArtifactStream stream = reader.open(artifact, store.store(), progress)) {
        return check(stream, engine);
      } catch (IOException e) {
        throw new DriverException(
            Kind.TRANSIENT, "closing " + artifact.key() + " failed: " + e.getMessage(), e);
      }
    } catch (DriverException e) {
      if (e.kind() == Kind.DAMAGED) {
        return Verdict.bad(e.getMessage());
      }
      if (e.kind() == Kind.NOT_FOUND) {
        return Verdict.bad("a part of it is not in the store: " + e.getMessage());
      }
      throw e;
    }
  }

  private static Verdict check(ArtifactStream stream, Engine engine) throws DriverException {
    Verdict verdict;
    try {
      verdict = engine.verify(new Shared(stream));
    } catch (DriverException e) {
      // When the bytes were bad, that is why the engine gave up: say so rather than what followed.
      stream.finish();
      throw e;
    }
    stream.finish();
    return verdict;
  }

  /** A stream whose reader may close it and yet does not end it. */
  private static final class Shared extends FilterInputStream {
    private Shared(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Its owner closes it, after asking whether all of it was right.
    }
  }
}
