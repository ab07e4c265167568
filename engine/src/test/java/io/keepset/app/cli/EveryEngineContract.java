package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user does with one database, from the policy file to the restored copy and back, by the
 * commands alone and against a real server.
 */
abstract class EveryEngineContract {
  private static final String ENV = "env:";

  @TempDir private Path directory;
  private final Map<String, String> secrets = new TreeMap<>();
  private int minutes;

  final void walk(String engine, EngineLab lab) throws Exception {
    try (lab) {
      Source source = lab.small();
      declare(engine, source);
      String wanted = lab.content(source);

      String first = make();
      Path file = directory.resolve("artifact" + lab.engine().facts().extension());
      done(run("backup", "download", first, file.toString()));
      requireReadable(lab, file);
      // What the reader took in may be the database itself.
      assertThat(lab.content(source)).isEqualTo(wanted);
      String uploaded = done(run("backup", "upload", "db", file.toString())).out().split(" ")[0];
      assertThat(uploaded).isNotEqualTo(first);
      assertThat(done(run("backup", "verify", uploaded)).out()).contains(uploaded);

      lab.spoil(source);
      assertThat(lab.content(source)).isNotEqualTo(wanted);
      MapNode restored =
          json(done(run("backup", "restore", uploaded, "--to-new", lab.freshName(), "--json")));
      assertThat(lab.content(report(restored))).isEqualTo(wanted);
      addBlock(restored);
      done(run("backup", "restore", first, "--over", "--confirm", "db"));
      assertThat(lab.content(source)).isEqualTo(wanted);

      clean(uploaded, first);
      lab.secret().ifPresent(this::requireUnseen);
    }
  }

  private void declare(String engine, Source source) throws Exception {
    Files.createDirectories(directory.resolve("policies"));
    MapBuilder database =
        new MapBuilder()
            .put("engine", engine)
            .put("store", "main")
            .put("policy", "small")
            .put("connection", tree(connection(engine, source)));
    if (!source.options().values().isEmpty()) {
      database.put("options", tree(source.options().values()));
    }
    Files.writeString(
        directory.resolve("policies/db.json"),
        JsonText.write(
            new MapBuilder()
                .put("database", new MapBuilder().put("db", database.build()).build())
                .build()));
    Files.writeString(
        directory.resolve("policies/all.yaml"),
        """
        store:
          main: {type: directory, path: %s/store}
        policy:
          small:
            schedule:
              nightly: {cron: "0 2 * * *", timezone: UTC}
            retention: {daily: 7, on_demand: 2, minimum: 1}
            grace: 2d
        """
            .formatted(directory));
    for (String value : source.connection().values().values()) {
      if (value.startsWith(ENV)) {
        secrets.put(value.substring(ENV.length()), source.secrets().resolve(value).reveal());
      }
    }
    done(run("validate"));
    assertThat(done(run("plan")).out()).contains("+ db ", engine + " on runner", "1 to create");
    done(run("apply", "--yes"));
    assertThat(done(run("plan")).out()).contains("Nothing to do: 1 database is as declared.");
  }

  /** Of a database that is called otherwise on its server than in the policies. */
  private static Map<String, String> connection(String engine, Source source) {
    Map<String, String> connection = new TreeMap<>(source.connection().values());
    if (engine.equals("mysql") || engine.equals("postgresql")) {
      connection.put("database", source.database());
    }
    return connection;
  }

  private String make() {
    Result made = done(run("backup", "create", "db"));
    assertThat(made.out()).contains(" made and verified: ");
    String id = made.out().split(" ")[0];
    assertThat(done(run("backup", "list", "db")).out()).contains(id, "CREATED", "on-demand");
    assertThat(done(run("backup", "show", id)).out()).contains(id, "CREATED");
    assertThat(done(run("backup", "verify", id)).out()).contains(id);
    return id;
  }

