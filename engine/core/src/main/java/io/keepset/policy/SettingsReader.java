package io.keepset.policy;

import io.keepset.source.MapNode;

/** Reads the {@code keepset} block. */
final class SettingsReader {
  private SettingsReader() {}

  static Settings read(Declared block) {
    Reading reading = new Reading();
    MapNode body = block.body();
    MapNode limits = reading.map(body, "limits");
    Settings otherwise = Settings.DEFAULT;
    return new Settings(
        reading.text(body, "mode").flatMap(Mode::of),
        new Limits(
            belt(reading.map(limits, "backups_deleted"), otherwise.limits().backupsDeleted()),
            belt(
                reading.map(limits, "databases_disabled"), otherwise.limits().databasesDisabled())),
        reading.count(body, "max_concurrent_runs").orElse(otherwise.maxConcurrentRuns()),
        reading.count(body, "suspicious_below_percent").orElse(otherwise.suspiciousBelowPercent()),
        AlertingCodec.decode(body),
        approvals(reading.map(body, "approvals")),
        TerraformStateCodec.decode(body));
  }

  private static ApprovalRules approvals(MapNode map) {
    Reading reading = new Reading();
    return new ApprovalRules(
        reading.flag(map, "signed").orElse(false),
        reading.text(map, "allowed_signers"),
        reading.flag(map, "other_author").orElse(false));
  }

  private static Limits.Belt belt(MapNode map, Limits.Belt otherwise) {
    Reading reading = new Reading();
    return new Limits.Belt(
        reading.count(map, "percent").orElse(otherwise.percent()),
        reading.count(map, "count").orElse(otherwise.count()));
  }
}
