package io.keepset.app;

import io.keepset.policy.Alerting;
import io.keepset.policy.AlertingCodec;
import io.keepset.policy.Settings;
import io.keepset.policy.TerraformStateCodec;
import io.keepset.policy.TerraformStateRules;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;

/** The settings of an installation; those that were applied last, until new ones are. */
final class SettingsInForce {
  private static final String SUSPICIOUS = "suspicious_below_percent";
  private static final String RUNS = "max_concurrent_runs";

  private final KnownDeclarations known;
  private volatile int suspiciousBelowPercent = Settings.DEFAULT.suspiciousBelowPercent();
  private volatile int mostRuns = Settings.DEFAULT.maxConcurrentRuns();
  private volatile Alerting alerting = Alerting.NONE;
  private volatile TerraformStateRules terraform = TerraformStateRules.DEFAULT;

  SettingsInForce(KnownDeclarations known) {
    this.known = known;
    known.settings().ifPresent(this::recall);
  }

  private void recall(MapNode map) {
    map.text(SUSPICIOUS).ifPresent(v -> suspiciousBelowPercent = Integer.parseInt(v));
    map.text(RUNS).ifPresent(v -> mostRuns = Integer.parseInt(v));
    alerting = AlertingCodec.decode(map);
    terraform = TerraformStateCodec.decode(map);
  }

  /** For good. */
  void remember(Settings settings) {
    suspiciousBelowPercent = settings.suspiciousBelowPercent();
    mostRuns = settings.maxConcurrentRuns();
    alerting = settings.alerting();
    terraform = settings.terraform();
    known.settings(
        TerraformStateCodec.encode(
                AlertingCodec.encode(new MapBuilder(), settings.alerting()), settings.terraform())
            .put(SUSPICIOUS, settings.suspiciousBelowPercent())
            .put(RUNS, settings.maxConcurrentRuns())
            .build());
  }

  int suspiciousBelowPercent() {
    return suspiciousBelowPercent;
  }

  int mostRuns() {
    return mostRuns;
  }

  Alerting alerting() {
    return alerting;
  }

  /** For as long as this process runs. */
  void alerting(Alerting newAlerting) {
    alerting = newAlerting;
  }

  TerraformStateRules terraform() {
    return terraform;
  }
}