  private static void requireReadable(EngineLab lab, Path file) throws Exception {
    Optional<ProcessBuilder> reader = lab.reader(file);
    if (reader.isPresent()) {
      Path said = Files.createTempFile(file.getParent(), "said", ".txt");
      Process process =
          reader.get().redirectErrorStream(true).redirectOutput(said.toFile()).start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(() -> text(said)).isZero();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  /** The block that a restore into something new prints is good as it stands. */
  private void addBlock(MapNode restored) throws Exception {
    Optional<String> block = restored.text("block");
    if (block.isPresent()) {
      Path file = directory.resolve("policies/restored.yaml");
      Files.writeString(file, block.get());
      done(run("validate"));
      assertThat(done(run("plan")).out()).contains("1 to create, 0 to change, 0 to delete");
      Files.delete(file);
    }
  }

  /** Of backups by hand and from outside two are kept; what is deleted is gone at once. */
  private void clean(String uploaded, String first) {
    String third = make();
    assertThat(states()).containsEntry(third, "CREATED").containsEntry(first, "EXPIRED");
    done(run("backup", "delete", uploaded, "--yes"));
    assertThat(states()).doesNotContainKey(uploaded).containsKey(third);
    assertThat(directory.resolve("store/db").resolve(uploaded)).doesNotExist();
  }

  private Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    MapNode listed = json(done(run("backup", "list", "db", "--json")));
    for (Node backup : ((ListNode) listed.get("backups").orElseThrow()).items()) {
      MapNode map = (MapNode) backup;
      if (!map.text("state").orElseThrow().equals("DELETED")) {
        states.put(map.text("id").orElseThrow(), map.text("state").orElseThrow());
      }
    }
    return states;
  }

  private void requireUnseen(String secret) {
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .isNotEmpty()
          .noneMatch(file -> text(file).contains(secret));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Result run(String... args) {
    CommandLineForTests line =
        new CommandLineForTests(directory.resolve("data"))
            .with("KEEPSET_POLICIES", directory.resolve("policies").toString())
            .at(
                Clock.fixed(
                    CommandLineForTests.NOW.plus(Duration.ofMinutes(++minutes)), ZoneOffset.UTC));
    secrets.forEach(line::with);
    return line.run(args);
  }

  private Result done(Result result) {
    assertThat(result.code()).as(() -> result.out() + result.err()).isZero();
    secrets.values().forEach(s -> assertThat(result.out() + result.err()).doesNotContain(s));
    return result;
  }

  private static MapNode json(Result result) {
    return (MapNode)
        JsonText.read(new SourceFile("out", result.out().getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow();
  }

  private static RestoreReport report(MapNode restored) {
    List<String> notes = new ArrayList<>();
    restored
        .get("notes")
        .ifPresent(list -> ((ListNode) list).items().forEach(note -> notes.add(note.toString())));
    return new RestoreReport(restored.text("target").orElseThrow(), notes);
  }

  /** Settings as the language writes them: {@code repository.path}, {@code indices[0]}. */
  private static MapNode tree(Map<String, String> values) {
    Map<String, Map<String, String>> below = new TreeMap<>();
    Map<String, List<String>> lists = new TreeMap<>();
    MapBuilder tree = new MapBuilder();
    values.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          int bracket = key.indexOf('[');
          if (dot >= 0 && (bracket < 0 || dot < bracket)) {
            below
                .computeIfAbsent(key.substring(0, dot), unused -> new TreeMap<>())
                .put(key.substring(dot + 1), value);
          } else if (bracket >= 0) {
            lists
                .computeIfAbsent(key.substring(0, bracket), unused -> new ArrayList<>())
                .add(value);
          } else if (value.matches("[0-9]{1,9}")) {
            tree.put(key, Long.parseLong(value));
          } else if (value.matches("true|false")) {
            tree.put(key, Boolean.parseBoolean(value));
          } else {
            tree.put(key, value);
          }
        });
    below.forEach((key, part) -> tree.put(key, tree(part)));
    lists.forEach(tree::putTexts);
    return tree.build();
  }
}
