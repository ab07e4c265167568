package io.keepset.app.http;

import io.keepset.access.Caller;
import io.keepset.plan.PlanFile;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.Report;
import io.keepset.spi.DriverException;
import java.util.function.Consumer;

/** Takes plans that requests bring, judges them and carries them out. Safe for several threads. */
@FunctionalInterface
public interface PlanDesk {
  /**
   * @param heard of each change as it ends
   * @return refused, unless all that judges plans lets this one through
   * @throws DriverException REJECTED if this server takes no plan like it
   */
  Report apply(PlanFile brought, Caller by, Consumer<Outcome> heard) throws DriverException;
}
