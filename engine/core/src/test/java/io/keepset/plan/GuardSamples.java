package io.keepset.plan;

import io.keepset.policy.GuardRails;
import io.keepset.retention.KeepSet;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What guards are told in tests. */
final class GuardSamples {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private GuardSamples() {}

  static Circumstances circumstances(Plan plan) {
    return circumstances(plan, GuardRails.NONE);
  }

  static Circumstances circumstances(Plan plan, GuardRails rails) {
    return new Circumstances(
        rails, Precedents.NONE, new TreeMap<>(), Map.of(), KeepSet::noHolds, new TreeMap<>(), NOW);
  }
}
