package io.keepset.terraform.coverage;

import java.util.List;
import java.util.Locale;

/**
 * One managed resource in a plan; each instance of {@code count} and {@code for_each} is one.
 *
 * @param address in full: {@code module.shop.aws_db_instance.orders["eu"]}
 * @param attributes as it will be; of what is destroyed as it was
 */
record Resource(String address, String type, Action action, Attributes attributes) {
  /** What the plan does to it. */
  enum Action {
    KEEP,
    CREATE,
    UPDATE,
    REPLACE,
    DESTROY,
    /** Terraform no longer knows it; it goes on to be. */
    FORGET;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Action of(List<String> actions) {
      if (actions.contains("create")) {
        return actions.size() > 1 ? REPLACE : CREATE;
      }
      if (actions.contains("delete")) {
        return DESTROY;
      }
      if (actions.contains("forget")) {
        return FORGET;
      }
      return actions.contains("update") ? UPDATE : KEEP;
    }
  }
}
