package io.keepset.runner;

import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A catalogue that lives as long as its process, for tests and demonstrations. */
public final class InMemoryCatalogue implements Catalogue {
  private static final Comparator<Backup> ORDER =
      Comparator.comparing(Backup::time).thenComparing(Backup::id);

  private final SortedMap<String, Protection> protections = new TreeMap<>();
  private final Map<String, Backup> backups = new HashMap<>();

  @Override
  public synchronized SortedMap<String, Protection> protections() {
    return new TreeMap<>(protections);
  }

  @Override
  public synchronized Optional<Protection> protection(String database) {
    return Optional.ofNullable(protections.get(database));
  }

  @Override
  public synchronized void protect(Protection protection) {
    protections.put(protection.name(), protection);
  }

  @Override
  public synchronized void unprotect(String database) {
    protections.remove(database);
  }

  @Override
  public synchronized SortedSet<String> databases() {
    SortedSet<String> names = new TreeSet<>(protections.keySet());
    where(b -> b.state() != BackupState.DELETED).forEach(b -> names.add(b.database()));
    return names;
  }

  @Override
  public synchronized List<Backup> backups(String database) {
    return where(b -> b.database().equals(database) && b.state() != BackupState.DELETED);
  }

  @Override
  public synchronized List<Backup> inState(Set<BackupState> states) {
    return where(b -> states.contains(b.state()));
  }

  @Override
  public synchronized List<Backup> deleting() {
    return where(b -> b.state() == BackupState.DELETED && b.store().isPresent());
  }

  @Override
  public synchronized Optional<Backup> find(String backupId) {
    return Optional.ofNullable(backups.get(backupId));
  }

  @Override
  public synchronized void insert(Backup backup) {
    if (backups.putIfAbsent(backup.id(), backup) != null) {
      throw new IllegalStateException("the catalogue has a backup " + backup.id() + " already");
    }
  }

  @Override
  public synchronized boolean update(Backup backup, BackupState expected) {
    Backup present = backups.get(backup.id());
    if (present == null || present.state() != expected) {
      return false;
    }
    backups.put(backup.id(), backup);
    return true;
  }

  private List<Backup> where(Predicate<Backup> condition) {
    return backups.values().stream().filter(condition).sorted(ORDER).toList();
  }
}
