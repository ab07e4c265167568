package io.keepset.runner;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Copy;
import io.keepset.policy.Nearest;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.Holding;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Platform;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The platform that Keepset itself is. Its settings are the protections in the catalogue; who runs
 * the schedules reads them there.
 */
public final class RunnerPlatform implements Platform {
  public static final String NAME = "runner";

  /** A final backup that young is the one that an interrupted removal had taken. */
  private static final Duration FINAL_IS_FRESH = Duration.ofHours(1);

  private final RunnerPorts ports;
  private final RunnerOperations operations;
  private volatile Seen seen = new Seen(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());

  /** What was read last. What is the same in the next reading stays the same object. */
  private record Seen(
      SortedMap<String, Protection> protections,
      SortedSet<String> names,
      SortedMap<String, LiveTarget> targets) {
    @SuppressWarnings("ReferenceEquality") // equality is what is to be spared
    boolean isOf(SortedMap<String, Protection> otherProtections, SortedSet<String> otherNames) {
      return protections == otherProtections && names == otherNames;
    }

    /** What was the same before stays the same object. */
    @SuppressWarnings("ReferenceEquality") // as above
    SortedMap<String, LiveTarget> targets(
        SortedMap<String, Protection> protectedNow, SortedSet<String> known) {
      TreeMap<String, LiveTarget> now = new TreeMap<>();
      if (names != known) {
        known.forEach(
            name -> now.put(name, target(name, protectedNow.get(name), targets.get(name))));
        return now;
      }
      now.putAll(targets);
      // The usual turn: all are sorted, so nobody need be looked up.
      Iterator<Map.Entry<String, Protection>> rest = protectedNow.entrySet().iterator();
      Map.Entry<String, Protection> next = rest.hasNext() ? rest.next() : null;
      for (Map.Entry<String, LiveTarget> entry : now.entrySet()) {
        while (next != null && next.getKey().compareTo(entry.getKey()) < 0) {
          next = rest.hasNext() ? rest.next() : null;
        }
        Protection wanted =
            next != null && next.getKey().equals(entry.getKey()) ? next.getValue() : null;
        entry.setValue(target(entry.getKey(), wanted, entry.getValue()));
      }
      return now;
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private static LiveTarget target(
        String name, @Nullable Protection protection, @Nullable LiveTarget before) {
      return before != null && before.protection().orElse(null) == protection
          ? before
          : new LiveTarget(new TargetId(NAME, name), Optional.ofNullable(protection), true);
    }
  }

  public RunnerPlatform(RunnerPorts ports) {
    this.ports = ports;
    this.operations = new RunnerOperations(ports);
  }

  /**
   * The same platform, as plans see it that declare stores: these are taken for known. Work is done
   * in the stores that are in force.
   */
  public RunnerPlatform planning(Collection<StoreSpec> declared) {
    return new RunnerPlatform(ports.withStores(new PlannedStores(ports.stores(), declared)));
  }

  @Override
  public Capabilities capabilities() {
    return this::unsupported;
  }

  private List<Diagnostic> unsupported(Protection desired) {
    List<Diagnostic> findings = new ArrayList<>();
    Engine engine = ports.engines().get(desired.engine());
    if (engine == null) {
      findings.add(
          Diagnostic.error("runner.engine", "the runner has no engine " + desired.engine(), null)
              .withHint(known(desired.engine(), ports.engines().keySet()))
              .withPointer("engine"));
    } else {
      findings.addAll(engine.unsupported(desired, ports.stores().declared()));
    }
    Collection<String> stores = ports.stores().names();
    if (desired.store().isEmpty()) {
      findings.add(
          Diagnostic.error("runner.store", "the runner needs a store for its backups", null)
              .withHint(
                  stores.isEmpty()
                      ? "declare one: store: {main: {type: directory, path: /var/backups}}"
                      : "name one of them: " + String.join(", ", stores))
              .withPointer("store"));
    } else if (!stores.contains(desired.store().get())) {
      findings.add(
          Diagnostic.error(
                  "runner.store", "no store " + desired.store().get() + " is declared", null)
              .withHint(known(desired.store().get(), stores))
              .withPointer("store"));
    }
    for (Copy copy : desired.copies().values()) {
      if (!stores.contains(copy.to())) {
        findings.add(
            Diagnostic.error("runner.store", "no store " + copy.to() + " is declared", null)
                .withHint(known(copy.to(), stores))
                .withPointer("copy." + copy.name() + ".to"));
      }
    }
    boolean disabled = desired.suspension().filter(s -> s.disabled()).isPresent();
    if (desired.schedules().isEmpty() && !disabled) {
      findings.add(
          Diagnostic.error(
                  "runner.schedule", "the runner needs a schedule to make backups by", null)
              .withHint("give its policy one: schedule: {nightly: {cron: \"0 2 * * *\"}}")
              .withPointer("schedule"));
    }
    return findings;
  }

  private static String known(String word, Collection<String> names) {
    return Nearest.to(word, names)
        .map(name -> "did you mean " + name + "?")
        .orElse(names.isEmpty() ? "there is none yet" : "there are: " + String.join(", ", names));
  }

  /** The catalogue keeps a protection as it is. */
  @Override
  public Protection normalize(Protection desired) {
    return desired;
  }

  @Override
  public Inventory read() {
    SortedMap<String, Protection> protections = ports.catalogue().protections();
    SortedSet<String> names = ports.catalogue().databases();
    Seen before = seen;
    if (before.isOf(protections, names)) {
      return new Inventory(before.targets());
    }
    SortedMap<String, LiveTarget> targets = before.targets(protections, names);
    seen = new Seen(protections, names, targets);
    return new Inventory(targets);
  }

  @Override
  public SortedMap<String, List<Backup>> backups(Collection<String> databases) {
    return ports.catalogue().backups(databases);
  }

  @Override
  public SortedMap<String, Holding> holds(Collection<String> databases) {
    SortedMap<String, Holding> holds = new TreeMap<>();
    for (String database : databases) {
      Holding holding = ports.holds().byHand(database);
      if (!holding.holds().isEmpty()) {
        holds.put(database, holding);
      }
    }
    return holds;
  }

  @Override
  public void apply(Change change) throws DriverException {
    switch (change.action()) {
      case CREATE, UPDATE, ADOPT -> ports.catalogue().protect(change.after().orElseThrow());
      case DELETE -> release(change.target().name());
      case NONE, UNDECLARED, UNSUPPORTED ->
          throw new IllegalArgumentException(
              "nothing to apply to " + change.target() + ": " + change.action());
    }
  }

  /** The policy ends only once the final backup is safe; until then the schedule goes on. */
  private void release(String database) throws DriverException {
    Optional<Protection> protection = ports.catalogue().protection(database);
    if (protection.isEmpty()) {
      return; // done before
    }
    boolean disabled = protection.get().suspension().filter(s -> s.disabled()).isPresent();
    if (protection.get().finalBackup() && !disabled && !hasFreshFinal(database)) {
      Backup last = operations.create(database, BackupKind.FINAL, Progress.NONE);
      if (last.state() != BackupState.CREATED) {
        throw new DriverException(
            Kind.TRANSIENT,
            database
                + " stays protected, because its final backup failed: "
                + last.error().orElse("for an unknown reason")
                + "; mend that, or set final_backup: false before you remove it");
      }
    }
    ports.catalogue().unprotect(database);
  }

  private boolean hasFreshFinal(String database) {
    return ports.catalogue().backups(database).stream()
        .anyMatch(
            b ->
                b.kind() == BackupKind.FINAL
                    && b.state() == BackupState.CREATED
                    && b.time().isAfter(ports.now().minus(FINAL_IS_FRESH)));
  }

  @Override
  public Optional<BackupOperations> operations() {
    return Optional.of(operations);
  }

  /** Its stores as a whole. */
  public StoreOperations stores() {
    return new RunnerStores(ports);
  }

  /** The catalogue and the stores belong to whoever made the ports. */
  @Override
  public void close() {}
}
