package io.keepset.drivers.engine.postgresql.physical;

import io.keepset.drivers.engine.postgresql.physical.UstarScanner.Entry;
import io.keepset.drivers.engine.postgresql.physical.UstarScanner.MalformedTar;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.SegmentName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a base backup as it passes by: a tar of a data directory with its {@code
 * backup_manifest} and the log that makes it consistent. When checksums are taken, every file is
 * compared with the manifest and every record of the log with its own.
 */
public final class BaseBackup {
  /** As in manifests: {@code facts.format}. */
  public static final String FORMAT = "pg_basebackup tar";

  private static final int SMALL = 1 << 20;
  private static final int MANIFEST_LIMIT = 1 << 30;
  private static final String LOG = "pg_wal/";

  /** What a server writes into the archive itself, when it has ended a backup. */
  private static final String DONE = LOG + "archive_status/";

  private final boolean checksums;
  private final UstarScanner scanner;
  private final Map<String, BackupManifest.File> seen = new HashMap<>();
  private final TreeMap<String, Integer> segments = new TreeMap<>();
  private final Map<String, Long> ends = new HashMap<>();
  private final List<String> findings = new ArrayList<>();
  private final CRC32C crc = new CRC32C();
  private @Nullable Entry entry;
  private @Nullable ByteArrayOutputStream kept;
  private @Nullable BackupManifest manifest;
  private long bytes;
  private String version = "";
  private String systemId = "";
  private boolean labelled;
  private long ended;

  /**
   * @param checksums whether all bytes are judged, or only what the archive says of itself
   */
  public BaseBackup(boolean checksums) {
    this.checksums = checksums;
    this.scanner = new UstarScanner(new Listening());
  }

  /** Whether bytes begin as a tar of ours might, and not as a dump. */
  public static boolean isFormat(ArtifactFacts facts) {
    return facts.format().equals(FORMAT);
  }

  public void take(byte[] buffer, int offset, int length) throws IOException {
    scanner.take(buffer, offset, length);
  }

