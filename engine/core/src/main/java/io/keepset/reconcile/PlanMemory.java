package io.keepset.reconcile;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Unchanged;
import io.keepset.policy.Compliance;
import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Copy;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Many;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one plan leaves to the next, so that its cost follows the change. A plan made with a memory
 * equals one made without. It goes by identity: a database whose {@link Resolved} and whose
 * platform are the same objects as before is not thought about again. Not for several threads at
 * once.
 */
public final class PlanMemory {
  private final Unchanged unchanged = new Unchanged();
  private Map<String, StoreSpec> stores = Map.of();
  private List<DeclaredHold> holds = List.of();
  private Map<String, Stored> stored = Map.of();
  private SortedMap<String, Compliance> rules = new TreeMap<>();
  private Map<String, Ruled> ruled = Map.of();
  private Map<String, Wish> wishes = Map.of();

  /** A database with the rules that it is under; they are the same for all of one plan. */
  private record Ruled(Resolved given, Resolved made) {
    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(Resolved other) {
      return given == other;
    }
  }

  private record Stored(Resolved given, List<StoreSpec> stores, Resolved made) {
    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(Resolved other) {
      return given == other;
    }

    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(Resolved otherGiven, List<StoreSpec> others) {
      boolean same = given == otherGiven && stores.size() == others.size();
      for (int i = 0; same && i < stores.size(); i++) {
        same = stores.get(i) == others.get(i);
      }
      return same;
    }
  }

  /**
   * A wish in the words of its platform.
   *
   * @param findings what the platform can't do of it
   */
  record Wish(
      Resolved given, @Nullable Platform platform, Resolved echo, List<Diagnostic> findings) {
    @SuppressWarnings("ReferenceEquality") // a platform that could answer otherwise is another one
    boolean isOf(Resolved otherGiven, @Nullable Platform other) {
      return platform != null && given == otherGiven && platform == other;
    }
  }

  /** Makes a wish of what is declared. */
  interface Asking {
    Wish ask(Resolved resolved, @Nullable Platform platform);
  }

  Unchanged unchanged() {
    return unchanged;
  }

  /** Each database with what other blocks say about it: its store, and the holds on it. */
  SortedMap<String, Resolved> whole(PolicySet policies) {
    SortedMap<String, Resolved> databases = policies.protections();
    Map<String, StoreSpec> specs = new HashMap<>();
    policies.stores().forEach((name, spec) -> specs.put(name, same(stores.get(name), spec)));
    List<DeclaredHold> declared = List.copyOf(policies.holds().values());
    boolean sameHolds = declared.equals(holds);
    boolean sameBeside = sameHolds && areSame(specs);
    Map<String, Stored> next = new HashMap<>(databases.size() * 2);
    TreeMap<String, Resolved> all = new TreeMap<>(databases);
    for (Map.Entry<String, Resolved> entry : all.entrySet()) {
      Resolved given = entry.getValue();
      Stored before = stored.get(entry.getKey());
      if (sameBeside && before != null && before.isOf(given)) {
        next.put(entry.getKey(), before);
        entry.setValue(before.made());
        continue;
      }
      List<StoreSpec> used = used(given.protection(), specs);
      if (!used.isEmpty() || !declared.isEmpty()) {
        Stored known = before;
        if (known == null || !known.isOf(given, used)) {
          known = new Stored(given, used, made(given, specs, declared));
        } else if (!sameHolds) {
          // Most holds cover few databases: the others stay the objects that they were.
          Resolved made = made(given, specs, declared);
          known = made.equals(known.made()) ? known : new Stored(given, used, made);
        }
        next.put(entry.getKey(), known);
        entry.setValue(known.made());
      }
    }
    stores = specs;
    holds = declared;
    stored = next;
    return all;
  }

  /** True if each store is the object that it was in the last plan. */
  @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
  private boolean areSame(Map<String, StoreSpec> specs) {
    boolean same = specs.size() == stores.size();
    for (Map.Entry<String, StoreSpec> spec : specs.entrySet()) {
      same = same && stores.get(spec.getKey()) == spec.getValue();
    }
    return same;
  }

  private static Resolved made(
      Resolved given, Map<String, StoreSpec> stores, List<DeclaredHold> holds) {
    return HoldFields.add(StoreFields.add(given, stores), holds);
  }

  /** The stores of a database and of its copies. */
  private static List<StoreSpec> used(Protection protection, Map<String, StoreSpec> specs) {
    return Stream.concat(
            protection.store().stream(), protection.copies().values().stream().map(Copy::to))
        .map(specs::get)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Each database with the compliance rules that apply to it. */
  SortedMap<String, Resolved> withRules(
      SortedMap<String, Resolved> databases, SortedMap<String, Compliance> declared) {
    boolean known = rules.equals(declared);
    Map<String, Ruled> next = new HashMap<>();
    SortedMap<String, Resolved> all = databases;
    if (!declared.isEmpty()) {
      all = new TreeMap<>(databases);
      for (Map.Entry<String, Resolved> entry : all.entrySet()) {
        Resolved given = entry.getValue();
        Ruled before = known ? ruled.get(entry.getKey()) : null;
        Ruled now =
            before != null && before.isOf(given)
                ? before
                : new Ruled(given, ComplianceFields.add(given, declared.values()));
        next.put(entry.getKey(), now);
        entry.setValue(now.made());
      }
    }
    rules = declared;
    ruled = next;
    return all;
  }

  private static StoreSpec same(@Nullable StoreSpec before, StoreSpec now) {
    return before != null && now.equals(before) ? before : now;
  }

  /** Each database as its platform would echo it, by name. */
  Map<String, Wish> wishes(
      SortedMap<String, Resolved> databases, Map<String, Platform> platforms, Asking asking) {
    Map<String, Wish> next = new HashMap<>(databases.size() * 2);
    List<Resolved> open = new ArrayList<>();
    for (Map.Entry<String, Resolved> entry : databases.entrySet()) {
      Resolved given = entry.getValue();
      Wish known = wishes.get(entry.getKey());
      if (known != null && known.isOf(given, platform(given, platforms))) {
        next.put(entry.getKey(), known);
      } else {
        open.add(given);
      }
    }
    for (Wish wish :
        Many.stream(open).map(given -> asking.ask(given, platform(given, platforms))).toList()) {
      next.put(wish.given().protection().name(), wish);
    }
    wishes = next;
    return next;
  }

  private static @Nullable Platform platform(Resolved given, Map<String, Platform> platforms) {
    return platforms.get(given.protection().target().platform());
  }
}
