package io.keepset.spi;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Protection;
import java.util.List;

/** Refusals that several engines share, for {@link Engine#unsupported}. */
public final class Unsupported {
  private Unsupported() {}

  /**
   * Refuses {@code point_in_time}, if it is wished for.
   *
   * @param message says who can't, and why
   */
  public static List<Diagnostic> pointInTime(Protection desired, String message) {
    if (desired.pointInTime().isEmpty()) {
      return List.of();
    }
    return List.of(
        Diagnostic.error("engine.point_in_time", message, null)
            .withPointer("point_in_time")
            .withHint("leave point_in_time out, and schedule backups as often as you need them"));
  }
}
