package io.keepset.app;

import io.keepset.app.state.Audit;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The audit in the state that is open here. */
record LocalTrail(Audit audit, InstantSource clock) implements AuditTrail {
  @Override
  public void note(String by, String action, String target, String detail) {
    audit.add(new Audit.Entry(clock.instant(), by, action, target, Optional.of(detail)));
  }

  @Override
  public List<Audit.Entry> newest(int limit) {
    return audit.newest(limit);
  }
}
