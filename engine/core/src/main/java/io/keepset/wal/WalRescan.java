package io.keepset.wal;

import io.keepset.runner.OpenStore;
import io.keepset.runner.RunnerPorts;
import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the catalogue say what log a store holds: takes in what it does not know, and forgets what
 * is gone, so that the gap shows.
 */
public final class WalRescan {
  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public WalRescan(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /** Returns what was changed, a line for each database. */
  public List<String> run(String storeName) throws DriverException {
    OpenStore store = ports.stores().open(storeName);
    // What was known before the listing and is not in it is gone.
    List<WalFile> known = known(storeName);
    WalSurvey survey = WalSurvey.of(store);
    List<String> changes = new ArrayList<>();
    taken(survey)
        .forEach(
            (database, n) -> changes.add(n + " files of the log of " + database + " taken in"));
    gone(known, survey)
        .forEach(
            (database, n) ->
                changes.add(
                    n + " files of the log of " + database + " forgotten: they are not there"));
    return changes;
  }

  private List<WalFile> known(String store) {
    List<WalFile> known = new ArrayList<>();
    for (String database : catalogue.databases()) {
      catalogue.files(database).stream()
          .filter(file -> file.store().equals(store))
          .forEach(known::add);
    }
    return known;
  }

  private Map<String, Integer> taken(WalSurvey survey) throws DriverException {
    Map<String, Integer> taken = new TreeMap<>();
    for (String key : survey.all().keySet()) {
      if (!WalSurvey.isDescription(key)) {
        continue;
      }
      WalFile file = survey.read(key);
      Optional<WalFile> known = catalogue.find(file.database(), file.systemId(), file.name());
      if (survey.object(file).isPresent()
          && known.filter(k -> !isOlder(k, file)).isEmpty()
          && known.map(k -> catalogue.replace(k, file)).orElseGet(() -> catalogue.add(file))) {
        taken.merge(file.database(), 1, Integer::sum);
      }
    }
    return taken;
  }

  private Map<String, Integer> gone(List<WalFile> known, WalSurvey survey) {
    Map<String, Integer> gone = new TreeMap<>();
    for (WalFile file : known) {
      if (survey.object(file).isEmpty() && catalogue.remove(file)) {
        gone.merge(file.database(), 1, Integer::sum);
      }
    }
    return gone;
  }

  /** An open segment has an entry for each state that was not yet removed. */
  private static boolean isOlder(WalFile known, WalFile found) {
    return known.scan().isPresent()
        && found.scan().isPresent()
        && known.scan().get().end() < found.scan().get().end();
  }
}
