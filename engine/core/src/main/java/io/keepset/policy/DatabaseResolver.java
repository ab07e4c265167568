package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.MapNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One database laid on top of its chain. */
final class DatabaseResolver {
  private static final Origin DEFAULT = new Origin(Origin.BUILT_IN, null);
  private static final Set<String> PLATFORMS = Set.of("runner", "memory");
  private static final String RUNNER = "runner";

  private final Declared database;
  private final Chain chain;
  private final Optional<Declared> instance;
  private final boolean sound;
  private final Consumer<Diagnostic> report;
  private final MapNode body;
  private final String level;

  /**
   * @param instance the server that it names, if it does
   * @param sound false if a mistake was found in one of the blocks
   */
  DatabaseResolver(
      Declared database,
      Chain chain,
      Optional<Declared> instance,
      boolean sound,
      Consumer<Diagnostic> report) {
    this.sound = sound;
    this.database = database;
    this.chain = chain;
    this.instance = instance;
    this.report = report;
    this.body = database.body();
    this.level = "database " + database.name();
  }

  /** Null if what it says can't be made into a protection; that was reported, here or before. */
  @Nullable Resolved resolve() {
    Reading reading = new Reading();
    Optional<String> engine = reading.text(body, "engine").filter(this::available);
    Optional<MapNode> override = body.map("override");
    Levels levels =
        override.isPresent() ? chain.levels().lay(level, false, override.get()) : chain.levels();
    Rules rules =
        override.isPresent()
            ? Rules.read(levels.tree(), timetable(override.get()), reading)
            : chain.rules();
    MapNode inherited = levels.tree();
    Optional<String> platform =
        reading.text(body, "platform").or(() -> reading.text(inherited, "platform"));
    Optional<String> store = reading.text(body, "store").or(() -> reading.text(inherited, "store"));
    SortedMap<String, String> labels = reading.flat(reading.map(inherited, "labels"));
    labels.putAll(reading.flat(reading.map(body, "labels")));
    boolean reachable = platform(platform);
    boolean kept = store(platform.orElse(RUNNER), store);
    if (engine.isEmpty() || !reachable || !kept || !sound || !sameEngine(engine.get())) {
      return null;
    }
    Protection protection =
        new Protection(
            new TargetId(platform.orElse(RUNNER), database.name()),
            engine.get(),
            rules.schedules(),
            rules.retention(),
            rules.pointInTime(),
            rules.copies(),
            rules.finalBackup(),
            rules.grace(),
            rules.objective(),
            ProtectionCodec.suspension(body, reading),
            labels,
            store,
            new Options(withInstance("connection", reading)),
            new Options(withInstance("options", reading)));
    if (reading.trouble()) {
      return null;
    }
    SortedMap<String, Origin> origins = origins(protection, levels);
    // Whoever only inherits is not to blame: then the policy is named, and its mistake said once.
    boolean own = override.isPresent() || chain.builtIn();
    Contradictions.in(
            new Subject(
                rules,
                Optional.of(protection),
                origins,
                own ? level : "policy " + chain.policy().name(),
                own ? database.at() : chain.at()))
        .forEach(report);
    return new Resolved(
        protection,
        chain.policy().name(),
        origins,
        database.at(),
        chain.environment().map(Declared::name));
  }

  /** What the instance says, with what the database says on top. */
  private SortedMap<String, String> withInstance(String part, Reading reading) {
    SortedMap<String, String> own = reading.flat(reading.map(body, part));
    if (instance.isEmpty()) {
      return own;
    }
    SortedMap<String, String> all = reading.flat(reading.map(instance.get().body(), part));
    for (String key : own.keySet()) {
      // A list of the database replaces that of the instance as a whole.
      int list = key.indexOf('[');
      if (list > 0) {
        all.keySet().removeIf(other -> other.startsWith(key.substring(0, list + 1)));
      }
    }
    all.putAll(own);
    return all;
  }

  private boolean sameEngine(String engine) {
    Optional<String> other = instance.flatMap(block -> block.body().text("engine"));
    if (other.isEmpty() || other.get().equals(engine)) {
      return true;
    }
    report.accept(
        Diagnostic.error(
                "instance.engine",
                level
                    + " is "
                    + engine
                    + ", but instance "
                    + instance.get().name()
                    + " is "
                    + other.get(),
                at("instance"))
            .withHint("name another instance, or give both the same engine"));
    return false;
  }

  private Optional<Timetable> timetable(MapNode override) {
    boolean same = override.get("schedule").isEmpty() && override.get("timezone").isEmpty();
    return same ? Optional.of(chain.rules().timetable()) : Optional.empty();
  }

  private boolean available(String engine) {
    if (SchemaFile.engine(engine).isEmpty()) {
      if (SchemaFile.engineNames().contains(engine)) {
        report.accept(
            Diagnostic.error(
                    "engine.unavailable",
                    "engine " + engine + " is known, but this version can't back it up",
                    at("engine"))
                .withHint(
                    "this version can do " + String.join(", ", SchemaFile.availableEngines())));
      }
      return false;
    }
    return connected(engine);
  }

  private boolean connected(String engine) {
    SchemaFile schema = SchemaFile.engine(engine).orElseThrow();
    boolean needed = schema.shape("").required().contains("connection");
    boolean there =
        body.entry("connection").isPresent()
            || instance.flatMap(block -> block.body().entry("connection")).isPresent();
    if (needed && !there) {
      report.accept(
          Diagnostic.error("key.missing", level + " has no connection", database.at())
              .withHint("add connection: how to reach it"));
      return false;
    }
    return true;
  }

  private boolean platform(Optional<String> platform) {
    if (platform.isEmpty() || PLATFORMS.contains(platform.get())) {
      return true;
    }
    Origin inherited = chain.levels().origins().get("platform");
    report.accept(
        Diagnostic.error(
                "platform.unavailable",
                "platform " + platform.get() + " is known, but this version can't talk to it",
                body.entry("platform").isPresent() || inherited == null || inherited.at() == null
                    ? at("platform")
                    : inherited.at())
            .withHint("this version can do runner"));
    return false;
  }

  private boolean store(String platform, Optional<String> store) {
    if (store.isEmpty() && platform.equals(RUNNER)) {
      report.accept(
          Diagnostic.error(
                  "database.store", level + " has no store to keep backups in", database.at())
              .withHint("name one with store, in its environment, or in keepset.defaults"));
      return false;
    }
    return true;
  }

  private Location at(String key) {
    return body.get(key).map(node -> node.at()).orElse(database.at());
  }

  private SortedMap<String, Origin> origins(Protection protection, Levels levels) {
    Map<String, Origin> own = new HashMap<>();
    instance.ifPresent(
        block -> Levels.leaves("", block.body(), "instance " + block.name(), false, own));
    own.keySet().removeIf(path -> !path.startsWith("connection.") && !path.startsWith("options."));
    Levels.leaves("", body, level, false, own);
    SortedMap<String, Origin> origins = new TreeMap<>();
    for (String path : ProtectionFields.of(protection).keySet()) {
      Origin origin = own.get(path);
      if (origin == null) {
        origin = levels.origins().get(path);
      }
      if (origin == null && path.endsWith(".timezone")) {
        origin = levels.origins().get("timezone");
      }
      origins.put(path, origin == null ? DEFAULT : origin);
    }
    return origins;
  }
}
