package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.everit.json.schema.ValidationException;
import org.junit.jupiter.api.Test;

class SchemaTest {
  private static final Location AT = new Location("a.yaml", 1, 1);
  private static final Shape.Visitor NOBODY = (shape, node, path) -> {};

  /** The quick check may only ever spare everit the work, never change what it says. */
  @Test
  void theQuickCheckAgreesWithEveritOnRandomTrees() {
    Random random = new Random(7);
    int good = 0;
    int bad = 0;
    for (SchemaFile file : files()) {
      Shape shape = file.shape("");
      for (int i = 0; i < 3_000; i++) {
        MapNode tree = (MapNode) random(shape, random, 0);
        boolean quick = shape.accepts(tree, Shape.Path.ROOT, NOBODY);
        boolean everit = everit(file, shape, tree);
        assertThat(quick).as("%s", SchemaFile.json(tree)).isEqualTo(everit);
        good += quick ? 1 : 0;
        bad += quick ? 0 : 1;
      }
    }
    assertThat(good).isGreaterThan(1_000);
    assertThat(bad).isGreaterThan(1_000);
  }

  /** True if everit finds nothing but what our own formats judge. */
  private static boolean everit(SchemaFile file, Shape shape, MapNode tree) {
    try {
      file.schema("").validate(SchemaFile.json(tree));
      return true;
    } catch (ValidationException e) {
      List<Diagnostic> left =
          new Findings(new Place(shape, tree, AT, Shape.Path.ROOT)).of(file.schema(""));
      return left.isEmpty();
    }
  }

  private static List<SchemaFile> files() {
    return List.of(
        SchemaFile.policy(),
        SchemaFile.store("directory").orElseThrow(),
        SchemaFile.store("s3").orElseThrow(),
        SchemaFile.engine("postgresql").orElseThrow(),
        SchemaFile.engine("volume").orElseThrow());
  }

  /** Mostly what the shape wants, now and then something else. */
  private static Node random(Shape shape, Random random, int depth) {
    if (depth > 0 && random.nextInt(12) == 0) {
      return scalar(random);
    }
    if (shape.has("object") && !shape.properties().isEmpty()
        || shape.others() != null
        || shape.types().equals(Set.of("object"))) {
      return map(shape, random, depth);
    }
    if (shape.items() != null) {
      List<Node> items = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        items.add(random(shape.items(), random, depth + 1));
      }
      return new ListNode(AT, items);
    }
    if (!shape.allowed().isEmpty()) {
      return shape.allowed().get(random.nextInt(shape.allowed().size()));
    }
    return shape.has("boolean") ? node(random.nextBoolean()) : scalar(random);
  }

  private static MapNode map(Shape shape, Random random, int depth) {
    MapBuilder map = new MapBuilder();
    Set<String> used = new TreeSet<>();
    for (Map.Entry<String, Shape> property : shape.properties().entrySet()) {
      boolean needed = shape.required().contains(property.getKey());
      if (random.nextInt(needed ? 12 : 3) != 0 ? needed : random.nextInt(3) == 0) {
        map.put(property.getKey(), random(property.getValue(), random, depth + 1));
        used.add(property.getKey());
      }
    }
    if (shape.others() != null) {
      for (int i = random.nextInt(3); i > 0; i--) {
        String key = random.nextInt(9) == 0 ? "~a/b c" + i : "name" + i;
        map.put(key, random(shape.others(), random, depth + 1));
      }
    } else if (random.nextInt(15) == 0 && !used.contains("odd/~1")) {
      map.put("odd/~1", scalar(random));
    }
    return map.build();
  }

  private static Node scalar(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> node(null);
      case 1 -> node(true);
      case 2 -> node(0L);
      case 3 -> node(30L);
      case 4 -> node(-1L);
      case 5 -> node(5_000_000_000L);
      case 6 -> node(new BigDecimal("1.5"));
      case 7 -> node(new BigDecimal("1e30"));
      case 8 -> node("");
      case 9 -> node("7d");
      case 10 -> node("forever");
      default -> node("/some-text");
    };
  }

  private static ScalarNode node(Object value) {
    return new ScalarNode(AT, value);
  }

  @Test
  void everySchemaHelpsEditors() throws IOException {
    for (Path path : schemaFiles()) {
      SchemaFile file = schema(path);
      assertThat(file.tree().text("title")).as(path + " has a title").isPresent();
      assertThat(undescribed(file.tree(), path.toString())).isEmpty();
    }
  }

  private static List<Path> schemaFiles() throws IOException {
    List<Path> all = new ArrayList<>(List.of(Path.of("policy.schema.json")));
    for (String folder : List.of("engines", "stores")) {
      try (Stream<Path> files = Files.list(Path.of("../../schemas", folder))) {
        files.sorted().forEach(file -> all.add(Path.of(folder, file.getFileName().toString())));
      }
    }
    return all;
  }

  private static SchemaFile schema(Path path) {
    String name = path.getFileName().toString().replace(".schema.json", "");
    return path.startsWith("engines")
        ? SchemaFile.engine(name).orElseThrow()
        : path.startsWith("stores") ? SchemaFile.store(name).orElseThrow() : SchemaFile.policy();
  }

  /** Properties with neither title nor description, by themselves or by what they refer to. */
  private static List<String> undescribed(MapNode schema, String where) {
    List<String> found = new ArrayList<>();
    for (MapNode.Entry entry : schema.entries()) {
      if (entry.value() instanceof MapNode map) {
        found.addAll(undescribed(map, where + "/" + entry.key()));
        if (where.endsWith("/properties")
            && Stream.of("title", "description", "$ref", "properties")
                .noneMatch(key -> map.get(key).isPresent())
            && !Set.of("reason", "type", "percent").contains(entry.key())) {
          found.add(where + "/" + entry.key());
        }
      }
    }
    return found;
  }

  /** What the schema lets through the decoder must read: a key that nobody reads says nothing. */
  @Test
  void everyKeyOfTheLanguageReachesTheProtectionOrIsLeftForLater() throws IOException {
    Set<String> read = new TreeSet<>();
    for (String source : sources()) {
      java.util.regex.Matcher words =
          java.util.regex.Pattern.compile("\"([a-z_]+)\"").matcher(source);
      while (words.find()) {
        read.add(words.group(1));
      }
    }
    Shape root = SchemaFile.policy().shape("");
    for (String kind : List.of("policy", "environment", "database")) {
      Shape block = SchemaFile.policy().shape("/definitions/" + kind);
      assertThat(read).as(kind).containsAll(keys(block));
    }
    assertThat(read).containsAll(keys(root.properties().get("keepset")));
    assertThat(read).containsAll(root.properties().keySet());
  }

  private static Set<String> keys(Shape shape) {
    Set<String> keys = new TreeSet<>(shape.properties().keySet());
    shape.properties().values().forEach(inner -> keys.addAll(keys(inner)));
    if (shape.others() != null) {
      keys.addAll(keys(shape.others()));
    }
    for (Retention.Tier tier : Retention.Tier.values()) {
      keys.remove(tier.word());
      keys.remove(tier.withinKey());
    }
    return keys;
  }

  private static List<String> sources() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String name :
        List.of(
            "Rules",
            "ProtectionCodec",
            "DatabaseResolver",
            "Resolver",
            "Chain",
            "SettingsReader",
            "AlertingCodec",
            "Blocks",
            "TerraformStateCodec",
            "BlockRules")) {
      texts.add(Files.readString(Path.of("src/main/java/io/keepset/policy/" + name + ".java")));
    }
    return texts;
  }
}
