package io.keepset.terraform.read;

import io.keepset.watch.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The whole installation at one moment.
 *
 * @param databases by name
 * @param environments that policies declare, those without databases too
 * @param undeclared what is live but in no file, as the last look for drift found it
 * @param problems of databases and of everything else, the worst first
 */
public record World(
    SortedMap<String, Database> databases,
    SortedSet<String> environments,
    SortedMap<String, Store> stores,
    SortedSet<String> undeclared,
    List<Problem> problems) {
  public World {
    databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
    environments = Collections.unmodifiableSortedSet(new TreeSet<>(environments));
    stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
    undeclared = Collections.unmodifiableSortedSet(new TreeSet<>(undeclared));
    problems = List.copyOf(problems);
  }

  /**
   * Where the runner keeps backups.
   *
   * @param type {@code directory}, {@code s3}
   * @param databases how many databases keep their backups there
   * @param storedBytes what their backups take there
   */
  public record Store(String name, String type, int databases, long storedBytes) {}

  /** The databases of an environment, or all. */
  List<Database> of(Optional<String> environment) {
    return databases.values().stream()
        .filter(one -> environment.isEmpty() || one.environment().equals(environment))
        .toList();
  }
}
