package io.keepset.plan;

import io.keepset.policy.Approval;
import io.keepset.policy.GuardRails;
import io.keepset.policy.Limits;
import io.keepset.policy.Limits.Belt;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.testing.Any;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A plan of any kind with what guards know besides, for their laws. */
record AnyProposal(
    Plan plan,
    SortedMap<String, Resolved> databases,
    Map<TargetId, List<Backup>> history,
    Function<Backup, List<String>> holds,
    Limits limits) {
  static final Instant NOW = GuardSamples.NOW;

  static AnyProposal of(Random random) {
    Map<String, Protection> live = new LinkedHashMap<>();
    AnyState.databases(random).forEach(p -> live.put(p.name(), ruled(random, p)));
    List<Protection> files = new ArrayList<>();
    for (Protection wish : AnyState.databases(random)) {
      Protection before = live.get(wish.name());
      files.add(before == null ? ruled(random, wish) : mixed(random, before, ruled(random, wish)));
    }
    for (Protection before : live.values()) {
      boolean said = files.stream().anyMatch(p -> p.name().equals(before.name()));
      if (!said && Any.chance(random, 0.7)) {
        files.add(before);
      }
    }
    Desired desired = Samples.desired(files.toArray(Protection[]::new));
    Plan compared =
        Planner.compare(
            desired,
            Samples.live(live.values().toArray(Protection[]::new)),
            Any.mostly(random, Mode.FULL, Mode.ADDITIVE, Mode.OBSERVE));
    Map<TargetId, List<Backup>> history = new HashMap<>();
    compared.changes().forEach(c -> history.put(c.target(), backups(random, c.target().name())));
    int every = Any.of(random, 0, 0, 5);
    Function<Backup, List<String>> holds =
        backup ->
            every > 0 && Math.floorMod(backup.id().hashCode(), every) == 0
                ? List.of("hold case-1")
                : List.of();
    Plan plan = Weighing.weigh(compared, new Stock(history, holds, Map.of()), NOW, 1);
    return new AnyProposal(plan, desired.databases(), history, holds, limits(random));
  }

  Circumstances circumstances(Collection<Approval> approvals, SortedMap<String, Spent> spent) {
    TreeMap<String, Approval> byName = new TreeMap<>();
    approvals.forEach(approval -> byName.put(approval.name(), approval));
    TreeMap<String, Integer> restorable = new TreeMap<>();
    history.forEach((target, all) -> restorable.merge(target.platform(), all.size(), Integer::sum));
    return new Circumstances(
        new GuardRails(limits, byName, GuardRails.NONE.zone(), true, true),
        new Precedents(spent, Optional.empty(), ApprovalEndorsement.ANY, List.of(), List.of()),
        databases,
        history,
        holds,
        restorable,
        NOW);
  }

  Verdict judged(Collection<Approval> approvals) {
    return judged(approvals, new TreeMap<>());
  }

  Verdict judged(Collection<Approval> approvals, SortedMap<String, Spent> spent) {
    return Guards.judge(Guards.always(), plan, circumstances(approvals, spent));
  }

  private static Limits limits(Random random) {
    return Any.mostly(
        random,
        Limits.DEFAULT,
        new Limits(new Belt(0, 0), new Belt(0, 0)),
        new Limits(new Belt(100, 100_000), new Belt(100, 100_000)));
  }

  private static List<Backup> backups(Random random, String name) {
    List<Backup> backups = new ArrayList<>();
    for (int day = Any.of(random, 0, 0, 0, 3, 9, 20); day > 0; day--) {
      if (Any.chance(random, 0.9)) {
        backups.add(PrinterSamples.backup(name, NOW.minus(Duration.ofDays(day))));
      }
    }
    return backups;
  }

  /** Some are under compliance rules, which are part of the protection. */
  private static Protection ruled(Random random, Protection p) {
    if (Any.chance(random, 0.7)) {
      return p;
    }
    TreeMap<String, String> options = new TreeMap<>(p.options().values());
    options.put(
        "compliance.pci."
            + Any.of(
                random,
                "forbid.disable",
                "forbid.pause",
                "forbid.delete_backup",
                "forbid.shorten_retention"),
        "true");
    if (random.nextBoolean()) {
      options.put("compliance.pci.minimum.retention.daily", Any.of(random, "1", "7", "30"));
    }
    if (random.nextBoolean()) {
      options.put("compliance.pci.minimum.grace", Any.of(random, "1d", "30d"));
    }
    return p.withOptions(new Options(options));
  }

  /** Mostly as before; some of it as wished. */
  private static Protection mixed(Random random, Protection a, Protection b) {
    return new Protection(
        Any.mostly(random, a.target(), b.target()),
        a.engine(),
        Any.mostly(random, a.schedules(), b.schedules()),
        Any.of(random, a.retention(), b.retention()),
        Any.mostly(random, a.pointInTime(), b.pointInTime()),
        Any.mostly(random, a.copies(), b.copies()),
        Any.mostly(random, a.finalBackup(), b.finalBackup()),
        Any.mostly(random, a.grace(), b.grace()),
        Any.mostly(random, a.objective(), b.objective()),
        Any.mostly(random, a.suspension(), b.suspension()),
        Any.mostly(random, a.labels(), b.labels()),
        Any.mostly(random, a.store(), Optional.of("dr")),
        Any.mostly(random, a.connection(), b.connection()),
        Any.mostly(random, a.options(), b.options()));
  }
}
