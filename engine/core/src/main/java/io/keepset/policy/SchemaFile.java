package io.keepset.policy;

import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.everit.json.schema.Schema;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONArray;
import org.json.JSONObject;

/** One of our schema files, read from the classpath once. Safe for several threads. */
final class SchemaFile {
  private static final Map<String, Optional<SchemaFile>> FILES = new ConcurrentHashMap<>();

  private final MapNode tree;
  private final Map<String, Shape> shapes = new ConcurrentHashMap<>();
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private SchemaFile(MapNode tree) {
    this.tree = tree;
  }

  static SchemaFile policy() {
    return find("policy.schema.json")
        .orElseThrow(() -> new IllegalStateException("policy.schema.json is not packed"));
  }

  /** Empty if this version has no driver for the engine. */
  static Optional<SchemaFile> engine(String name) {
    return engineNames().contains(name)
        ? find("engines/" + name + ".schema.json")
        : Optional.empty();
  }

  /** Every engine that policies may name, with a driver here or not. */
  static List<String> engineNames() {
    return Engines.NAMES;
  }

  /** Read when it is first asked for. */
  private static final class Engines {
    static final List<String> NAMES =
        policy().shape("/definitions/database").child("engine").orElseThrow().allowed().stream()
            .map(node -> ((ScalarNode) node).text())
            .toList();
  }

  static List<String> availableEngines() {
    return engineNames().stream().filter(name -> engine(name).isPresent()).toList();
  }

  /** Every type that a store may have. */
  static List<String> storeTypes() {
    return policy().shape("/definitions/store").child("type").orElseThrow().allowed().stream()
        .map(node -> ((ScalarNode) node).text())
        .toList();
  }

  static Optional<SchemaFile> store(String type) {
    return type.matches("[a-z0-9]+") ? find("stores/" + type + ".schema.json") : Optional.empty();
  }

  private static Optional<SchemaFile> find(String path) {
    return FILES.computeIfAbsent(path, SchemaFile::read);
  }

  private static Optional<SchemaFile> read(String path) {
    try (InputStream in = SchemaFile.class.getResourceAsStream("/schemas/" + path)) {
      if (in == null) {
        return Optional.empty();
      }
      Node node =
          JsonText.read(new SourceFile("schemas/" + path, in.readAllBytes()))
              .valid()
              .orElseThrow(() -> new IllegalStateException("not JSON: schemas/" + path));
      return Optional.of(new SchemaFile((MapNode) node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MapNode tree() {
    return tree;
  }

  /** The shape of a part, by JSON pointer into the schema; empty for all of it. */
  Shape shape(String part) {
    return shapes.computeIfAbsent(part, p -> Shapes.of(tree, p));
  }

  /** The same part for everit. */
  Schema schema(String part) {
    return schemas.computeIfAbsent(part, this::load);
  }

  private Schema load(String part) {
    MapNode schema = tree;
    for (String key : part.isEmpty() ? new String[0] : part.substring(1).split("/")) {
      schema = schema.map(key).orElseThrow();
    }
    JSONObject json = (JSONObject) json(schema);
    json.remove("$id");
    tree.map("definitions").ifPresent(definitions -> json.put("definitions", json(definitions)));
    return SchemaLoader.builder().schemaJson(json).draftV7Support().build().load().build();
  }

  /** The tree in the classes that everit works on. */
  static Object json(Node node) {
    if (node instanceof MapNode map) {
      JSONObject json = new JSONObject();
      map.entries().forEach(entry -> json.put(entry.key(), json(entry.value())));
      return json;
    }
    if (node instanceof ListNode list) {
      JSONArray json = new JSONArray();
      list.items().forEach(item -> json.put(json(item)));
      return json;
    }
    Object value = ((ScalarNode) node).value();
    if (value instanceof Long number && number.intValue() == number) {
      return number.intValue(); // everit wants the numbers in its schemas so
    }
    return value == null ? JSONObject.NULL : value;
  }
}
