package io.keepset.drivers.engine.volume;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.spi.ArtifactFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Archives unpacked into a directory that goes again. */
class VolumeScratchTest extends ScratchContract {
  @TempDir static Path root;

  @Override
  protected EngineLab start() {
    return new VolumeLab(root);
  }

  @Override
  protected String counted() {
    return "entries";
  }

  @Override
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.empty();
  }

  /** The archive of the same directory without one file: whole in itself. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) throws Exception {
    Path work = Files.createDirectory(root.resolve("hollow"));
    Files.write(work.resolve("good.tar.gz"), good);
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "mkdir all && tar -xzf good.tar.gz -C all && rm all/numbers && tar -czf less.tar.gz -C all"
                    + " .")
            .directory(work.toFile())
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("tar failed");
    }
    return Optional.of(Files.readAllBytes(work.resolve("less.tar.gz")));
  }
}
