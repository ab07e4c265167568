package io.keepset.wal;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.runner.OpenStore;
import io.keepset.runner.RunnerPorts;
import io.keepset.runner.artifact.ArtifactReader;
import io.keepset.runner.artifact.ArtifactStream;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks whether a store holds the log that the catalogue says. Changes nothing. What is found is
 * told once for each database, however many files it is.
 */
public final class WalCheck {
  /** What is younger may be of somebody who is writing. */
  private static final Duration SETTLED = Duration.ofHours(1);

  private static final int MOST_NAMED = 3;

  private final RunnerPorts ports;
  private final WalCatalogue catalogue;

  public WalCheck(RunnerPorts ports, WalCatalogue catalogue) {
    this.ports = ports;
    this.catalogue = catalogue;
  }

  /**
   * @param readData whether every byte is read back
   */
  public List<Diagnostic> run(String storeName, boolean readData, Progress progress)
      throws DriverException {
    OpenStore store = ports.stores().open(storeName);
    WalSurvey survey = WalSurvey.of(store);
    Findings findings = new Findings(storeName);
    long read = 0;
    for (String database : catalogue.databases()) {
      for (WalFile file : catalogue.files(database)) {
        if (file.store().equals(storeName)) {
          look(survey, store, file, readData, findings);
          read += readData ? file.object().stored().size() : 0;
          progress.at(read, -1);
        }
      }
    }
    strays(survey, findings);
    return findings.told();
  }

  private void look(
      WalSurvey survey, OpenStore store, WalFile file, boolean readData, Findings findings)
      throws DriverException {
    Optional<StoredObject> there = survey.object(file);
    if (there.isEmpty() || !survey.isDescribed(file.object().key())) {
      // It came after the listing, or an open segment was replaced meanwhile.
      if (isStill(file) && file.archivedAt().isBefore(ports.now().minus(SETTLED))) {
        findings.lost.add(file);
      }
    } else if (there.get().size() != file.object().stored().size()) {
      findings.damaged.add(file);
    } else if (readData && !isWhole(store, file) && isStill(file)) {
      findings.damaged.add(file);
    }
  }

  private boolean isStill(WalFile file) {
    return catalogue
        .find(file.database(), file.systemId(), file.name())
        .filter(now -> now.object().key().equals(file.object().key()))
        .isPresent();
  }

  private static boolean isWhole(OpenStore store, WalFile file) throws DriverException {
    try (ArtifactStream in =
        new ArtifactReader(store.keys()).open(file.object(), store.store(), Progress.NONE)) {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException e) {
      return judge(BrokenStream.unwrap(e, "reading " + file.name()));
    } catch (DriverException e) {
      return judge(e);
    }
  }

  /** A store that does not answer says nothing about what lies in it. */
  private static boolean judge(DriverException e) throws DriverException {
    if (e.kind() == Kind.DAMAGED || e.kind() == Kind.NOT_FOUND) {
      return false;
    }
    if (e.kind() == Kind.DENIED) {
      return true; // its key is not here; that is told of the store's backups
    }
    throw e;
  }

  private void strays(WalSurvey survey, Findings findings) {
    Instant settled = ports.now().minus(SETTLED);
    for (StoredObject object : survey.all().values()) {
      String key = object.key();
      boolean description = WalSurvey.isDescription(key);
      String described = description ? WalSurvey.described(key) : key;
      boolean paired = description ? survey.all().containsKey(described) : survey.isDescribed(key);
      if (object.modified().isAfter(settled)) {
        continue;
      }
      if (!paired) {
        findings.stray(key);
      } else if (description && !isKnown(described)) {
        findings.unknown(key);
      }
    }
  }

  private boolean isKnown(String objectKey) {
    String[] parts = objectKey.split("/", -1);
    String name = parts[3].contains(".history") ? parts[3] : parts[3].split("\\.", 2)[0];
    return catalogue.find(parts[0], parts[2], name).isPresent();
  }

  /** By database. */
  private static final class Findings {
    private final String store;
    private final List<WalFile> lost = new ArrayList<>();
    private final List<WalFile> damaged = new ArrayList<>();
    private final SortedMap<String, List<String>> strays = new TreeMap<>();
    private final SortedMap<String, List<String>> unknown = new TreeMap<>();

    Findings(String store) {
      this.store = store;
    }

    void stray(String key) {
      strays.computeIfAbsent(database(key), name -> new ArrayList<>()).add(name(key));
    }

    void unknown(String key) {
      unknown.computeIfAbsent(database(key), name -> new ArrayList<>()).add(name(key));
    }

    private static String database(String key) {
      return key.substring(0, key.indexOf('/'));
    }

    private static String name(String key) {
      return key.substring(key.lastIndexOf('/') + 1);
    }

    List<Diagnostic> told() {
      List<Diagnostic> told = new ArrayList<>();
      byDatabase(lost)
          .forEach(
              (database, names) ->
                  told.add(
                      Diagnostic.error(
                              "store.lost",
                              database + ": of its log there is no longer " + some(names),
                              null)
                          .withHint(
                              "bring the files back, or let keepset store rescan "
                                  + store
                                  + " forget them; nothing behind them can be restored until the"
                                  + " next base backup: keepset backup create "
                                  + database)));
      byDatabase(damaged)
          .forEach(
              (database, names) ->
                  told.add(
                      Diagnostic.error(
                              "store.damaged",
                              database + ": of its log is damaged " + some(names),
                              null)
                          .withHint(
                              "no instant behind it can be restored until the next base backup:"
                                  + " keepset backup create "
                                  + database)));
      strays.forEach(
          (database, names) ->
              told.add(
                  Diagnostic.warning(
                          "store.stray", database + ": beside its log lies " + some(names), null)
                      .withHint("a write was broken off there; nothing needs it")));
      unknown.forEach(
          (database, names) ->
              told.add(
                  Diagnostic.warning(
                          "store.unknown",
                          database + ": the catalogue does not know of its log " + some(names),
                          null)
                      .withHint("keepset store rescan " + store + " takes it in")));
      return told;
    }

    private static SortedMap<String, List<String>> byDatabase(List<WalFile> files) {
      SortedMap<String, List<String>> names = new TreeMap<>();
      files.forEach(
          file ->
              names.computeIfAbsent(file.database(), name -> new ArrayList<>()).add(file.name()));
      return names;
    }

    private static String some(List<String> names) {
      int more = names.size() - MOST_NAMED;
      return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
          + (more > 0 ? " and " + more + " more" : "");
    }
  }
}
