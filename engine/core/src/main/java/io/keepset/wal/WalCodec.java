package io.keepset.wal;

import io.keepset.policy.ProtectionCodec;
import io.keepset.runner.artifact.Fingerprint;
import io.keepset.runner.artifact.SealedObject;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.wal.BasePoint;
import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.TimelineHistory;
import io.keepset.spi.wal.WalScan;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What is known of logs as JSON: beside the objects in a store, and in the state. */
public final class WalCodec {
  /** The newest layout; raised when an older Keepset could misread it. */
  private static final long FORMAT = 1;

  private WalCodec() {}

  public static String encode(WalFile file) {
    MapBuilder map =
        new MapBuilder()
            .put("format", FORMAT)
            .put("database", file.database())
            .put("system_id", file.systemId())
            .put("name", file.name())
            .put("archived", file.archivedAt())
            .put("key", file.object().key())
            .put("size", file.object().plain().size())
            .put("crc32c", file.object().plain().sum())
            .put("stored_size", file.object().stored().size())
            .put("stored_sha256", file.object().stored().sum())
            .putText("encryption_key", file.object().keyId());
    file.scan().ifPresent(scan -> map.put("segment", encode(scan)));
    file.history().ifPresent(history -> map.put("history", encode(history)));
    return JsonText.writeCompact(map.build());
  }

  private static MapBuilder encode(TimelineHistory history) {
    MapBuilder forks = new MapBuilder();
    history
        .forks()
        .forEach(fork -> forks.put(String.valueOf(fork.timeline()), Lsn.format(fork.lsn())));
    return new MapBuilder().put("timeline", history.timeline()).put("left", forks);
  }

  private static TimelineHistory history(MapNode map) {
    List<TimelineHistory.Fork> forks = new ArrayList<>();
    map.map("left")
        .ifPresent(
            left ->
                left.keys()
                    .forEach(
                        timeline ->
                            forks.add(
                                new TimelineHistory.Fork(
                                    Integer.parseInt(timeline), lsn(text(left, timeline))))));
    forks.sort(Comparator.comparing(TimelineHistory.Fork::timeline));
    return new TimelineHistory((int) number(map, "timeline"), forks);
  }

  private static MapBuilder encode(WalScan scan) {
    MapBuilder map =
        new MapBuilder()
            .put("timeline", scan.timeline())
            .put("segment_size", scan.segmentSize())
            .put("start", Lsn.format(scan.start()))
            .put("end", Lsn.format(scan.end()))
            .put("full", scan.full())
            .putText("last_record", scan.lastRecord().map(Lsn::format))
            .putTime("first_commit", scan.firstCommit())
            .putTime("last_commit", scan.lastCommit());
    MapBuilder marks = new MapBuilder();
    scan.marks().forEach((name, lsn) -> marks.put(name, Lsn.format(lsn)));
    scan.opening()
        .ifPresent(
            opening ->
                map.put("opened", opening.at()).putTime("last_before", opening.lastBefore()));
    return map.put("marks", marks);
  }

  /**
   * @param store where it was found
   * @throws DriverException DAMAGED if it is not what {@link #encode} wrote, REJECTED if a newer
   *     Keepset wrote it
   */
  public static WalFile file(
      byte[] json,
      String store,
      Optional<Instant> expiredAt,
      Optional<Instant> deleteAfter,
      String where)
      throws DriverException {
    MapNode map = parse(json, where);
    try {
      if (number(map, "format") > FORMAT) {
        throw new DriverException(
            Kind.REJECTED, where + " was written by a newer Keepset: upgrade this one first");
      }
      return new WalFile(
          text(map, "database"),
          text(map, "system_id"),
          text(map, "name"),
          map.map("segment").map(segment -> scan(text(map, "system_id"), segment)),
          map.map("history").map(WalCodec::history),
          store,
          new SealedObject(
              text(map, "key"),
              Fingerprint.crc32c(number(map, "size"), text(map, "crc32c")),
              Fingerprint.sha256(number(map, "stored_size"), text(map, "stored_sha256")),
              map.text("encryption_key")),
          Instant.parse(text(map, "archived")),
          expiredAt,
          deleteAfter);
    } catch (NoSuchElementException | NumberFormatException | DateTimeException e) {
      throw new DriverException(Kind.DAMAGED, where + " is not whole: " + e.getMessage(), e);
    }
  }