  /** Reads an artifact to its end. */
  public static Verdict verdict(InputStream artifact) throws IOException {
    BaseBackup backup = new BaseBackup(true);
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = artifact.read(buffer); n >= 0; n = artifact.read(buffer)) {
        backup.take(buffer, 0, n);
      }
      return backup.verdict();
    } catch (MalformedTar e) {
      return Verdict.bad(String.valueOf(e.getMessage()));
    }
  }

  /** After the last byte. */
  public Verdict verdict() {
    if (!scanner.ended()) {
      return Verdict.bad("the base backup ends in the middle");
    }
    BackupManifest listed = manifest;
    if (listed == null || systemId.isEmpty() || version.isEmpty() || !labelled) {
      return Verdict.bad(
          "this is not a base backup of PostgreSQL 13 or newer: it lacks "
              + (listed == null ? "backup_manifest" : "PG_VERSION, backup_label or pg_control"));
    }
    listed.files().forEach(this::compare);
    log(listed);
    if (!findings.isEmpty()) {
      return Verdict.bad(findings.stream().limit(10).toArray(String[]::new));
    }
    return Verdict.good(
        facts(listed),
        List.of(
            listed.files().size() + " files as the manifest lists them",
            "log from " + Lsn.format(listed.start()) + " to " + Lsn.format(listed.stop())));
  }

  private void compare(String path, BackupManifest.File listed) {
    BackupManifest.File found = seen.get(path);
    if (found == null) {
      findings.add(path + " is in the manifest, but not in the backup");
    } else if (found.size() != listed.size()) {
      findings.add(path + " has " + found.size() + " bytes; the manifest says " + listed.size());
    } else if (checksums
        && !listed.checksum().isEmpty()
        && !found.checksum().equals(listed.checksum())) {
      findings.add(path + " has changed since the server took its checksum");
    }
  }

  /** All segments from start to stop must be in the archive: it has to start without any other. */
  private void log(BackupManifest listed) {
    int size = segmentSize();
    for (long at = listed.start() / size; at <= (listed.stop() - 1) / size; at++) {
      String name = SegmentName.of(listed.timeline(), at * size, size).toString();
      if (!segments.containsKey(name)) {
        findings.add("the log segment " + name + " that it needs is not in it");
      } else if (checksums
          && ends.getOrDefault(name, 0L) < Math.min(listed.stop(), (at + 1) * size)) {
        findings.add("the log segment " + name + " in it is not whole");
      }
    }
  }

  private int segmentSize() {
    return segments.values().stream().findFirst().orElse(SegmentName.USUAL_SIZE);
  }

  private ArtifactFacts facts(BackupManifest listed) {
    TreeMap<String, String> values = new TreeMap<>();
    values.put("server_version", version);
    values.put("system_id", systemId);
    values.put("timeline", String.valueOf(listed.timeline()));
    values.put("start_lsn", Lsn.format(listed.start()));
    values.put("stop_lsn", Lsn.format(listed.stop()));
    if (ended > 0) {
      // Of whole seconds the next: by then it had ended.
      values.put("stop_time", Instant.ofEpochSecond(ended + 1).toString());
    }
    values.put("segment_size", String.valueOf(segmentSize()));
    values.put("files", String.valueOf(listed.files().size()));
    values.put("bytes", String.valueOf(bytes));
    return new ArtifactFacts(FORMAT, values);
  }

  /** What {@link #facts} wrote; empty for artifacts of another format. */
  public static Optional<BasePoint> point(ArtifactFacts facts) {
    if (!isFormat(facts)) {
      return Optional.empty();
    }
    return Optional.of(
        new BasePoint(
            facts.values().getOrDefault("system_id", ""),
            Integer.parseInt(facts.values().getOrDefault("timeline", "1")),
            Integer.parseInt(
                facts.values().getOrDefault("segment_size", "" + SegmentName.USUAL_SIZE)),
            Lsn.parse(facts.values().getOrDefault("start_lsn", "")).orElse(0L),
            Lsn.parse(facts.values().getOrDefault("stop_lsn", "")).orElse(0L),
            Optional.ofNullable(facts.values().get("stop_time")).map(Instant::parse)));
  }

  private final class Listening implements UstarScanner.Listener {
    @Override
    public void begin(Entry begun) {
      entry = begun;
      crc.reset();
      if (begun.isFile() && begun.name().startsWith(DONE)) {
        ended = Math.max(ended, begun.modified());
      }
      boolean small = begun.isFile() && begun.size() <= SMALL && wanted(begun.name());
      boolean whole =
          (begun.name().equals("backup_manifest") && begun.size() <= MANIFEST_LIMIT)
              || (checksums && isSegment(begun));
      kept = small || whole ? new ByteArrayOutputStream() : null;
    }

    private boolean wanted(String name) {
      return name.equals("PG_VERSION")
          || name.equals("backup_label")
          || name.equals("global/pg_control");
    }

    @Override
    public void data(byte[] buffer, int offset, int length) {
      bytes += length;
      if (checksums) {
        crc.update(buffer, offset, length);
      }
      if (kept != null) {
        kept.write(buffer, offset, length);
      }
    }

    @Override
    public void end() throws IOException {
      Entry ended = entry;
      if (ended == null || !ended.isFile()) {
        return;
      }
      String name = ended.name();
      seen.put(name, new BackupManifest.File(ended.size(), checksum()));
      ByteArrayOutputStream content = kept;
      kept = null;
      if (isSegment(ended)) {
        segments.put(name.substring(LOG.length()), (int) ended.size());
        if (content != null) {
          judge(name, content.toByteArray());
        }
      } else if (content != null) {
        keep(name, content);
      }
    }
  }

  private static boolean isSegment(Entry of) {
    return of.isFile()
        && of.name().startsWith(LOG)
        && SegmentName.parse(of.name().substring(LOG.length())).isPresent();
  }

  private void judge(String name, byte[] segment) {
    try {
      var scan = WalScanner.scan(new ByteArrayInputStream(segment));
      String own = SegmentName.of(scan.timeline(), scan.start(), scan.segmentSize()).toString();
      if (!name.equals(LOG + own)) {
        findings.add(name + " is segment " + own);
      }
      ends.put(own, scan.end());
    } catch (DriverException e) {
      findings.add(name + ": " + e.getMessage());
    }
  }

  private void keep(String name, ByteArrayOutputStream content) throws MalformedTar {
    switch (name) {
      case "backup_manifest" -> manifest = BackupManifest.read(content);
      case "PG_VERSION" -> version = content.toString(StandardCharsets.UTF_8).strip();
      case "backup_label" -> labelled = true;
      case "global/pg_control" ->
          systemId =
              Long.toUnsignedString(
                  ByteBuffer.wrap(content.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getLong());
      default -> {}
    }
  }

  private String checksum() {
    if (!checksums) {
      return "";
    }
    int value = (int) crc.getValue();
    return HexFormat.of()
        .formatHex(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
