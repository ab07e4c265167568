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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real directory, from a policy file to a restored file. */
class BackupCommandsTest {
  @TempDir private Path directory;

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

  @Test
  void aStoreDoesNotMoveAwayFromBackupsThatNobodyNames() throws Exception {
    run("backup", "create", "files");
    Path policy = directory.resolve("policies/all.yaml");
    String without = Files.readString(policy).replace("  files: {", "  others: {");
    Files.writeString(policy, without);
    String request = run("plan").out().replaceFirst("(?s).*have it reviewed:\n\n", "");
    Files.writeString(
        directory.resolve("policies/approval.yaml"),
        request.replaceFirst("(?s)\nPlan hash.*", "\n"));
    assertThat(run("apply", "--yes").out()).contains("- files ");
    Files.delete(directory.resolve("policies/approval.yaml"));
    Files.writeString(
        policy, without.replace("path: " + directory + "/store}", "path: " + directory + "/new}"));

    Result plan = run("plan");

    assertThat(plan.code()).isEqualTo(3);
    assertThat(plan.out())
        .contains("store main moves, and 2 backups in its old place would be out of reach")
        .contains("of files, which this plan does not name [guard.store]");
    assertThat(run("backup", "verify", "files").code()).isZero();
  }

  @Test
  void makesListsAndShows() {
    Result made = run("backup", "create", "files");
    String id = newest();

    assertThat(made.code()).isZero();
    assertThat(made.out()).startsWith(id + " made and verified: ").endsWith("in store main\n");
    assertThat(run("backup", "list").out())
        .contains(id, "CREATED", "on-demand", "minimum 1/1", "1 backup, ");
    assertThat(run("backup", "show", "files").out()).contains("id             " + id);
    assertThat(run("backup", "show", id, "--json").out()).contains("\"verified\": true");
  }

  @Test
  void copiesAreMadeListedBeneathTheirOriginalsAndStandInForThem() throws Exception {
    Path policy = directory.resolve("policies/all.yaml");
    Files.writeString(
        policy,
        Files.readString(policy)
            .replace("grace: 2d", "grace: 2d\n    copy: {dr: {to: far, retention: {last: 2}}}")
            .replace("policy:\n", "  far: {type: directory, path: %s/far}\npolicy:\n")
            .formatted(directory));
    assertThat(run("apply", "--yes").err()).doesNotContain("error");
    Result made = run("backup", "create", "files");
    assertThat(made.out()).containsPattern("copied to far: files-[^ ]* CREATED\n");
    String original = made.out().split(" ")[0];

    assertThat(run("backup", "list").out())
        .containsPattern(original + " .*\n  files-[^ ]* +CREATED +copy dr .* last 1/2")
        .contains("2 backups");
    assertThat(run("backup", "list", "--json").out()).contains("\"copy_of\": \"" + original);
    assertThat(run("backup", "show", original).out()).contains("copied to      far: files-");

    Path artifact = directory.resolve("store/files/" + original + "/artifact");
    Files.write(artifact, new byte[] {1, 2, 3});
    Path back = directory.resolve("back");
    assertThat(run("backup", "restore", original, "--to-new", back.toString()).code()).isEqualTo(1);
    Result restored = run("backup", "restore", "files", "--to-new", back.toString());
    assertThat(restored.code()).isZero();
    assertThat(restored.err()).contains("is a copy in store far; its original " + original);
    assertThat(Files.readString(back.resolve("a.txt"))).isEqualTo("hello");

    Files.writeString(policy, Files.readString(policy).replace("/far}", "/elsewhere}"));
    assertThat(run("plan").out()).containsPattern("store.copy.dr.path .*/far -> .* WEAKENS");
  }