  private static WalScan scan(String systemId, MapNode map) {
    TreeMap<String, Long> marks = new TreeMap<>();
    map.map("marks")
        .ifPresent(
            all -> all.keys().forEach(name -> marks.put(name, lsn(all.text(name).orElseThrow()))));
    return new WalScan(
        systemId,
        (int) number(map, "timeline"),
        (int) number(map, "segment_size"),
        lsn(text(map, "start")),
        lsn(text(map, "end")),
        text(map, "full").equals("true"),
        map.text("last_record").map(WalCodec::lsn),
        map.text("first_commit").map(Instant::parse),
        map.text("last_commit").map(Instant::parse),
        marks,
        map.text("opened")
            .map(Instant::parse)
            .map(at -> new WalScan.Opening(at, map.text("last_before").map(Instant::parse))));
  }

  public static String encode(BasePoint point) {
    return JsonText.writeCompact(
        new MapBuilder()
            .put("system_id", point.systemId())
            .put("timeline", point.timeline())
            .put("segment_size", point.segmentSize())
            .put("start", Lsn.format(point.start()))
            .put("stop", Lsn.format(point.stop()))
            .putTime("stopped", point.stopped())
            .build());
  }

  /** What {@link #encode(BasePoint)} wrote. */
  public static BasePoint base(String json) {
    MapNode map = own(json);
    return new BasePoint(
        text(map, "system_id"),
        (int) number(map, "timeline"),
        (int) number(map, "segment_size"),
        lsn(text(map, "start")),
        lsn(text(map, "stop")),
        map.text("stopped").map(Instant::parse));
  }

  public static MapNode encode(WalStatus status) {
    MapBuilder map =
        new MapBuilder()
            .put("database", status.database())
            .put("at", status.at())
            .put("receiving", status.receiving())
            .putText("error", status.error())
            .putTime("error_since", status.errorSince())
            .putText("slot", status.slot())
            .putNumber("left", status.left())
            .put("limited", status.limited())
            .putTime("covered_until", status.coveredUntil())
            .putText("covered_system", status.covered().map(WalStatus.Covered::systemId))
            .putText("covered_timeline", status.covered().map(covered -> "" + covered.timeline()))
            .put("behind", status.behind())
            .putTime("behind_since", status.behindSince())
            .putText("archiver_failure", status.archiverFailure())
            .putText("kept_slot", status.kept().map(WalStatus.Kept::slot));
    status.kept().ifPresent(kept -> map.put("kept_for", ProtectionCodec.encode(kept.protection())));
    return map.build();
  }

  /** What {@link #encode(WalStatus)} wrote. */
  public static WalStatus status(String json) {
    MapNode map = own(json);
    return new WalStatus(
        text(map, "database"),
        Instant.parse(text(map, "at")),
        text(map, "receiving").equals("true"),
        map.text("error"),
        map.text("error_since").map(Instant::parse),
        map.text("slot"),
        map.text("left").map(Long::parseLong).map(OptionalLong::of).orElse(OptionalLong.empty()),
        text(map, "limited").equals("true"),
        covered(map),
        number(map, "behind"),
        map.text("behind_since").map(Instant::parse),
        map.text("archiver_failure"),
        kept(map));
  }

  private static Optional<WalStatus.Kept> kept(MapNode map) {
    try {
      return map.map("kept_for")
          .map(was -> new WalStatus.Kept(text(map, "kept_slot"), ProtectionCodec.decode(was)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of another Keepset; the next turn of a receiver writes it anew
    }
  }

  /** What an earlier Keepset wrote says no timeline, and so nothing. */
  private static Optional<WalStatus.Covered> covered(MapNode map) {
    return map.text("covered_until").isEmpty() || map.text("covered_system").isEmpty()
        ? Optional.empty()
        : Optional.of(
            new WalStatus.Covered(
                Instant.parse(text(map, "covered_until")),
                text(map, "covered_system"),
                (int) number(map, "covered_timeline")));
  }

  private static MapNode own(String json) {
    try {
      return parse(json.getBytes(StandardCharsets.UTF_8), "state");
    } catch (DriverException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MapNode parse(byte[] json, String where) throws DriverException {
    Node node = JsonText.read(new SourceFile(where, json)).value();
    if (node instanceof MapNode map) {
      return map;
    }
    throw new DriverException(Kind.DAMAGED, where + " is not whole: it is no JSON object");
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> new NoSuchElementException(key + " is missing"));
  }

  private static long number(MapNode map, String key) {
    return Long.parseLong(text(map, key));
  }

  private static long lsn(String text) {
    return Lsn.parse(text).orElseThrow(() -> new NoSuchElementException(text + " is no position"));
  }
}
