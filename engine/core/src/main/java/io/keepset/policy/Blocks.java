package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.MapNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The named blocks of all files, by kind and name. */
final class Blocks {
  static final List<String> KINDS =
      List.of(
          "environment",
          "policy",
          "instance",
          "database",
          "store",
          "hold",
          "compliance",
          "approval");

  private final Map<String, SortedMap<String, Declared>> byKind = new TreeMap<>();
  private final Set<String> flawed;
  private Optional<Declared> settings = Optional.empty();

  private Blocks(Set<String> flawed) {
    this.flawed = flawed;
    KINDS.forEach(kind -> byKind.put(kind, new TreeMap<>()));
  }

  /**
   * Of several blocks with one name the first counts; the others are reported.
   *
   * @param found what the files' own checks said
   */
  static Blocks of(
      Iterable<MapNode> files, Collection<Diagnostic> found, Consumer<Diagnostic> report) {
    Blocks blocks = new Blocks(flawed(found));
    for (MapNode file : files) {
      for (String kind : KINDS) {
        file.map(kind).ifPresent(map -> blocks.add(kind, map, report));
      }
      file.entry("keepset").ifPresent(entry -> blocks.addSettings(entry, report));
    }
    return blocks;
  }

  /** The blocks that mistakes were found in, as the beginnings of pointers. */
  private static Set<String> flawed(Collection<Diagnostic> found) {
    Set<String> flawed = new HashSet<>();
    for (Diagnostic diagnostic : found) {
      String pointer = diagnostic.pointer();
      if (diagnostic.isError() && pointer != null) {
        int kind = pointer.indexOf('/', 1);
        int name = kind < 0 ? -1 : pointer.indexOf('/', kind + 1);
        flawed.add(name < 0 ? pointer : pointer.substring(0, name));
      }
    }
    return flawed;
  }

  /** False if a mistake was found in the block: then what follows from it is not worth saying. */
  boolean sound(Declared block) {
    return flawed.isEmpty() || !flawed.contains("/" + block.kind() + "/" + block.name());
  }

  private void add(String kind, MapNode map, Consumer<Diagnostic> report) {
    SortedMap<String, Declared> known = named(kind);
    for (MapNode.Entry entry : map.entries()) {
      if (entry.value() instanceof MapNode body) {
        Declared block = new Declared(kind, entry.key(), body, entry.keyAt());
        Declared first = known.putIfAbsent(entry.key(), block);
        if (first != null) {
          report.accept(
              Diagnostic.error(
                      "block.duplicate",
                      kind
                          + " "
                          + entry.key()
                          + " is declared twice, the first time at "
                          + first.at(),
                      entry.keyAt())
                  .withHint("names are unique in all files together: rename one or remove it")
                  .withPointer("/" + kind + "/" + entry.key()));
        }
      }
    }
  }

  private void addSettings(MapNode.Entry entry, Consumer<Diagnostic> report) {
    if (!(entry.value() instanceof MapNode body)) {
      return;
    }
    if (settings.isPresent()) {
      report.accept(
          Diagnostic.error(
                  "block.duplicate",
                  "the keepset block stands twice, the first time at " + settings.get().at(),
                  entry.keyAt())
              .withHint("keep the settings of the repository in one place")
              .withPointer("/keepset"));
    } else {
      settings = Optional.of(new Declared("keepset", "keepset", body, entry.keyAt()));
    }
  }

  SortedMap<String, Declared> named(String kind) {
    SortedMap<String, Declared> blocks = byKind.get(kind);
    if (blocks == null) {
      throw new IllegalArgumentException("no such kind of block: " + kind);
    }
    return blocks;
  }

  Optional<Declared> settings() {
    return settings;
  }
}
