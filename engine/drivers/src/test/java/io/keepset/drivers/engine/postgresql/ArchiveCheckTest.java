package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Archives that this machine's pg_dump may not write. */
class ArchiveCheckTest {
  private static byte[] madeBy18() throws IOException {
    try (InputStream in =
        ArchiveCheckTest.class.getResourceAsStream("/postgresql/made-by-18.dump")) {
      return in.readAllBytes();
    }
  }

  private static Verdict check(byte[] archive) throws IOException {
    return ArchiveCheck.verdict(new ByteArrayInputStream(archive));
  }

  @Test
  void readsTheFormatOfPostgresql18() throws IOException {
    Verdict verdict = check(madeBy18());
    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    assertThat(verdict.facts().orElseThrow().values())
        .containsEntry("server_version", "18.6")
        .containsEntry("archive_format", "1.16")
        .containsEntry("tables", "6")
        .containsEntry("create.LOCALE", "C.UTF-8")
        .containsEntry("roles", "Odd%3B+Role app postgres");
  }

  @Test
  void seesEveryCut() throws IOException {
    byte[] whole = madeBy18();
    for (int length = 0; length < whole.length; length += 37) {
      assertThat(check(Arrays.copyOf(whole, length)).good()).as("cut to %s", length).isFalse();
    }
  }

  /** A block that ends in time but holds fewer rows than were written has lost its end mark. */
  @Test
  void seesRowsCutOffInsideAWellFormedBlock() throws IOException {
    byte[] archive = madeBy18();
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("\\.\n\n\n");
    archive[end] = 'x';
    Verdict verdict = check(archive);
    assertThat(verdict.good()).isFalse();
    assertThat(verdict.findings().get(0)).contains("is cut off");
  }

  @Test
  void namesAFormatThatIsTooNew() throws IOException {
    byte[] archive = madeBy18();
    archive[6] = 42;
    assertThat(check(archive).findings().get(0)).contains("archive format is 1.42");
  }

  @Test
  void neverBelievesALength() throws IOException {
    byte[] archive = Arrays.copyOf(madeBy18(), 80);
    // A database name of two billion bytes: the file ends long before.
    Arrays.fill(archive, 11, 80, (byte) 0x7f);
    assertThat(check(archive).good()).isFalse();
  }
}
