package io.keepset.runner.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.source.JsonText;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Backups that an earlier Keepset wrote, with SHA-256 sums of their plain bytes. */
class EarlierFormatTest {
  private static final String ID = "orders-20261121T020700Z-x7k2";

  private final MemoryStore store = new MemoryStore();
  private final KeyRing keys = keys();

  @Test
  void isReadAndCheckedAgainstItsOwnSum() throws Exception {
    Manifest manifest = manifest(text("manifest.json"));
    fill(manifest);

    assertThat(manifest.format()).isEqualTo(1);
    assertThat(manifest.artifact().plain().kind()).isEqualTo(Fingerprint.Kind.SHA256);
    for (SealedObject part : manifest.parts()) {
      new ArtifactReader(keys).check(part, store, Progress.NONE);
    }
    assertThat(JsonText.write(manifest.toNode())).isEqualTo(text("manifest.json"));
  }

  @Test
  void isDamagedIfThatSumIsAnother() throws Exception {
    Manifest manifest = manifest(text("manifest.json").replace("\"f36e3dd3", "\"f36e3dd4"));
    fill(manifest);

    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () -> new ArtifactReader(keys).check(manifest.artifact(), store, Progress.NONE));

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e)
        .hasMessageContaining("2400 bytes, sha256 f36e3dd3")
        .hasMessageContaining("f36e3dd4");
  }

  @Test
  void aCopyKeepsItsSum() throws Exception {
    Manifest manifest = manifest(text("manifest.json"));
    fill(manifest);
    String copy = "orders/copy/artifact";

    try (ArtifactStream plain =
            new ArtifactReader(keys).open(manifest.artifact(), store, Progress.NONE);
        var writer = store.create(copy)) {
      SealedObject copied =
          new ArtifactWriter(keys, manifest.artifact().plain().kind())
              .write(plain, writer, copy, ArtifactCheck.NONE, Progress.NONE)
              .object();

      assertThat(copied.plain()).isEqualTo(manifest.artifact().plain());
    }
  }

  private void fill(Manifest manifest) throws Exception {
    for (SealedObject part : manifest.parts()) {
      store.poke(part.key(), bytes(part.key().substring(part.key().lastIndexOf('/') + 1)));
    }
  }

  private static Manifest manifest(String text) throws DriverException {
    String key = Manifest.manifestKey("orders", ID);
    SourceFile file = new SourceFile(key, text.getBytes(StandardCharsets.UTF_8));
    return Manifest.fromNode(JsonText.read(file).value(), key);
  }

  private static KeyRing keys() {
    try {
      return KeyRing.parse(text("backup.key"), "test");
    } catch (DriverException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = EarlierFormatTest.class.getResourceAsStream("format1/" + name)) {
      return in.readAllBytes();
    }
  }
}
