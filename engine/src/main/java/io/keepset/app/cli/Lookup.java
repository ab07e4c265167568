package io.keepset.app.cli;

import io.keepset.app.Keepset;
import io.keepset.plan.LiveTarget;
import io.keepset.policy.Nearest;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupKind;
import io.keepset.retention.BackupState;
import io.keepset.retention.CopyOf;
import io.keepset.retention.Holding;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Platform;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Finds databases and backups by what people type, on whatever platform they are. */
final class Lookup {
  /** A database, live or only with backups left of it. */
  record Database(String name, Platform platform, Optional<Protection> protection) {
    List<Backup> backups() throws DriverException {
      return platform.backups(List.of(name)).getOrDefault(name, List.of());
    }

    /** On whose clocks its times are printed. */
    ZoneId zone() {
      return protection.map(Protection::zone).orElse(ZoneOffset.UTC);
    }

    /** Those in files and those made by hand. */
    Function<Backup, List<String>> holds() throws DriverException {
      Holding byHand = platform.holds(List.of(name)).getOrDefault(name, Holding.NONE);
      return protection.isPresent() ? Holding.in(protection.get()).with(byHand) : byHand;
    }

    BackupOperations operations() throws DriverException {
      return platform
          .operations()
          .orElseThrow(
              () ->
                  new DriverException(
                      Kind.REJECTED, "the platform of " + name + " has no backup commands"));
    }
  }

  /**
   * A backup with the database that it is of.
   *
   * @param passedOver newer, and not taken because nobody named it
   */
  record Found(Backup backup, Database database, Optional<Backup> passedOver) {
    /** What whoever named the database alone should know of the choice. */
    List<String> choice() throws DriverException {
      List<String> words = new ArrayList<>();
      insteadOf().ifPresent(words::add);
      doubt(backup).ifPresent(why -> words.add(backup.id() + " " + why));
      passedOver.ifPresent(
          newer ->
              words.add(
                  newer.id()
                      + " is newer and was passed over: it "
                      + doubt(newer).orElse("is no better")
                      + "; to take it, name it by its id"));
      return words;
    }

    /** Why nobody should take it without having named it. */
    private static Optional<String> doubt(Backup backup) {
      if (backup.kind() == BackupKind.UPLOADED) {
        return Optional.of("was uploaded, so its data may be of any age");
      }
      return backup.suspicious()
          ? Optional.of("is suspicious: it is much smaller than those before it")
          : Optional.empty();
    }

    /** For a copy: why it and not its original, if that is known. */
    private Optional<String> insteadOf() throws DriverException {
      Optional<String> original = backup.copyOf().map(CopyOf::backup);
      if (original.isEmpty()) {
        return Optional.empty();
      }
      String state =
          database.backups().stream()
              .filter(b -> b.id().equals(original.get()))
              .map(b -> "is " + b.state() + b.error().map(e -> ": " + e).orElse(""))
              .findFirst()
              .orElse("is gone");
      return Optional.of(
          backup.id()
              + " is a copy in store "
              + backup.store().orElse("-")
              + "; its original "
              + original.get()
              + " "
              + state);
    }
  }

  private static final int MOST_NAMED = 8;

  private final Keepset keepset;

  Lookup(Keepset keepset) {
    this.keepset = keepset;
  }

  /** All of them, by name. */
  List<Database> databases() throws DriverException {
    List<Database> databases = new ArrayList<>();
    for (Platform platform : keepset.platforms().values()) {
      for (Map.Entry<String, LiveTarget> live : platform.read().targets().entrySet()) {
        databases.add(new Database(live.getKey(), platform, live.getValue().protection()));
      }
    }
    databases.sort(Comparator.comparing(Database::name));
    return databases;
  }

  Database database(String name) throws DriverException {
    SortedSet<String> known = new TreeSet<>();
    for (Database database : databases()) {
      if (database.name().equals(name)) {
        return database;
      }
      known.add(database.name());
    }
    throw new DriverException(
        Kind.NOT_FOUND,
        "there is no database "
            + name
            + (known.isEmpty()
                ? "; none is known yet: apply a policy first"
                : hintOrAll(name, known)));
  }

  /**
   * By id, or by a database's name: then its newest good backup, a copy only where the original is
   * none. One that is suspicious or was uploaded is taken only where no other is.
   */
  Found backup(String idOrDatabase) throws DriverException {
    List<Database> databases = databases();
    SortedSet<String> near = new TreeSet<>();
    for (Database database : databases) {
      near.add(database.name());
      if (database.name().equals(idOrDatabase)) {
        return newest(database);
      }
    }
    for (Database database : databases) {
      if (idOrDatabase.startsWith(database.name() + "-")) {
        for (Backup backup : database.backups()) {
          if (backup.id().equals(idOrDatabase)) {
            return new Found(backup, database, Optional.empty());
          }
          near.add(backup.id());
        }
      }
    }
    throw new DriverException(
        Kind.NOT_FOUND,
        "there is no backup or database "
            + idOrDatabase
            + Nearest.to(idOrDatabase, near)
                .map(name -> "; did you mean " + name + "?")
                .orElse("; keepset backup list shows what there is"));
  }

  /** By id alone. */
  Found exactly(String id) throws DriverException {
    Found found = backup(id);
    if (!found.backup().id().equals(id)) {
      throw new DriverException(
          Kind.REJECTED,
          id + " is a database: name the backup by its id, as keepset backup list shows it");
    }
    return found;
  }

  private static Found newest(Database database) throws DriverException {
    List<Backup> complete =
        database.backups().stream()
            .filter(b -> b.state() == BackupState.CREATED)
            .sorted(
                Comparator.comparing(Backup::time)
                    .thenComparing(b -> b.kind() != BackupKind.COPY)
                    .thenComparing(Backup::id)
                    .reversed())
            .toList();
    if (complete.isEmpty()) {
      throw none(database);
    }
    Backup newest = complete.get(0);
    Backup taken =
        complete.stream()
            .filter(b -> !b.suspicious() && b.kind() != BackupKind.UPLOADED)
            .findFirst()
            .orElse(newest);
    return new Found(taken, database, Optional.of(newest).filter(b -> !b.equals(taken)));
  }

  private static DriverException none(Database database) throws DriverException {
    String bad =
        database.backups().stream()
            .filter(b -> b.state() == BackupState.FAILED)
            .max(Comparator.comparing(Backup::time).thenComparing(Backup::id))
            .map(b -> " (" + b.id() + " FAILED: " + b.error().orElse("for an unknown reason") + ")")
            .orElse("");
    return new DriverException(
        Kind.NOT_FOUND,
        database.name()
            + " has no complete backup"
            + bad
            + "; make one: keepset backup create "
            + database.name());
  }

  /** The nearest; where none is near the first few of those there are. */
  private static String hintOrAll(String word, SortedSet<String> known) {
    String hint = hint(word, known);
    if (!hint.isEmpty()) {
      return hint;
    }
    String few = String.join(", ", known.stream().limit(MOST_NAMED).toList());
    int more = known.size() - MOST_NAMED;
    return "; there "
        + (known.size() == 1 ? "is " : "are ")
        + few
        + (more > 0 ? " and " + more + " more (keepset backup list)" : "");
  }

  private static String hint(String word, SortedSet<String> known) {
    return Nearest.to(word, known).map(name -> "; did you mean " + name + "?").orElse("");
  }
}
