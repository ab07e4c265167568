package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;

/** Grades of the fields of a {@link Schedule}. */
final class ScheduleGrading {
  private ScheduleGrading() {}

  /**
   * @param path below {@code schedule}: {@code nightly.cron}
   */
  static Grade of(String path, Protection before, Protection after) {
    String name = Grading.head(path);
    Schedule old = before.schedules().get(name);
    Schedule wanted = after.schedules().get(name);
    if (old == null || wanted == null) {
      return wanted == null ? Grade.WEAKENS : Grade.STRENGTHENS;
    }
    return Grading.rest(path).equals("jitter") ? Grade.NEUTRAL : Grade.WEAKENS;
  }
}
