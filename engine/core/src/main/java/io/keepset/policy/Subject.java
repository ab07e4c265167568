package io.keepset.policy;

import io.keepset.diagnostic.Location;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rules judge: a resolved database, or a policy that no database uses.
 *
 * @param origins where values were set, by path
 * @param at where to point when no value is to blame
 */
record Subject(
    Rules rules,
    Optional<Protection> protection,
    Map<String, Origin> origins,
    String name,
    Location at) {

  /** True if backups are disabled: then it does not matter when they would run. */
  boolean off() {
    return protection.flatMap(Protection::suspension).filter(Suspension::disabled).isPresent();
  }

  /** Where the first of these values was set by a file. */
  Location at(List<String> paths) {
    for (String path : paths) {
      Origin origin = origins.get(path);
      if (origin != null && origin.at() != null) {
        return origin.at();
      }
    }
    return at;
  }

  Location at(String path) {
    return at(List.of(path));
  }
}
