package io.keepset.runner.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.diagnostic.Location;
import io.keepset.retention.BackupKind;
import io.keepset.retention.CopyOf;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final String ID = "orders-20261121T020700Z-x7k2";
  private static final String KEY = Manifest.manifestKey("orders", ID);
  private static final Manifest MANIFEST =
      new Manifest(
          "0.1.0",
          ID,
          "orders",
          "postgresql",
          BackupKind.ON_DEMAND,
          Instant.parse("2026-11-21T02:07:00Z"),
          Instant.parse("2026-11-21T02:09:30.5Z"),
          Optional.of(Instant.parse("2026-11-21T02:09:31Z")),
          new ArtifactFacts("pg_dump-custom", new TreeMap<>(Map.of("server_version", "15.18"))),
          object(Manifest.artifactKey("orders", ID), Optional.of("00112233445566aa")),
          new TreeMap<>(
              Map.of(
                  "globals.sql",
                  object(Manifest.attachmentKey("orders", ID, "globals.sql"), Optional.empty()))),
          List.of("1 table was locked"),
          new TreeMap<>(Map.of("tier", "prod")),
          Optional.empty());

  @Test
  void whatIsWrittenReadsTheSame() throws Exception {
    assertThat(Manifest.fromNode(MANIFEST.toNode(), KEY)).isEqualTo(MANIFEST);
  }

  @Test
  void aCopySaysOfWhatAndIsRefusedByWhoWouldTakeItForAnOriginal() throws Exception {
    Manifest copy =
        new Manifest(
            "0.1.0",
            ID,
            "orders",
            "postgresql",
            BackupKind.COPY,
            MANIFEST.time(),
            MANIFEST.finished(),
            MANIFEST.verified(),
            MANIFEST.facts(),
            MANIFEST.artifact(),
            MANIFEST.attachments(),
            List.of(),
            MANIFEST.labels(),
            Optional.of(new CopyOf("orders-20261121T020700Z-aaaa", "dr")));

    assertThat(Manifest.fromNode(copy.toNode(), KEY)).isEqualTo(copy);
    assertThat(MANIFEST.format()).isEqualTo(3);
    assertThat(copy.format()).isEqualTo(3);
  }

  @Test
  void refusesOneOfAnotherPlace() {
    String elsewhere = Manifest.manifestKey("orders", "orders-20261122T020700Z-aaaa");

    DriverException e = fails(MANIFEST.toNode(), elsewhere);

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(elsewhere).hasMessageContaining(ID);
  }

  @Test
  void namesAMissingField() {
    for (String field : MANIFEST.toNode().keys()) {
      if (!field.equals("verified")) {
        assertThat(fails(with(field, null), KEY).kind()).isEqualTo(Kind.DAMAGED);
        assertThat(fails(with(field, null), KEY)).hasMessageContaining(field + " is missing");
      }
    }
  }

  @Test
  void refusesANewerFormat() {
    DriverException e = fails(with("format", 4L), KEY);

    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e).hasMessageContaining("newer Keepset").hasMessageContaining("upgrade");
  }

  @Test
  void refusesWrongValues() {
    assertThat(fails(with("time", "yesterday"), KEY)).hasMessageContaining("time is not a time");
    assertThat(fails(with("kind", "weekly"), KEY)).hasMessageContaining("weekly");
    assertThat(fails(new ScalarNode(new Location("x", 1, 1), "text"), KEY))
        .hasMessageContaining("it is text, not a map");
  }

  private static SealedObject object(String key, Optional<String> keyId) {
    return new SealedObject(
        key, Fingerprint.crc32c(3, "ab".repeat(4)), Fingerprint.sha256(5, "cd".repeat(32)), keyId);
  }

  private static DriverException fails(io.keepset.source.Node node, String key) {
    return catchThrowableOfType(DriverException.class, () -> Manifest.fromNode(node, key));
  }

  private static MapNode with(String field, Object value) {
    MapNode node = MANIFEST.toNode();
    List<MapNode.Entry> entries = new ArrayList<>(node.entries());
    entries.removeIf(e -> e.key().equals(field));
    if (value != null) {
      entries.add(new MapNode.Entry(field, node.at(), new ScalarNode(node.at(), value)));
    }
    return new MapNode(node.at(), entries);
  }
}
