package io.keepset.plan;

import io.keepset.policy.Mode;
import java.util.List;

/** The sentences that end a plan, the same in text and markdown. */
final class PlanSummary {
  private static final int NAMES_SHOWN = 5;

  private PlanSummary() {}

  /** {@code Plan: 1 to create, 1 to change, 0 to delete; 1 undeclared.} */
  static String counts(Plan plan) {
    int adopted = plan.count(Action.ADOPT);
    int undeclared = plan.count(Action.UNDECLARED);
    int unsupported = plan.count(Action.UNSUPPORTED);
    StringBuilder text = new StringBuilder();
    if (!plan.hasChanges() && unsupported == 0) {
      text.append(adopted == 0 ? "Nothing to do: " : "No setting changes: ");
      int count = plan.count(Action.NONE) + adopted;
      text.append(count == 1 ? "1 database is" : count + " databases are").append(" as declared");
    } else {
      text.append("Plan: ").append(plan.count(Action.CREATE)).append(" to create, ");
      text.append(plan.count(Action.UPDATE)).append(" to change, ");
      text.append(plan.count(Action.DELETE)).append(" to delete");
    }
    if (adopted > 0) {
      text.append("; ").append(adopted).append(" to take over");
    }
    if (undeclared > 0) {
      text.append("; ").append(undeclared).append(" undeclared");
    }
    if (unsupported > 0) {
      text.append("; ").append(unsupported).append(" unsupported");
    }
    return text.append('.').toString();
  }

  /** Which changes the mode holds back, and how to apply them. */
  static String held(Plan plan, List<String> names) {
    StringBuilder text = new StringBuilder();
    if (plan.mode() == Mode.OBSERVE) {
      text.append("Mode observe: nothing is written.");
      return text.toString();
    }
    text.append("Held back, because mode ")
        .append(plan.mode().word())
        .append(" never weakens and never deletes: ")
        .append(String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size()))));
    if (names.size() > NAMES_SHOWN) {
      text.append(" and ").append(names.size() - NAMES_SHOWN).append(" more");
    }
    text.append(". Apply ").append(names.size() == 1 ? "it" : "them").append(" with --mode full.");
    return text.toString();
  }

  /** Enough of the hash to tell plans apart by eye. */
  static String shortHash(Plan plan) {
    return plan.hash().substring(0, 12);
  }
}