  @Test
  void whatIsSuspiciousIsASettingOfThePolicies() throws Exception {
    Path file = directory.resolve("files/a.txt");
    Files.write(file, new byte[1_000_000]);
    run("backup", "create", "files");
    Files.writeString(file, "small");
    assertThat(line().at(later(1)).run("backup", "create", "files").code()).isZero();
    assertThat(run("backup", "list").out()).contains("CREATED (suspicious)");

    Path policy = directory.resolve("policies/all.yaml");
    Files.writeString(
        policy, Files.readString(policy) + "keepset: {suspicious_below_percent: 0}\n");
    assertThat(run("apply", "--yes").err()).doesNotContain("error");
    String id = line().at(later(2)).run("backup", "create", "files").out().split(" ")[0];
    assertThat(run("backup", "show", id, "--json").out()).contains("\"suspicious\": false");
  }

  @Test
  void downloadsUnderTheFinalNameOnlyWhatIsWholeAndNothingIsReplacedUnasked() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");

    assertThat(run("backup", "download", "files", file.toString()).code()).isZero();
    assertThat(run("backup", "download", "files", file.toString()).code()).isEqualTo(3);
    assertThat(run("backup", "download", "files", file.toString(), "--overwrite").code()).isZero();
    damageArtifact();
    Path bad = directory.resolve("bad.tar.gz");
    Result refused = run("backup", "download", "files", bad.toString());

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("is damaged");
    assertThat(bad).doesNotExist();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void downloadToAPipeIsTheFileAndNothingElse() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");
    run("backup", "download", "files", file.toString());
    Result piped = run("backup", "download", "files", "-");
    Result terminal =
        line().on(new Terminal(true, true, true, false)).run("backup", "download", "files", "-");

