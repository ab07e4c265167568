package io.keepset.runner.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreWriter;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way without Keepset that the docs promise. */
class OpenByHandTest {
  private static final String KEY = "orders/orders-20261121T020700Z-x7k2/artifact";

  @TempDir private Path folder;

  @Test
  void theProgramInTheDocsOpensAnArtifact() throws Exception {
    byte[] plain = new byte[50_000];
    new Random(3).nextBytes(plain);
    ArtifactKey key = ArtifactKey.generate(new SecureRandom());
    MemoryStore store = new MemoryStore();
    try (StoreWriter writer = store.create(KEY)) {
      new ArtifactWriter(KeyRing.of(key))
          .write(new ByteArrayInputStream(plain), writer, KEY, ArtifactCheck.NONE, Progress.NONE);
      writer.commit();
    }
    Path artifact = Files.write(folder.resolve("artifact"), store.peek(KEY).orElseThrow());
    // As Keepset itself writes one, after a rotation.
    Path keyFile =
        Files.writeString(
            folder.resolve("key"),
            "# Keepset seals backups with the first key\n\n"
                + ArtifactKey.generate(new SecureRandom()).reveal()
                + "\n"
                + key.reveal()
                + "\n");

    assertThat(open(keyFile, KEY, artifact)).isZero();

    try (ZstdInputStreamNoFinalizer packed =
        new ZstdInputStreamNoFinalizer(Files.newInputStream(folder.resolve("out")))) {
      assertThat(packed.readAllBytes()).isEqualTo(plain);
    }
    assertThat(open(keyFile, "another/name", artifact)).isNotZero();
    assertThat(folder.resolve("err")).content().contains("none of the 2 keys opens it");
    byte[] cut = Arrays.copyOf(Files.readAllBytes(artifact), 20_000);
    assertThat(open(keyFile, KEY, Files.write(folder.resolve("cut"), cut))).isNotZero();
    assertThat(folder.resolve("err"))
        .content()
        .contains("do not use it")
        .doesNotContain("Exception");
  }

  private int open(Path keyFile, String name, Path artifact) throws Exception {
    Path program = Path.of("../../docs/OpenArtifact.java").toAbsolutePath().normalize();
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            program.toString(),
            keyFile.toString(),
            name,
            artifact.toString())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start()
        .waitFor();
  }
}
