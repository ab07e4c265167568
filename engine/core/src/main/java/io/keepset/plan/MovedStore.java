package io.keepset.plan;

import io.keepset.policy.StoreSpec;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A store that lies elsewhere by what is declared now, and what lies in its old place.
 *
 * @param declared as it is to be
 * @param backups how many there are, by database, whoever looks after that by now
 */
public record MovedStore(StoreSpec declared, SortedMap<String, Integer> backups) {
  public MovedStore {
    backups = Collections.unmodifiableSortedMap(new TreeMap<>(backups));
  }
}
