package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.lab.RestoreProcess;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of every engine, and what a restore over indices promises beyond them. */
abstract class ElasticRestoreContract extends EngineContract {
  private static final RestoreRequest OVER = new RestoreRequest(Mode.OVER, Optional.empty());
  private static final String ALIASES =
      "{\"actions\":[{\"add\":{\"index\":\"shop\",\"alias\":\"buy\",\"is_write_index\":true}},"
          + "{\"add\":{\"index\":\"shop\",\"alias\":\"first\",\"routing\":\"1\","
          + "\"filter\":{\"range\":{\"n\":{\"lt\":10}}}}}]}";

  private ElasticLab server;

  abstract ElasticLab startServer() throws Exception;

  final ElasticLab server() {
    return server;
  }

  @Override
  protected final EngineLab start() throws Exception {
    server = startServer();
    return new ElasticEngineLab(server);
  }

  private String get(String path) {
    return JsonText.writeCompact(server.get(path));
  }

  private boolean there(String index) {
    return lab().inventory().contains(index);
  }

  @Test
  void restoringOverBringsAliasesAndBlocksBackAsTheyWere() throws Exception {
    Source source = lab().small();
    server.send("POST", "_aliases", ALIASES);
    server.send("PUT", "other/_settings", "{\"index.blocks.write\":true}");
    String before = get("shop/_alias");
    Made made = make(source);
    server.send("DELETE", "shop/_alias/first", "");
    server.send("PUT", "shop/_alias/later", "{}");
    server.send("PUT", "other/_settings", "{\"index.blocks.write\":null}");

    restore(made, source, OVER);

    assertThat(get("shop/_alias")).isEqualTo(before);
    assertThat(get("shop/_settings?flat_settings=true")).doesNotContain("index.blocks.write");
    assertThat(get("other/_settings?flat_settings=true")).contains("index.blocks.write\":\"true");
    assertThat(lab().inventory()).noneMatch(Leftovers::is);
  }

  @Test
  void whatAPatternLeavesOutSurvivesARestoreOver() throws Exception {
    Source whole = lab().small();
    String before = lab().content(whole);
    Source without =
        EngineLab.changed(
            whole,
            Map.of(),
            Map.of("indices[0]", "shop", "indices[1]", "o*", "indices[2]", "-other*"));
    Made made = make(without);
    assertThat(made.facts().values()).containsEntry("index_names", "shop");

    restore(made, without, OVER);

    assertThat(lab().content(whole)).isEqualTo(before).contains("other");
  }

