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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The policy block for what a restore made, so that the copy is not the one that nobody backs up.
 */
final class NewBlock {
  /** As schemas/policy.schema.json defines a name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  private NewBlock() {}

  /**
   * In YAML, with the rules that the backed up database has.
   *
   * @return empty if the restore made nothing new, or the language can't say it
   */
  static Optional<String> of(Shell shell, Lookup.Database database, RestoreReport report)
      throws DriverException {
    if (report.connection().isEmpty() || database.protection().isEmpty()) {
      return Optional.empty();
    }
    Protection protection = moved(database.protection().get(), report.connection());
    Keepset keepset = shell.keepset();
    SortedMap<String, StoreSpec> stores = keepset.storeSpecs();
    Optional<LoadedPolicies> beside = beside(shell);
    Adoption written =
        Adoption.of(
            List.of(new LiveTarget(protection.target(), Optional.of(protection), false)),
            new Adoption.Context(
                beside.map(LoadedPolicies::files).orElse(List.of()),
                beside.flatMap(loaded -> loaded.set().valid()).orElse(PolicySet.EMPTY),
                stores,
                keepset.platforms(stores.keySet())),
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

  private static Protection moved(Protection from, Map<String, String> changes) {
    TreeMap<String, String> connection = new TreeMap<>(from.connection().values());
    connection.putAll(changes);
    TargetId target = new TargetId(from.target().platform(), name(from.name(), changes));
    return from.as(target, new Options(connection));
  }

  /** What it is called there, if that can be a name here. */
  private static String name(String before, Map<String, String> changes) {
    for (String value : changes.values()) {
      String last = value.substring(value.lastIndexOf('/') + 1);
      if (NAME.matcher(last).matches() && !last.equals(before)) {
        return last;
      }
    }
    return before + "_restored";
  }
}
