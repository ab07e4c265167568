package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a real directory, with one volume under a policy that is in force. */
abstract class VolumeCommands {
  @TempDir Path directory;

  @BeforeEach
  void applyAPolicy() throws IOException {
    Files.createDirectories(directory.resolve("policies"));
    Files.createDirectories(directory.resolve("files"));
    Files.writeString(directory.resolve("files/a.txt"), "hello");
    Files.writeString(
        directory.resolve("policies/all.yaml"),
        """
        store:
          main: {type: directory, path: %1$s/store}
        policy:
          small:
            schedule:
              nightly: {cron: "0 2 * * *", timezone: UTC}
            retention: {last: 3, on_demand: 1, minimum: 1}
            grace: 2d
        database:
          files: {engine: volume, policy: small, store: main, connection: {path: %1$s/files}}
        """
            .formatted(directory));
    assertThat(run("apply", "--yes").err()).doesNotContain("error");
  }

  void damageArtifact() throws IOException {
    Path folder = directory.resolve("store/files/" + newest());
    byte[] bytes = Files.readAllBytes(folder.resolve("artifact"));
    bytes[bytes.length / 2] ^= 1;
    Files.delete(folder.resolve("artifact"));
    Files.write(folder.resolve("artifact"), bytes);
  }

  String newest() {
    List<MapNode> backups =
        ((io.keepset.source.ListNode) json(run("backup", "list", "--json")).get("backups").get())
            .items().stream().map(node -> (MapNode) node).toList();
    return backups.get(backups.size() - 1).text("id").orElseThrow();
  }

  static MapNode json(Result result) {
    byte[] bytes = result.out().getBytes(StandardCharsets.UTF_8);
    return (MapNode) JsonText.read(new SourceFile("out", bytes)).valid().orElseThrow();
  }

  static Clock later(int days) {
    return Clock.fixed(CommandLineForTests.NOW.plus(Duration.ofDays(days)), ZoneOffset.UTC);
  }

  Result run(String... args) {
    return line().run(args);
  }

  CommandLineForTests line() {
    return new CommandLineForTests(directory.resolve("data"))
        .with("KEEPSET_POLICIES", directory.resolve("policies").toString());
  }
}
