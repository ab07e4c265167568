package io.keepset.bench;

import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.runner.artifact.ArtifactKey;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactWriter;
import io.keepset.runner.artifact.KeyRing;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.Progress;
import io.keepset.spi.Source;
import io.keepset.spi.StoreWriter;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * What the runner does for one backup, without state: dump, pack, seal, sync, read back, verify.
 */
final class OneBackup {
  private OneBackup() {}

  static void run(Engine engine, Source source, String key, Path directory) throws Exception {
    KeyRing keys = KeyRing.of(ArtifactKey.generate(new SecureRandom()));
    try (DirectoryStore store =
            new DirectoryStore(new DirectorySettings(directory, false, () -> true));
        Dump dump = engine.dump(source);
        StoreWriter writer = store.create(key)) {
      ArtifactWriter.Written written =
          new ArtifactWriter(keys).write(dump.stream(), writer, key, engine::verify, Progress.NONE);
      dump.finish();
      if (!written.verdict().good()) {
        throw new IllegalStateException("not good: " + written.verdict());
      }
      writer.commit();
      ArtifactReader.checkStored(written.object(), store, Progress.NONE);
    }
  }
}
