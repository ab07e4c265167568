package io.keepset.app.http;

import io.keepset.policy.HeldDays;
import io.keepset.policy.Hold;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Holds in memory; each covers what it names. */
final class FakeHolds implements HoldOperations {
  static final Instant SINCE = Instant.parse("2026-11-21T12:00:00Z");

  final List<InForce> holds = new ArrayList<>();
  final List<String> ended = new ArrayList<>();

  @Override
  public List<InForce> list() {
    return List.copyOf(holds);
  }

  @Override
  public void add(Hold hold, String by) {
    TreeMap<String, HeldDays> databases = new TreeMap<>();
    hold.databases().forEach(name -> databases.put(name, hold.days(ZoneOffset.UTC)));
    holds.add(new InForce(hold, Kind.HAND, "", SINCE, by, databases));
  }

  @Override
  public void end(String name, String reason, String by) throws DriverException {
    if (!holds.removeIf(one -> one.hold().name().equals(name))) {
      throw new DriverException(DriverException.Kind.NOT_FOUND, "there is no hold " + name);
    }
    ended.add(name + ": " + reason + ", " + by);
  }
}
