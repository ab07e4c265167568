package io.keepset.app.terraform.state;

import io.keepset.app.state.TerraformStates.Version;
import io.keepset.policy.Retention;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupBuilder;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.KeepSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which versions of a state a retention keeps: what it would keep of backups made at these times.
 * Days and months are those of UTC.
 */
record Versions(Retention rules) {
  /**
   * What goes.
   *
   * @param versions of one state, the newest first; that one stays, whatever clocks said
   */
  List<Version> gone(List<Version> versions, Instant now) {
    List<Backup> backups = new ArrayList<>();
    for (Version version : versions) {
      backups.add(backup(version));
    }
    Set<String> kept = new HashSet<>();
    KeepSet.decide(backups, rules, ZoneOffset.UTC, now, KeepSet::noHolds)
        .kept()
        .forEach(backup -> kept.add(backup.id()));
    List<Version> gone = new ArrayList<>();
    for (Version version : versions.subList(Math.min(1, versions.size()), versions.size())) {
      if (!kept.contains(id(version))) {
        gone.add(version);
      }
    }
    return gone;
  }

  private static String id(Version version) {
    return String.format(Locale.ROOT, "%019d", version.version());
  }

  private static Backup backup(Version version) {
    return new BackupBuilder(
            id(version),
            version.state(),
            "terraform",
            BackupKind.SCHEDULED,
            BackupState.CREATED,
            version.at())
        .finished(Optional.of(version.at()))
        .size(OptionalLong.of(version.size()))
        .verifiedAt(Optional.of(version.at()))
        .build();
  }
}
