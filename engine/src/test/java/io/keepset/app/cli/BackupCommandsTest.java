package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.cli.CommandLineForTests.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands on backups of a real directory, from a policy file on. */
class BackupCommandsTest extends VolumeCommands {
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
  void whatBecomesOfBackupsIsInTheAudit() {
    run("backup", "create", "files");
    Path file = directory.resolve("files.tar.gz");
    run("backup", "download", "files", file.toString());
    run("backup", "upload", "files", file.toString());
    String id = run("backup", "create", "files").out().split(" ")[0];
    run("backup", "delete", id, "--yes");

    assertThat(run("audit").out())
        .contains("backup.create", "backup.upload", "uploaded backup of files, CREATED")
        .contains("backup.download")
        .containsPattern("backup.delete +" + id);
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
}
