package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        .containsEntry("rows", "601")
        .containsEntry("create.LOCALE", "C.UTF-8")
        .containsEntry("roles", "Odd%3B+Role app postgres");
  }

  /** As a dump and a restore count them, from whatever pieces the bytes come in. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void rowsAreCountedAsTheyPass(int piece) throws IOException {
    Map<Integer, Long> rows = new TreeMap<>();
    Map<Integer, String> names = new TreeMap<>();
    TocTap.Listener listener =
        new TocTap.Listener() {
          @Override
          public void header(Contents contents) {
            // Only rows are asked for here.
          }

          @Override
          public void entry(TocEntry entry) {
            names.put(entry.id(), entry.tag());
          }

          @Override
          public void rows(int entry, long counted) {
            rows.put(entry, counted);
          }
        };
    byte[] archive = madeBy18();
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    byte[] buffer = new byte[piece];
    try (TocTap tap = new TocTap(new ByteArrayInputStream(archive), listener)) {
      for (int n = tap.read(buffer, 0, piece); n >= 0; n = tap.read(buffer, 0, piece)) {
        passed.write(buffer, 0, n);
      }
    }

    assertThat(passed.toByteArray()).isEqualTo(archive);
    assertThat(rows.entrySet())
        .extracting(e -> names.get(e.getKey()) + " " + e.getValue())
        .containsExactlyInAnyOrder(
            "customer 500", "odd\ntable 1", "parted_1 100", "empty_one 0", "quick 0");
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
