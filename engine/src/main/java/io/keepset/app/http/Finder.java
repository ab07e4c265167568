package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.plan.LiveTarget;
import io.keepset.retention.Backup;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Finds things by the names that stand in paths. */
final class Finder {
  private final Keepset keepset;

  Finder(Keepset keepset) {
    this.keepset = keepset;
  }

  /** A database with the platform that has it. */
  record Found(String platform, LiveTarget live) {}

  /** A backup with the verbs of its platform. */
  record FoundBackup(Backup backup, BackupOperations operations) {}

  List<Found> databases(Optional<String> onlyPlatform) throws DriverException {
    List<Found> found = new ArrayList<>();
    for (Map.Entry<String, Platform> platform : keepset.platforms().entrySet()) {
      if (onlyPlatform.isEmpty() || onlyPlatform.get().equals(platform.getKey())) {
        for (LiveTarget live : platform.getValue().read().targets().values()) {
          found.add(new Found(platform.getKey(), live));
        }
      }
    }
    return found;
  }

  Found database(String name) throws DriverException {
    for (Map.Entry<String, Platform> platform : keepset.platforms().entrySet()) {
      LiveTarget live = platform.getValue().read().targets().get(name);
      if (live != null) {
        return new Found(platform.getKey(), live);
      }
    }
    throw Problem.notFound(
        "there is no database "
            + name
            + "; a database is known once a plan that creates it was"
            + " applied");
  }

  List<Backup> backups(List<String> databases) throws DriverException {
    List<Backup> backups = new ArrayList<>();
    for (Platform platform : keepset.platforms().values()) {
      List<String> known = new ArrayList<>(platform.read().targets().keySet());
      if (!databases.isEmpty()) {
        known.retainAll(databases);
      }
      SortedMap<String, List<Backup>> found = platform.backups(known);
      found.values().forEach(backups::addAll);
    }
    return backups;
  }

  FoundBackup backup(String id) throws DriverException {
    for (Platform platform : keepset.platforms().values()) {
      Optional<BackupOperations> operations = platform.operations();
      // An id begins with the name of its database: ask for those few that fit.
      List<String> near =
          platform.read().targets().keySet().stream()
              .filter(name -> id.startsWith(name + "-"))
              .toList();
      for (List<Backup> backups : platform.backups(near).values()) {
        for (Backup backup : backups) {
          if (backup.id().equals(id) && operations.isPresent()) {
            return new FoundBackup(backup, operations.get());
          }
        }
      }
    }
    throw Problem.notFound("there is no backup " + id);
  }

  BackupOperations operations(String database) throws DriverException {
    String platform = database(database).platform();
    return Optional.ofNullable(keepset.platforms().get(platform))
        .flatMap(Platform::operations)
        .orElseThrow(
            () -> Problem.badRequest("the platform " + platform + " takes no backups on demand"));
  }
}
