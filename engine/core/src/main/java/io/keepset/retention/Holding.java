package io.keepset.retention;

import io.keepset.policy.HeldDays;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The holds on the backups of one database: says of each backup what holds it, in the form that
 * {@link KeepSet#decide} takes.
 */
public record Holding(List<Held> holds) implements Function<Backup, List<String>> {
  public static final Holding NONE = new Holding(List.of());

  /**
   * One of them.
   *
   * @param name of the hold
   */
  public record Held(String name, HeldDays days) {}

  public Holding {
    holds = List.copyOf(holds);
  }

  /** The holds that are part of the protection. */
  public static Holding in(Protection protection) {
    List<Held> held = new ArrayList<>();
    HoldFields.of(protection).forEach((name, days) -> held.add(new Held(name, days)));
    return new Holding(held);
  }

  /** These and the others. */
  public Holding and(Holding others) {
    List<Held> all = new ArrayList<>(holds);
    all.addAll(others.holds);
    return new Holding(all);
  }

  /** Together with what else holds. */
  public Function<Backup, List<String>> with(Function<Backup, List<String>> others) {
    if (holds.isEmpty()) {
      return others;
    }
    return backup -> {
      TreeSet<String> all = new TreeSet<>(apply(backup));
      all.addAll(others.apply(backup));
      return List.copyOf(all);
    };
  }

  /** As printed, in the order of their names: {@code hold case-1234}. */
  @Override
  public List<String> apply(Backup backup) {
    if (holds.isEmpty()) {
      return List.of();
    }
    TreeSet<String> names = new TreeSet<>();
    for (Held held : holds) {
      if (held.days().covers(backup.time())) {
        names.add("hold " + held.name());
      }
    }
    return List.copyOf(names);
  }
}
