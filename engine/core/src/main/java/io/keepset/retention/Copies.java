package io.keepset.retention;

import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Tells originals and copies apart. Neither ever costs the other its place: whoever decides about
 * backups decides about the originals alone, and about the copies of one name in one store alone.
 */
public final class Copies {
  /**
   * The copies that are judged together.
   *
   * @param name of the copy in the policy
   * @param store where they lie
   */
  public record Group(String name, String store) implements Comparable<Group> {
    public static Group of(Copy copy) {
      return new Group(copy.name(), copy.to());
    }

    @Override
    public int compareTo(Group other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : store.compareTo(other.store);
    }
  }

  private Copies() {}

  /** All that are no copies, in their order. */
  public static List<Backup> originals(Collection<Backup> backups) {
    return backups.stream().filter(b -> b.kind() != BackupKind.COPY).toList();
  }

  /** The copies that this part of a policy speaks of, in their order. */
  public static List<Backup> of(Collection<Backup> backups, Copy copy) {
    Group group = Group.of(copy);
    return backups.stream().filter(b -> group(b).filter(group::equals).isPresent()).toList();
  }

  /** All copies of one backup, in their order. */
  public static List<Backup> of(Collection<Backup> backups, String original) {
    return backups.stream()
        .filter(b -> b.copyOf().filter(c -> c.backup().equals(original)).isPresent())
        .toList();
  }

  /** The same backups with each copy right after its original, where that is among them. */
  public static List<Backup> beneath(Collection<Backup> backups) {
    Set<String> present = new HashSet<>();
    originals(backups).forEach(b -> present.add(b.id()));
    List<Backup> ordered = new ArrayList<>(backups.size());
    for (Backup backup : backups) {
      if (backup.copyOf().filter(of -> present.contains(of.backup())).isEmpty()) {
        ordered.add(backup);
        ordered.addAll(of(backups, backup.id()));
      }
    }
    return ordered;
  }

  /** All copies, by name and store, whether a policy still speaks of them or not. */
  public static SortedMap<Group, List<Backup>> groups(Collection<Backup> backups) {
    SortedMap<Group, List<Backup>> groups = new TreeMap<>();
    for (Backup backup : backups) {
      group(backup).ifPresent(g -> groups.computeIfAbsent(g, any -> new ArrayList<>()).add(backup));
    }
    return groups;
  }

  /** Empty for an original, and for a copy whose bytes are gone. */
  public static Optional<Group> group(Backup backup) {
    return backup
        .copyOf()
        .flatMap(copy -> backup.store().map(store -> new Group(copy.name(), store)));
  }

  /** Those that a decision about this backup is about, itself included, in their order. */
  public static List<Backup> alike(Collection<Backup> backups, Backup backup) {
    return backup.kind() == BackupKind.COPY
        ? backups.stream()
            .filter(b -> b.kind() == BackupKind.COPY && group(b).equals(group(backup)))
            .toList()
        : originals(backups);
  }

  /** The rules that decide about a backup; empty for a copy that its policy no longer speaks of. */
  public static Optional<Retention> rules(Protection protection, Backup backup) {
    if (backup.kind() != BackupKind.COPY) {
      return Optional.of(protection.rules());
    }
    return protection.copies().values().stream()
        .filter(copy -> group(backup).filter(Group.of(copy)::equals).isPresent())
        .map(Copy::retention)
        .findFirst();
  }

  /**
   * The originals that lack a copy which the retention of the copies would keep, newest first. One
   * in its grace is among them: its copy may be wanted for longer. A copy that is being made is
   * none yet; one in its own grace is.
   *
   * @param backups of one database, copies included; any order, any state
   */
  public static List<Backup> missing(
      Collection<Backup> backups, Copy copy, ZoneId zone, Instant now) {
    List<Backup> there = new ArrayList<>(of(backups, copy));
    Set<String> copied = new HashSet<>();
    there.stream().filter(Copies::restorable).forEach(b -> copied.add(b.copyOf().get().backup()));
    Map<String, Backup> lacking = new LinkedHashMap<>();
    for (Backup original : originals(backups)) {
      if (restorable(original) && !copied.contains(original.id())) {
        Backup wanted = planned(original, copy);
        lacking.put(wanted.id(), original);
        there.add(wanted);
      }
    }
    if (lacking.isEmpty()) {
      return List.of();
    }
    Predicate<Backup> isPlanned = b -> lacking.containsKey(b.id());
    List<Backup> missing = new ArrayList<>();
    List<Backup> kept = KeepSet.decide(there, copy.retention(), zone, now, KeepSet::noHolds).kept();
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (isPlanned.test(kept.get(i))) {
        missing.add(lacking.get(kept.get(i).id()));
      }
    }
    return missing;
  }

  private static boolean restorable(Backup backup) {
    return switch (backup.state()) {
      case CREATED, RESTORING, EXPIRED -> true;
      case CREATING, FAILED, DELETED -> false;
    };
  }

  /** What the copy of an original would be, for a decision; its id tells it from every backup's. */
  private static Backup planned(Backup original, Copy copy) {
    return original
        .change()
        .id("copy of " + original.id())
        .kind(BackupKind.COPY)
        .state(BackupState.CREATED)
        .expiredAt(Optional.empty())
        .deleteAfter(Optional.empty())
        .store(Optional.of(copy.to()))
        .error(Optional.empty())
        .copyOf(Optional.of(new CopyOf(original.id(), copy.name())))
        .provenAt(Optional.empty())
        .build();
  }
}
