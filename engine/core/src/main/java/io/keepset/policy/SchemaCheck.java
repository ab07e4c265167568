package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Judges one file's tree by the schemas: the policy schema for all of it, the engine's and the
 * store's own schema for the parts that they describe. Their part is chosen here by name, so that
 * there is one sharp message instead of one for each alternative.
 */
final class SchemaCheck {
  private static final int MOST = 100;

  private final List<Diagnostic> found = new ArrayList<>();

  private SchemaCheck() {}

  /** All mistakes in the order of the file. */
  static List<Diagnostic> check(MapNode root) {
    SchemaCheck check = new SchemaCheck();
    check.part(SchemaFile.policy(), "", root, root.at(), Shape.Path.ROOT);
    for (String kind : List.of("database", "instance")) {
      blocks(root, kind).forEach(block -> check.ofEngine(kind, block));
    }
    for (MapNode.Entry store : blocks(root, "store")) {
      check.store(store);
    }
    return check.inOrder();
  }

  private static List<MapNode.Entry> blocks(MapNode root, String kind) {
    return root.map(kind).map(MapNode::entries).orElse(List.of());
  }

  private void ofEngine(String kind, MapNode.Entry entry) {
    if (!(entry.value() instanceof MapNode database)) {
      return;
    }
    Optional<SchemaFile> engine = database.text("engine").flatMap(SchemaFile::engine);
    if (engine.isEmpty()) {
      return;
    }
    Shape.Path path = Shape.Path.ROOT.child(kind).child(entry.key());
    for (String part : List.of("connection", "options")) {
      Optional<MapNode.Entry> there = database.entry(part);
      if (there.isPresent() && there.get().value() instanceof MapNode map) {
        part(engine.get(), "/properties/" + part, map, there.get().keyAt(), path.child(part));
      }
    }
  }

  private void store(MapNode.Entry entry) {
    if (entry.value() instanceof MapNode store) {
      store
          .text("type")
          .flatMap(SchemaFile::store)
          .ifPresent(
              schema ->
                  part(
                      schema,
                      "",
                      store,
                      entry.keyAt(),
                      Shape.Path.ROOT.child("store").child(entry.key())));
    }
  }

  private void part(SchemaFile file, String part, MapNode node, Location keyAt, Shape.Path path) {
    Shape shape = file.shape(part);
    // Everit is the judge, but slow to start; a tree that is surely good need not wait for it.
    if (!shape.accepts(node, path, this::value)) {
      found.addAll(new Findings(new Place(shape, node, keyAt, path)).of(file.schema(part)));
    }
  }

  private void value(Shape shape, Node node, Shape.Path path) {
    if (node instanceof ScalarNode scalar) {
      if (scalar.reference() != null) {
        reference(shape, scalar, scalar.reference(), path);
        return;
      }
      if (scalar.value() == null && shape.types().contains("null")) {
        return;
      }
    }
    shape
        .format()
        .ifPresent(
            format ->
                format
                    .check(path.key(), node)
                    .forEach(wrong -> found.add(wrong.withPointer(path.pointer()))));
  }

  private void reference(Shape shape, ScalarNode scalar, String kind, Shape.Path path) {
    String written = kind + "." + scalar.text();
    Optional<String> wanted = shape.refersTo();
    if (wanted.isEmpty()) {
      found.add(
          Diagnostic.error(
                  "reference.unexpected",
                  path.key() + " can't be a reference, was " + written,
                  scalar.at())
              .withHint("put text in quotes")
              .withPointer(path.pointer()));
    } else if (!wanted.get().equals(kind)) {
      found.add(
          Diagnostic.error(
                  "reference.kind",
                  path.key() + " must refer to a " + wanted.get() + ", was " + written,
                  scalar.at())
              .withHint("write " + wanted.get() + ".NAME, or the name in quotes")
              .withPointer(path.pointer()));
    }
  }

  private List<Diagnostic> inOrder() {
    found.sort(
        Comparator.comparing(Diagnostic::at, Comparator.nullsLast(Comparator.naturalOrder())));
    if (found.size() <= MOST) {
      return List.copyOf(found);
    }
    List<Diagnostic> some = new ArrayList<>(found.subList(0, MOST));
    some.add(
        Diagnostic.error(
            "schema.too-many",
            "and " + (found.size() - MOST) + " more mistakes in this file",
            found.get(MOST).at()));
    return some;
  }
}
