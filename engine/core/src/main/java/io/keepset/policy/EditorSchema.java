package io.keepset.policy;

import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policy schema and those of all engines and stores as one file, so that an editor also helps
 * inside {@code connection}, {@code options} and stores. Keepset itself chooses the part by name
 * and judges with that alone, because the alternatives of one large schema make blunt messages.
 */
public final class EditorSchema {
  private static final String DEFINITIONS = "definitions";

  private EditorSchema() {}

  /** A JSON Schema of draft 07 that refers to nothing outside of itself. */
  public static MapNode bundle() {
    MapNode policy = SchemaFile.policy().tree();
    List<String> engines = SchemaFile.availableEngines();
    MapBuilder definitions = new MapBuilder();
    for (MapNode.Entry definition : policy.map(DEFINITIONS).orElseThrow().entries()) {
      definitions.put(
          definition.key(),
          switch (definition.key()) {
            case "database", "instance" ->
                with((MapNode) definition.value(), engines.stream().map(EditorSchema::of).toList());
            case "store" ->
                with(
                    (MapNode) definition.value(),
                    SchemaFile.storeTypes().stream().map(EditorSchema::store).toList());
            default -> definition.value();
          });
    }
    for (String engine : engines) {
      definitions.put(
          key("engine", engine), moved(SchemaFile.engine(engine).orElseThrow(), "engine", engine));
    }
    for (String type : SchemaFile.storeTypes()) {
      definitions.put(
          key("store", type), moved(SchemaFile.store(type).orElseThrow(), "store", type));
    }
    return replaced(policy, DEFINITIONS, definitions.build());
  }

  private static MapNode of(String engine) {
    String base = "#/" + DEFINITIONS + "/" + key("engine", engine) + "/properties/";
    MapBuilder parts = new MapBuilder();
    for (String part : List.of("connection", "options")) {
      parts.put(part, new MapBuilder().put("$ref", base + part));
    }
    return when("engine", engine, new MapBuilder().put("properties", parts));
  }

  private static MapNode store(String type) {
    return when(
        "type", type, new MapBuilder().put("$ref", "#/" + DEFINITIONS + "/" + key("store", type)));
  }

  /** An engine or store of which there are some; a mistake in its name is told elsewhere. */
  private static MapNode when(String key, String value, MapBuilder then) {
    MapBuilder properties = new MapBuilder().put(key, new MapBuilder().put("const", value));
    return new MapBuilder()
        .put("if", new MapBuilder().put("required", texts(key)).put("properties", properties))
        .put("then", then)
        .build();
  }

  private static List<Node> texts(String text) {
    return List.of(MapBuilder.text(text));
  }

  private static MapNode with(MapNode definition, List<MapNode> cases) {
    MapBuilder all = new MapBuilder();
    definition.entries().forEach(entry -> all.put(entry.key(), entry.value()));
    return all.put("allOf", cases).build();
  }

  private static MapNode replaced(MapNode map, String key, MapNode value) {
    MapBuilder all = new MapBuilder();
    map.entries().forEach(e -> all.put(e.key(), e.key().equals(key) ? value : e.value()));
    return all.build();
  }

  private static String key(String kind, String name) {
    return kind + "-" + name;
  }

  /** A whole schema as a definition of another: what it refers to in itself moves along. */
  private static Node moved(SchemaFile file, String kind, String name) {
    String root = "#/" + DEFINITIONS + "/" + key(kind, name) + "/";
    return moved(file.tree(), root);
  }

  private static Node moved(Node node, String root) {
    if (node instanceof ListNode list) {
      List<Node> items = new ArrayList<>();
      list.items().forEach(item -> items.add(moved(item, root)));
      return MapBuilder.list(items);
    }
    if (!(node instanceof MapNode map)) {
      return node;
    }
    MapBuilder moved = new MapBuilder();
    for (MapNode.Entry entry : map.entries()) {
      Optional<String> reference =
          entry.value() instanceof ScalarNode scalar && entry.key().equals("$ref")
              ? Optional.of(scalar.text())
              : Optional.empty();
      if (reference.isPresent()) {
        moved.put(entry.key(), reference.get().replaceFirst("^#/", root));
      } else if (!entry.key().equals("$id") && !entry.key().equals("$schema")) {
        moved.put(entry.key(), moved(entry.value(), root));
      }
    }
    return moved.build();
  }
}
