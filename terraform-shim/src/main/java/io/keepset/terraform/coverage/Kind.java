package io.keepset.terraform.coverage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A type of resource that keeps data.
 *
 * @param names attributes that name it and that people choose; the first is what it is called by
 * @param ids attributes that name it and that the platform chooses
 * @param hosts attributes with its host name
 * @param suffix of host names that begin with its name; empty if there are none
 * @param engine attribute that says which engine it is; empty if the type says it
 * @param engines Keepset's engine by how that value begins; with no attribute the one of {@code ""}
 * @param own attributes that turn on backups of the platform's own
 * @param partOf attributes that, when set, say that it is a replica or a part of something else;
 *     {@code name=value} if only that value does
 * @param always it is a part of something else in any case
 */
record Kind(
    List<String> names,
    List<String> ids,
    List<String> hosts,
    String suffix,
    String engine,
    Map<String, String> engines,
    List<String> own,
    List<String> partOf,
    boolean always) {
  private static final Kind NONE =
      new Kind(List.of(), List.of(), List.of(), "", "", Map.of(), List.of(), List.of(), false);

  static Kind named(String... names) {
    return new Kind(
        List.of(names),
        List.of("id", "arn"),
        NONE.hosts,
        NONE.suffix,
        NONE.engine,
        NONE.engines,
        NONE.own,
        NONE.partOf,
        false);
  }

  /** One that needs no backups beside those of what it belongs to. */
  static Kind part() {
    return new Kind(
        NONE.names, NONE.ids, NONE.hosts, "", "", NONE.engines, NONE.own, NONE.partOf, true);
  }

  Kind ids(String... newIds) {
    return new Kind(names, List.of(newIds), hosts, suffix, engine, engines, own, partOf, always);
  }

  Kind hosts(String newSuffix, String... newHosts) {
    return new Kind(names, ids, List.of(newHosts), newSuffix, engine, engines, own, partOf, always);
  }

  Kind engine(String only) {
    return new Kind(names, ids, hosts, suffix, "", Map.of("", only), own, partOf, always);
  }

  Kind engineBy(String attribute, Map<String, String> byBeginning) {
    return new Kind(
        names, ids, hosts, suffix, attribute, new TreeMap<>(byBeginning), own, partOf, always);
  }

  Kind own(String... newOwn) {
    return new Kind(names, ids, hosts, suffix, engine, engines, List.of(newOwn), partOf, always);
  }

  Kind partIf(String... newPartOf) {
    return new Kind(names, ids, hosts, suffix, engine, engines, own, List.of(newPartOf), always);
  }

  /** Keepset's name of the engine; empty if the plan does not tell or we have no word for it. */
  Optional<String> engine(Attributes attributes) {
    if (engine.isEmpty()) {
      return Optional.ofNullable(engines.get(""));
    }
    String found = attributes.at(engine).text().orElse("").toLowerCase(java.util.Locale.ROOT);
    return engines.entrySet().stream()
        .filter(entry -> found.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
