package io.keepset.spi;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.RetentionReach;
import io.keepset.policy.Protection;
import java.util.List;

/** What a platform can express. Pure: asked at plan time, before anything is written. */
public interface Capabilities {
  /**
   * What of this protection the platform can't do: one error per wish, with the nearest value that
   * it can do as the hint. {@code pointer} holds the field path ({@code point_in_time}).
   */
  List<Diagnostic> unsupported(Protection desired);

  /**
   * How its retention treats backups that were made before a change. A platform that does not say
   * is taken to reach back, which costs most.
   */
  default RetentionReach retentionReach() {
    return RetentionReach.REACHES_BACK;
  }
}
