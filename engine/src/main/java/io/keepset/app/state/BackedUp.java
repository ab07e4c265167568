package io.keepset.app.state;

import io.keepset.policy.Protection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which databases have backups though they have no protection. Among all that ever had a backup
 * these are few, so that the backups of only those are looked at, not the whole catalogue.
 */
final class BackedUp {
  private static final String COUNTER = "backed_up";

  /** More names than this are asked for by reading everything. */
  private static final int FEW = 200;

  private final Sql sql;
  private long known;
  private Set<String> ever = Set.of();
  private Seen seen = new Seen(Collections.emptySortedMap(), Set.of(), List.of());
  private SortedSet<String> names = Collections.emptySortedSet();

  /** Who ever had a backup, but has no protection now. */
  private record Seen(
      SortedMap<String, Protection> protections, Set<String> ever, List<String> unprotected) {
    @SuppressWarnings("ReferenceEquality") // both are the same objects as long as nothing changes
    boolean isOf(SortedMap<String, Protection> otherProtections, Set<String> otherEver) {
      return protections == otherProtections && ever == otherEver;
    }

    static Seen of(SortedMap<String, Protection> protections, Set<String> ever) {
      List<String> unprotected = new ArrayList<>();
      for (String name : ever) {
        if (!protections.containsKey(name)) {
          unprotected.add(name);
        }
      }
      return new Seen(protections, ever, unprotected);
    }
  }

  BackedUp(Sql sql) {
    this.sql = sql;
  }

  /** To be called before the first backup of a database is written down. */
  void add(String database) {
    if (ever().contains(database)) {
      return;
    }
    sql.transaction(
        steps -> {
          steps.raise(COUNTER);
          String there = "select database_name from backed_up where database_name = ?";
          return steps.query(there, row -> row.getString(1), database).isEmpty()
              ? steps.update("insert into backed_up (database_name) values (?)", database)
              : 0;
        });
  }

  /** Every database with a protection or a backup; the same set as long as nothing changes. */
  synchronized SortedSet<String> names(SortedMap<String, Protection> protections) {
    Set<String> now = ever();
    boolean same = seen.isOf(protections, now);
    if (!same) {
      seen = Seen.of(protections, now);
    }
    Set<String> orphans = have(seen.unprotected());
    if (!same
        || names.size() != protections.size() + orphans.size()
        || !names.containsAll(orphans)) {
      TreeSet<String> all = new TreeSet<>(protections.keySet());
      all.addAll(orphans);
      names = Collections.unmodifiableSortedSet(all);
    }
    return names;
  }

  private synchronized Set<String> ever() {
    long count = sql.transaction(steps -> steps.count(COUNTER));
    if (count != known) {
      ever = Set.copyOf(sql.query("select database_name from backed_up", row -> row.getString(1)));
      known = count;
    }
    return ever;
  }

  /** Those of them that have a backup which is not deleted. */
  private Set<String> have(List<String> databases) {
    if (databases.isEmpty()) {
      return Set.of();
    }
    String all = "select distinct database_name from backup where state <> 'DELETED'";
    boolean few = databases.size() <= FEW;
    List<String> found =
        few
            ? sql.query(
                all + " and database_name in (" + Sql.marks(databases.size()) + ")",
                row -> row.getString(1),
                databases.toArray())
            : sql.query(all, row -> row.getString(1));
    Set<String> have = new HashSet<>(found);
    have.retainAll(Set.copyOf(databases));
    return have;
  }
}
