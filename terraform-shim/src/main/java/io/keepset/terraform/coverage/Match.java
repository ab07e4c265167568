package io.keepset.terraform.coverage;

import io.keepset.policy.Resolved;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the databases of policy files that stand for a resource. What is surest counts: its tag,
 * then an identifier in a connection or in options, then the host of a connection, then the name.
 *
 * @param by how they were found; empty if none were
 * @param named names in the tag that no file declares
 */
record Match(List<Resolved> databases, Optional<String> by, List<String> named) {
  private static final List<String> TAGS =
      List.of("tags", "tags_all", "labels", "user_labels", "settings.0.user_labels");
  private static final List<String> KEYS =
      List.of("keepset:database", "keepset_database", "keepset-database");
  private static final List<String> EXEMPT =
      List.of("keepset:exempt", "keepset_exempt", "keepset-exempt");

  /** What stands there names no resource of a platform. */
  private static final Set<String> NO_IDENTIFIER =
      Set.of("host", "port", "user", "password", "database");

  private static final int SHORTEST = 3;

  static Match of(Kind kind, Attributes attributes, Collection<Resolved> declared) {
    Value tag = tag(attributes, KEYS);
    if (tag.text().isPresent()) {
      return byTag(tag.text().get(), declared);
    }
    List<String> names = known(kind.names(), attributes);
    List<String> ids = new ArrayList<>(names);
    ids.addAll(known(kind.ids(), attributes));
    List<Resolved> found = declared.stream().filter(one -> identifies(one, ids)).toList();
    if (!found.isEmpty()) {
      return new Match(found, Optional.of("identifier"), List.of());
    }
    List<String> hosts = known(kind.hosts(), attributes).stream().map(Match::bare).toList();
    found = declared.stream().filter(one -> isAt(one, kind, names, hosts)).toList();
    if (!found.isEmpty()) {
      return new Match(found, Optional.of("host"), List.of());
    }
    Optional<String> engine = kind.engine(attributes);
    found =
        declared.stream()
            .filter(one -> names.contains(one.protection().name()))
            .filter(one -> engine.isEmpty() || engine.get().equals(one.protection().engine()))
            .toList();
    return new Match(found, found.isEmpty() ? Optional.empty() : Optional.of("name"), List.of());
  }

  /** Why it needs no backups, if its tag says so. */
  static Optional<String> exempt(Attributes attributes) {
    return tag(attributes, EXEMPT).text();
  }

  /** What keeps us from knowing before the apply whether something stands for it. */
  static Optional<String> unseen(Kind kind, Attributes attributes) {
    if (tag(attributes, KEYS).unseen()) {
      return Optional.of("its tags");
    }
    boolean any = kind.names().stream().anyMatch(name -> attributes.at(name).text().isPresent());
    return any
        ? Optional.empty()
        : kind.names().stream().filter(name -> attributes.at(name).unseen()).findFirst();
  }

  private static Match byTag(String tag, Collection<Resolved> declared) {
    List<String> names = List.of(tag.strip().split("\\s+"));
    List<Resolved> found =
        declared.stream().filter(one -> names.contains(one.protection().name())).toList();
    List<String> there = found.stream().map(one -> one.protection().name()).toList();
    return new Match(
        found, Optional.of("tag"), names.stream().filter(name -> !there.contains(name)).toList());
  }

  private static Value tag(Attributes attributes, List<String> keys) {
    Value best = Value.ABSENT;
    for (String tags : TAGS) {
      for (String key : keys) {
        Value value = attributes.tag(tags, key);
        if (value.text().isPresent()) {
          return value;
        }
        // What all tags come to is often unknown when those of the resource itself are not.
        if (value.unseen() && !tags.equals("tags_all")) {
          best = value;
        }
      }
    }
    return best;
  }

  private static List<String> known(List<String> paths, Attributes attributes) {
    return paths.stream().flatMap(path -> attributes.at(path).text().stream()).toList();
  }

  private static boolean identifies(Resolved one, List<String> ids) {
    return java.util.stream.Stream.concat(
            one.protection().connection().values().entrySet().stream(),
            one.protection().options().values().entrySet().stream())
        .filter(entry -> !NO_IDENTIFIER.contains(entry.getKey()))
        .map(java.util.Map.Entry::getValue)
        .anyMatch(value -> value.length() >= SHORTEST && ids.contains(value));
  }

  private static boolean isAt(Resolved one, Kind kind, List<String> names, List<String> hosts) {
    Optional<String> host = one.protection().connection().get("host").map(text -> bare(text));
    if (host.isEmpty()) {
      return false;
    }
    return hosts.contains(host.get())
        || (!kind.suffix().isEmpty()
            && (host.get().endsWith(kind.suffix()) || host.get().endsWith(kind.suffix() + ".cn"))
            && names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT) + ".")
                .anyMatch(
                    name ->
                        host.get().startsWith(name) || host.get().startsWith("master." + name)));
  }

  /** Without scheme and port. */
  private static String bare(String host) {
    return host.toLowerCase(Locale.ROOT)
        .replaceFirst("^[a-z+]+://", "")
        .replaceFirst(":[0-9]+$", "");
  }
}
