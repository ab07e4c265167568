package io.keepset.app.http;

import io.keepset.app.AuditTrail;
import io.keepset.app.state.Audit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries in memory. */
final class FakeTrail implements AuditTrail {
  final List<Audit.Entry> entries = new ArrayList<>();

  @Override
  public void note(String by, String action, String target, String detail) {
    entries.add(0, new Audit.Entry(FakeHolds.SINCE, by, action, target, Optional.of(detail)));
  }

  @Override
  public List<Audit.Entry> newest(int limit) {
    return entries.subList(0, Math.min(limit, entries.size()));
  }
}
