package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Archives made by hand, after the specification. */
class ArchiveCheckTest {
  private static final ArchiveSamples.Part ORDERS = ArchiveSamples.collection("shop", "orders", 5);
  private static final ArchiveSamples.Part ITEMS = ArchiveSamples.collection("shop", "items", 3);

  @Test
  void collectionsThatTakeTurnsAreCountedApart() throws IOException {
    Verdict verdict = check(ArchiveSamples.archive(ORDERS, ITEMS));

    assertThat(verdict.good()).as("%s", verdict.findings()).isTrue();
    assertThat(verdict.facts().orElseThrow().values())
        .containsEntry("server_version", "6.0.14")
        .containsEntry("tool_version", "100.12.2")
        .containsEntry("databases", "shop")
        .containsEntry("collections", "2")
        .containsEntry("documents", "8");
  }

  @Test
  void anArchiveCutBetweenTwoBlocksIsBad() throws IOException {
    byte[] whole = ArchiveSamples.archive(ORDERS, ITEMS);
    byte[] lastBlock = ArchiveSamples.archive(ITEMS);
    int cut = whole.length;
    while (cut > whole.length - lastBlock.length) {
      cut--;
      assertThat(check(Arrays.copyOf(whole, cut)).good()).as("cut to %s", cut).isFalse();
    }
  }

  @Test
  void aDocumentThatChangedIsFoundByItsChecksum() throws IOException {
    byte[] archive = ArchiveSamples.archive(ORDERS);
    int at = indexOf(archive, "v3");
    archive[at + 1] = '4';

    assertThat(check(archive).findings())
        .anyMatch(text -> text.contains("checksum of shop.orders"));
  }

  @Test
  void aDatabaseThatWasNotThereGivesNoBackup() throws IOException {
    assertThat(check(ArchiveSamples.archive()).findings())
        .containsExactly("the archive holds no collection: the database was not there, or hidden");
  }

  @Test
  void anImpossibleLengthCostsNoMemory() throws IOException {
    byte[] archive = ArchiveSamples.archive(ORDERS);
    for (int value : new int[] {Integer.MAX_VALUE, 0x7f000000, 4, 0, -2}) {
      byte[] damaged = archive.clone();
      for (int i = 0; i < 4; i++) {
        damaged[4 + i] = (byte) (value >>> 8 * i);
      }
      assertThat(check(damaged).findings()).anyMatch(text -> text.contains("impossible length"));
    }
  }

  @Test
  void anotherFormatVersionIsNamed() throws IOException {
    byte[] archive = ArchiveSamples.archive(ORDERS);
    archive[indexOf(archive, "0.1")] = '7';

    assertThat(check(archive).findings()).anyMatch(text -> text.contains("\"7.1\""));
  }

  private static Verdict check(byte[] archive) throws IOException {
    return ArchiveCheck.verdict(new ByteArrayInputStream(MongoEngineLab.gzip(archive)));
  }

  private static int indexOf(byte[] bytes, String text) {
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    return at;
  }

  @Test
  void theOplogOfAWholeDeploymentIsSeen() throws IOException {
    Verdict verdict =
        check(ArchiveSamples.archive(ORDERS, new ArchiveSamples.Part("", "oplog", List.of())));

    assertThat(verdict.facts().orElseThrow().values()).containsEntry("oplog", "true");
  }
}
