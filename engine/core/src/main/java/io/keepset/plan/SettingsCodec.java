package io.keepset.plan;

import io.keepset.policy.AlertingCodec;
import io.keepset.policy.ApprovalRulesCodec;
import io.keepset.policy.Limits;
import io.keepset.policy.Limits.Belt;
import io.keepset.policy.Mode;
import io.keepset.policy.Settings;
import io.keepset.policy.TerraformStateCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;

/** The settings of a repository in a {@link PlanFile}. */
final class SettingsCodec {
  private SettingsCodec() {}

  static MapBuilder encode(Settings settings) {
    MapBuilder map = new MapBuilder();
    AlertingCodec.encode(map, settings.alerting());
    TerraformStateCodec.encode(map, settings.terraform());
    return map.putText("mode", settings.mode().map(Mode::word))
        .put("backups_deleted", belt(settings.limits().backupsDeleted()))
        .put("databases_disabled", belt(settings.limits().databasesDisabled()))
        .put("max_concurrent_runs", settings.maxConcurrentRuns())
        .put("suspicious_below_percent", settings.suspiciousBelowPercent())
        .put("approvals", ApprovalRulesCodec.encode(settings.approvals()));
  }

  static Settings decode(MapNode map) {
    return new Settings(
        map.text("mode").flatMap(Mode::of),
        new Limits(
            belt(ResolvedCodec.map(map, "backups_deleted")),
            belt(ResolvedCodec.map(map, "databases_disabled"))),
        number(map, "max_concurrent_runs"),
        number(map, "suspicious_below_percent"),
        AlertingCodec.decode(map),
        ApprovalRulesCodec.decode(ResolvedCodec.map(map, "approvals")),
        TerraformStateCodec.decode(map));
  }

  private static MapBuilder belt(Belt belt) {
    return new MapBuilder().put("percent", belt.percent()).put("count", belt.count());
  }

  private static Belt belt(MapNode map) {
    return new Belt(number(map, "percent"), number(map, "count"));
  }

  private static int number(MapNode map, String key) {
    return Integer.parseInt(ResolvedCodec.text(map, key));
  }
}