  @Test
  void whatARunLeftThatWasKilledIsToldOnceItIsDead() throws Exception {
    Source source = lab().small();
    Place common = Place.of(source);
    Repository dead = Repository.fresh(Cluster.toDump(source), common);
    Repository alive = Repository.fresh(Cluster.toDump(source), common);
    dead.register(false);
    alive.register(false);
    try {
      try (Stream<Path> files = Files.walk(dead.place().local())) {
        for (Path file : files.toList()) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        }
      }

      List<String> warnings = make(source).report().warnings();
      List<String> findings =
          lab().engine().check(source).stream().map(Diagnostic::message).toList();

      for (List<String> told : List.of(warnings, findings)) {
        assertThat(told)
            .anyMatch(text -> text.contains("DELETE _snapshot/" + dead.name() + " and rm -r"))
            .noneMatch(text -> text.contains(alive.name()));
      }
    } finally {
      dead.drop(false);
      alive.drop(false);
    }
  }

  @Test
  void aClosedIndexIsClosedAgainAfterwards() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String before = lab().content(source);
    server.send("POST", "shop/_close", "");

    restore(made, source, OVER);

    assertThat(lab().content(source)).isEqualTo(before);
  }

  @Test
  void whatStandsInTheWayOfTheSwitchLeavesAllAsItWas() throws Exception {
    Source source = lab().small();
    server.send("POST", "_aliases", ALIASES);
    Made made = make(source);
    lab().spoil(source);
    server.send("DELETE", "shop/_alias/buy", "");
    // No alias may be called as an index is: the last step of the restore is refused.
    server.send("PUT", "buy", "{}");
    String before = lab().content(source);
    String aliases = get("shop/_alias");
    List<String> inventory = lab().inventory();
    try {
      assertThatThrownBy(() -> restore(made, source, OVER))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("the indices are again what they were before");

      assertThat(lab().content(source)).isEqualTo(before);
      assertThat(get("shop/_alias")).isEqualTo(aliases);
      assertThat(lab().inventory()).isEqualTo(inventory);
      server.send("POST", "shop/_doc", "{\"n\":1}");
    } finally {
      server.send("DELETE", "buy", "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keepset-restored-shop", "-shop"})
  void aRestoreThatWasKilledIsToldAndTheNextOneGoesOn(String moment) throws Exception {
    Source source = lab().small();
    String before = lab().content(source);
    Made made = make(source);
    List<String> repositories = readOnlyRepositories();
    boolean until = !moment.startsWith("-");
    String index = until ? moment : moment.substring(1);

    boolean killed =
        RestoreProcess.killed(
            "elasticsearch",
            made.artifact(),
            source,
            Map.of("LAB", ElasticLab.PASSWORD),
            server.repository(),
            () -> there(index) == until);

    if (killed && lab().inventory().stream().anyMatch(Leftovers::is)) {
      assertThat(lab().engine().check(source))
          .extracting(Diagnostic::message)
          .anyMatch(message -> message.contains("one broke off"));
      if (there("shop")) {
        assertThat(make(source).report().warnings())
            .anyMatch(text -> text.contains("one broke off"));
      }
    }
    restore(made, source, OVER);
    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().inventory()).noneMatch(Leftovers::is);
    assertThat(readOnlyRepositories()).isSubsetOf(repositories);
  }

  /** Those that restores read; other laws may have left some, and said so. */
  private List<String> readOnlyRepositories() {
    return Cluster.map(server.get("_snapshot")).entries().stream()
        .filter(entry -> JsonText.writeCompact(entry.value()).contains("readonly\":\"true"))
        .map(MapNode.Entry::key)
        .toList();
  }

  @Test
  void anIndexThatIsOnlyThereAsACopyIsKeptUntilTheRestoreIsDone() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String before = lab().content(source);
    server.send("PUT", "shop/_settings", "{\"index.blocks.write\":true}");
    server.send("POST", "shop/_clone/keepset-former-shop", "");
    server.send("DELETE", "shop", "");

    RestoreReport report = restore(made, source, OVER);

    assertThat(report.notes()).anyMatch(note -> note.contains("only there as keepset-former-shop"));
    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().inventory()).noneMatch(Leftovers::is);
  }

  @Test
  void theRolesOfThePageAreEnough() throws Exception {
    lab().small();
    server.logins().makeThoseOfThePage(server);
    Source source =
        ((ElasticEngineLab) lab())
            .by(
                Map.of(
                    "user",
                    "keepset-backup",
                    "restore_user",
                    "keepset-restore",
                    "restore_password",
                    "env:LAB"));
    String before = lab().content(source);

    Made made = make(source);
    lab().spoil(source);
    restore(made, source, OVER);
    restore(made, source, into(lab().freshName()));

    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().engine().check(source)).noneMatch(finding -> finding.isError());
  }

  @Test
  void aRestoreTellsHowFarTheClusterIs() throws Exception {
    Source source = lab().big(24L << 20);
    Made made = make(source);
    AtomicLong calls = new AtomicLong();

    lab()
        .engine()
        .restore(
            made.open(),
            made.facts(),
            List.of(),
            source,
            new RestoreRequest(Mode.NEW, Optional.of(lab().freshName())),
            (done, total) -> calls.incrementAndGet());

    assertThat(calls).hasPositiveValue();
  }
}
