package io.keepset.app.cli;

import io.keepset.app.Keepset;
import io.keepset.app.LoadedPolicies;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Options;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TargetId;
import io.keepset.reconcile.Adoption;
import io.keepset.source.Spelling;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The policy block for what a restore made, so that the copy is not the one that nobody backs up.
 */
final class NewBlock {
  /** As schemas/policy.schema.json defines a name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /** Parts of connections whose last part is a name; the more telling first. */
  private static final List<String> TELLING =
      List.of("database", "keyspace", "vhost", "prefix", "bucket", "path");

  private NewBlock() {}

  /**
   * In YAML, with the rules that the backed up database has.
   *
   * @return empty if the restore made nothing new, or the language can't say it
   */
  static Optional<String> of(Shell shell, Lookup.Database database, RestoreReport report)
      throws DriverException {
    if (!report.isNew() || database.protection().isEmpty()) {
      return Optional.empty();
    }
    Keepset keepset = shell.keepset();
    SortedMap<String, StoreSpec> stores = keepset.storeSpecs();
    Optional<LoadedPolicies> beside = beside(shell);
    Set<String> taken = new HashSet<>();
    new Lookup(keepset).databases().forEach(known -> taken.add(known.name()));
    beside
        .flatMap(loaded -> loaded.set().valid())
        .ifPresent(declared -> taken.addAll(declared.protections().keySet()));
    Protection protection = moved(database.protection().get(), report, taken);
    Adoption written =
        Adoption.of(
            List.of(new LiveTarget(protection.target(), Optional.of(protection), false)),
            new Adoption.Context(
                beside.map(LoadedPolicies::files).orElse(List.of()),
                beside.flatMap(loaded -> loaded.set().valid()).orElse(PolicySet.EMPTY),
                stores,
                keepset.platforms(stores.values())),
            Spelling.YAML,
            path -> false);
    String text = String.join("\n", written.files().values());
    return written.adopted().isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** Files that are here say what need not be said again; without them the block says all. */
  private static Optional<LoadedPolicies> beside(Shell shell) {
    try {
      return Optional.of(shell.load(null)).filter(loaded -> loaded.set().valid().isPresent());
    } catch (DriverException | IOException e) {
      return Optional.empty();
    }
  }

  private static Protection moved(Protection from, RestoreReport report, Set<String> taken) {
    TargetId target =
        new TargetId(from.target().platform(), name(from.name(), report.connection(), taken));
    return from.as(target, changed(from.connection(), report.connection()))
        .withOptions(changed(from.options(), report.options()));
  }

  /** A list that changes is another one, not a longer one. */
  private static Options changed(Options from, Map<String, String> changes) {
    TreeMap<String, String> values = new TreeMap<>(from.values());
    for (String key : changes.keySet()) {
      int list = key.indexOf('[');
      if (list > 0) {
        values.keySet().removeIf(old -> old.startsWith(key.substring(0, list + 1)));
      }
    }
    values.putAll(changes);
    return new Options(values);
  }

  /** What it is called there, if that can be a name here, and is none yet. */
  static String name(String before, Map<String, String> changes, Set<String> taken) {
    String name =
        TELLING.stream()
            .flatMap(key -> Optional.ofNullable(changes.get(key)).stream())
            .map(NewBlock::last)
            .filter(last -> NAME.matcher(last).matches())
            .findFirst()
            .orElse(before + "_restored");
    String free = name;
    for (int i = 2; taken.contains(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  private static String last(String path) {
    String bare = path.replaceAll("/+$", "");
    return bare.substring(bare.lastIndexOf('/') + 1);
  }
}
