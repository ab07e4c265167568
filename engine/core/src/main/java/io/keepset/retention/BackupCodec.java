package io.keepset.retention;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A backup as a tree, for {@code --json} and HTTP, and back, without loss. */
public final class BackupCodec {
  private BackupCodec() {}

  public static MapNode encode(Backup backup) {
    return new MapBuilder()
        .put("id", backup.id())
        .put("database", backup.database())
        .put("engine", backup.engine())
        .put("kind", backup.kind().word())
        .put("state", backup.state().name())
        .put("time", backup.time())
        .putTime("finished", backup.finished())
        .putNumber("size", backup.size())
        .putNumber("stored_size", backup.storedSize())
        .put("verified", backup.verified())
        .putTime("verified_at", backup.verifiedAt())
        .putTime("expired_at", backup.expiredAt())
        .putTime("delete_after", backup.deleteAfter())
        .put("suspicious", backup.suspicious())
        .putText("store", backup.store())
        .putText("error", backup.error())
        .putText("copy_of", backup.copyOf().map(CopyOf::backup))
        .putText("copy", backup.copyOf().map(CopyOf::name))
        .putTime("proven_at", backup.provenAt())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the tree is not what {@link #encode} makes; it comes from
   *     another Keepset, never from an author
   */
  public static Backup decode(MapNode map) {
    return new Backup(
        text(map, "id"),
        text(map, "database"),
        text(map, "engine"),
        BackupKind.valueOf(text(map, "kind").toUpperCase(Locale.ROOT).replace('-', '_')),
        BackupState.valueOf(text(map, "state")),
        Instant.parse(text(map, "time")),
        time(map, "finished"),
        number(map, "size"),
        number(map, "stored_size"),
        time(map, "verified_at"),
        time(map, "expired_at"),
        time(map, "delete_after"),
        text(map, "suspicious").equals("true"),
        map.text("store"),
        map.text("error"),
        map.text("copy_of").map(of -> new CopyOf(of, text(map, "copy"))),
        time(map, "proven_at"));
  }

  private static String text(MapNode map, String key) {
    return map.text(key).orElseThrow(() -> new IllegalArgumentException("a backup without " + key));
  }

  private static Optional<Instant> time(MapNode map, String key) {
    return map.text(key).map(Instant::parse);
  }

  private static OptionalLong number(MapNode map, String key) {
    return map.text(key)
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }
}