    assertThat(piped.code()).isZero();
    assertThat(piped.out()).hasSizeGreaterThan(50).doesNotContain("backup");
    assertThat(terminal.code()).isEqualTo(64);
    assertThat(terminal.err()).contains("a backup is no text");
  }

  @Test
  void takesInWhatIsWholeAndRefusesTheRest() throws Exception {
    run("backup", "create", "files");
    Path file = directory.resolve("got.tar.gz");
    run("backup", "download", "files", file.toString());
    Path bad = Files.writeString(directory.resolve("bad"), "hello");

    assertThat(run("backup", "upload", "files", file.toString()).out()).contains("taken in");
    Result refused = run("backup", "upload", "files", bad.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).containsOnlyOnce("what was written did not pass its check");
    assertThat(refused.err()).contains(" failed: ");
    assertThat(run("backup", "list").out().lines())
        .filteredOn(line -> line.contains("FAILED"))
        .singleElement()
        .asString()
        .contains("… (keepset backup show files-");
    assertThat(run("backup", "upload", "files", "/nowhere").err()).contains("no such file");
  }

  @Test
  void whoNamesADatabaseGetsItsOwnNewestBackupAndHearsWhatWasPassedOver() throws Exception {
    Path policies = directory.resolve("policies/all.yaml");
    Files.writeString(policies, Files.readString(policies).replace("on_demand: 1", "on_demand: 2"));
    run("apply", "--yes");
    run("backup", "create", "files");
    Path file = directory.resolve("files.tar.gz");
    run("backup", "download", "files", file.toString());
    Clock later = Clock.fixed(CommandLineForTests.NOW.plusSeconds(60), ZoneOffset.UTC);
    line().at(later).run("backup", "upload", "files", file.toString());

    Result restored =
        run("backup", "restore", "files", "--to-new", directory.resolve("new").toString());

    assertThat(restored.code()).as(restored.err()).isZero();
    assertThat(restored.err())
        .contains(
            " is newer and was passed over: it was uploaded, so its data may be of any age; to take"
                + " it, name it by its id");
    assertThat(restored.out()).contains("  new:");
  }

  @Test
  void whatBecomesOfBackupsIsInTheAudit() {
    run("backup", "create", "files");
    Path file = directory.resolve("files.tar.gz");
    run("backup", "download", "files", file.toString());
    run("backup", "upload", "files", file.toString());
    String id = run("backup", "create", "files").out().split(" ")[0];
    run("backup", "delete", id, "--yes");

    assertThat(run("audit").out())
        .contains("backup.create", "backup.upload", "UPLOADED backup of files, CREATED")
        .containsPattern("backup.delete +" + id);
  }

  @Test
  void aMergeIsRefusedAtOnceWhereTheEngineCanNot() {
    run("backup", "create", "files");

    Result refused = run("backup", "restore", "files", "--merge", "--confirm", "files");
    Result both = run("backup", "restore", "files", "--merge", "--over");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "volume can't restore a backup merged with what is there; it restores into something"
                + " new or over what is there");
    assertThat(both.code()).isEqualTo(64);
    assertThat(both.err()).contains("choose one of --over, --merge and --to-new");
  }

  @Test
  void restoresIntoSomethingNew() {
    run("backup", "create", "files");
    Path copy = directory.resolve("copy");

    assertThat(run("backup", "restore", "files", "--to-new", copy.toString()).code()).isZero();
    assertThat(copy.resolve("a.txt")).hasContent("hello");
  }

  @Test
  void overWhatIsThereOnlyIfTheNameIsTyped() throws IOException {
    run("backup", "create", "files");
    Path file = Files.writeString(directory.resolve("files/a.txt"), "changed");

    Result silent = run("backup", "restore", "files", "--over");
    Result wrong = line().typing("fils\n").run("backup", "restore", "files", "--over");
    assertThat(silent.code()).isEqualTo(3);
    assertThat(silent.err()).contains("say --confirm files");
    assertThat(wrong.code()).isEqualTo(3);
    assertThat(file).hasContent("changed");

    Result typed = line().typing("files\n").run("backup", "restore", "files", "--over");
    assertThat(typed.err()).doesNotContain("error");
    assertThat(file).hasContent("hello");
  }

  @Test
  void deletesOnlyWithAYesAndNeverTheLast() {
    run("backup", "create", "files");
    String only = newest();

    assertThat(run("backup", "delete", only).code()).isEqualTo(3);
    Result last = run("backup", "delete", only, "--yes");
    assertThat(last.code()).isEqualTo(1);
    assertThat(last.err()).contains("would be left with 0 verified backups");
    line().at(later(1)).run("backup", "create", "files");
    assertThat(line().typing("yes\n").run("backup", "delete", only).out())
        .isEqualTo(only + " deleted\n");
  }

  @Test
  void deletesNothingWhereAComplianceRuleForbidsIt() throws IOException {
    run("backup", "create", "files");
    String first = newest();
    line().at(later(1)).run("backup", "create", "files");
    Files.writeString(
        directory.resolve("policies/rules.yaml"),
        "compliance: {pci: {applies_to: {}, forbid: [delete_backup]}}\n");
    assertThat(run("apply", "--yes").code()).isZero();

    Result refused = run("backup", "delete", first, "--yes");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("can't be deleted: compliance pci forbids it");
    assertThat(run("backup", "list").out()).contains(first);
  }

  @Test
  void verifyFindsDamageAndTheBackupCountsNoMore() throws IOException {
    run("backup", "create", "files");
    assertThat(run("backup", "verify", "files").out()).contains(" is good");
    String id = newest();
    damageArtifact();

    Result bad = run("backup", "verify", id);
    assertThat(run("backup", "verify", "files").err())
        .contains("files has no complete backup (" + id + " FAILED: found bad");
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).contains(id + " is bad");
    assertThat(run("backup", "show", id).out()).contains("FAILED");
  }

  @Test
  void verifyByARestoreProvesABackup() throws IOException {
    run("backup", "create", "files");
    String id = newest();
    Path place = Files.createDirectory(directory.resolve("place"));

    Result proven = run("backup", "verify", "files", "--restore", "--scratch-dir", "" + place);

    assertThat(proven.code()).as(proven.err()).isZero();
    assertThat(proven.out())
        .contains(id + " is good")
        .contains("restored into a scratch directory: ")
        .contains(" entries as at the dump");
    assertThat(place).isEmptyDirectory();
    assertThat(run("backup", "show", id).out()).containsPattern("proven +2026.*, by a restore");
    assertThat(json(run("backup", "show", id, "--json")).text("proven_at")).isPresent();
    assertThat(run("audit").out()).contains("backup.prove");
  }

  @Test
  void aPlaceForAScratchInstanceGoesWithARestoreOnly() {
    run("backup", "create", "files");

    assertThat(run("backup", "verify", "files", "--scratch-dir", "/tmp").code()).isEqualTo(64);
    Result nowhere =
        run("backup", "verify", "files", "--restore", "--scratch-dir", "/nowhere/at/all");
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err()).contains("/nowhere/at/all is no directory");
  }

  @Test
  void explainsWhyEachIsKeptAndWhenItGoes() {
    run("backup", "create", "files");
    line().at(later(1)).run("backup", "create", "files");
    Result text = line().at(later(1)).run("retention", "explain", "files");
    Result json = line().at(later(1)).run("retention", "explain", "files", "--json");

    assertThat(text.out()).contains("KEPT BECAUSE", "on-demand 1/1", "no more: in its grace");
    assertThat(json(json).text("database")).contains("files");
  }

  @Test
  void theCatalogueComesBackFromItsStore() throws IOException {
    run("backup", "create", "files");
    String id = newest();
    try (Stream<Path> state = Files.list(directory.resolve("data/state"))) {
      for (Path file : state.toList()) {
        Files.delete(file);
      }
    }
    assertThat(run("store", "rescan").err()).contains("no stores are known here yet");
    run("apply", "--yes");
    Result rescan = run("store", "rescan", "main");

    assertThat(rescan.out()).contains(id + " taken into the catalogue");
    assertThat(run("store", "check", "main", "--read-data").out()).contains("1 backup", "all well");
    assertThat(run("backup", "list").out()).contains(id);
  }

  @Test
  void unknownNamesAreAnsweredWithTheNearest() {
    run("backup", "create", "files");

    assertThat(run("backup", "list", "fils").err()).contains("did you mean files?");
    assertThat(run("backup", "verify", newest() + "x").err()).contains("did you mean " + newest());
    assertThat(run("backup", "create", "shop").err())
        .contains("there is no database shop; there is files");
    assertThat(run("store", "check", "mian").err()).contains("did you mean main?");
  }

  @Test
  void aWrongServerAndAMissingTokenAreToldApart() {
    assertThat(run("backup", "list", "--server", "ftp://x").err())
        .contains("a server's address is http://HOST:PORT", "not ftp://x");
    assertThat(run("backup", "list", "--server", "http://u:sekrit@x").err())
        .contains("without user or password")
        .doesNotContain("sekrit");
    assertThat(run("backup", "list", "--server", "http://127.0.0.1:1").err())
        .contains("KEEPSET_TOKEN is missing");
    assertThat(
            line()
                .with("KEEPSET_TOKEN", "t")
                .run("backup", "list", "--server", "http://127.0.0.1:1")
                .err())
        .contains("no keepset server answers");
  }

  private void damageArtifact() throws IOException {
    Path folder = directory.resolve("store/files/" + newest());
    byte[] bytes = Files.readAllBytes(folder.resolve("artifact"));
    bytes[bytes.length / 2] ^= 1;
    Files.delete(folder.resolve("artifact"));
    Files.write(folder.resolve("artifact"), bytes);
  }

  private String newest() {
    List<MapNode> backups =
        ((io.keepset.source.ListNode) json(run("backup", "list", "--json")).get("backups").get())
            .items().stream().map(node -> (MapNode) node).toList();
    return backups.get(backups.size() - 1).text("id").orElseThrow();
  }

  private static MapNode json(Result result) {
    byte[] bytes = result.out().getBytes(StandardCharsets.UTF_8);
    return (MapNode) JsonText.read(new SourceFile("out", bytes)).valid().orElseThrow();
  }

  private static Clock later(int days) {
    return Clock.fixed(CommandLineForTests.NOW.plus(Duration.ofDays(days)), ZoneOffset.UTC);
  }

  private Result run(String... args) {
    return line().run(args);
  }

  private CommandLineForTests line() {
    return new CommandLineForTests(directory.resolve("data"))
        .with("KEEPSET_POLICIES", directory.resolve("policies").toString());
  }
}
