package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What certain databases must have at least, and what may not be done to them.
 *
 * @param forbid what no approval can allow; in the order of the enum
 * @param at where its name stands
 * @param places where its values stand, by path in the block: {@code minimum.retention.daily}
 */
public record Compliance(
    String name,
    Scope scope,
    Minimum minimum,
    Set<Forbidden> forbid,
    Location at,
    SortedMap<String, Location> places) {
  public Compliance {
    forbid = forbid.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(forbid));
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
  }

  /** Where a value stands, or the block if it has no place of its own. */
  public Location at(String path) {
    return places.getOrDefault(path, at);
  }

  /** What no approval can allow. */
  public enum Forbidden {
    DISABLE,
    PAUSE,
    DELETE_BACKUP,
    SHORTEN_RETENTION;

    /** As it stands in policy files: {@code delete_backup}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Forbidden> of(String word) {
      for (Forbidden forbidden : values()) {
        if (forbidden.word().equals(word)) {
          return Optional.of(forbidden);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Which databases it is about: those that meet everything that is given; all if nothing is.
   *
   * @param members databases of {@code environments}, as the files say
   */
  public record Scope(
      SortedMap<String, String> labels,
      SortedSet<String> environments,
      SortedSet<String> databases,
      SortedSet<String> members) {
    public Scope {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      environments = Collections.unmodifiableSortedSet(new TreeSet<>(environments));
      databases = Collections.unmodifiableSortedSet(new TreeSet<>(databases));
      members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }

    public boolean covers(Protection protection) {
      return (environments.isEmpty() || members.contains(protection.name()))
          && (databases.isEmpty() || databases.contains(protection.name()))
          && protection.labels().entrySet().containsAll(labels.entrySet());
    }
  }

  /**
   * The least that is allowed.
   *
   * @param values by field path as in {@link ProtectionFields}, and {@code copies}
   */
  public record Minimum(SortedMap<String, String> values) {
    public Minimum {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
  }
}
