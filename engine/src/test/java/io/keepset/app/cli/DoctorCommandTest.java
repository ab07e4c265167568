package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.PostgresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path directory;
  private Path policies;
  private Path data;
  private Path volume;

  @BeforeEach
  void layOut() throws IOException {
    policies = Files.createDirectory(directory.resolve("policies"));
    data = directory.resolve("data");
    volume = Files.createDirectory(directory.resolve("uploads"));
  }

  private void declare(String database) throws IOException {
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        store:
          main: {type: directory, path: %s}
        database:
          it:
            policy: compose
            store: main
            %s
        """
            .formatted(directory.resolve("backups"), database));
  }

  private void declareVolume(Path path) throws IOException {
    declare("engine: volume\n    connection: {path: " + path + "}");
  }

  private CommandLineForTests.Result doctor(String... more) {
    return new CommandLineForTests(data).run(with("doctor", policies.toString(), more));
  }

  private static String[] with(String command, String policies, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = command;
    all[1] = policies;
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  @Test
  void saysThatAllIsThereAndMakesNothing() throws IOException {
    declareVolume(volume);

    CommandLineForTests.Result result = doctor();

    assertThat(result.out())
        .contains("time zone data")
        .contains("not there yet; the first use makes it")
        .contains("holds nothing yet; the first backup begins it")
        .contains("GNU tar")
        .endsWith("All that is needed is there.\n");
    assertThat(result.code()).isZero();
    assertThat(data).doesNotExist();
    assertThat(directory.resolve("backups")).doesNotExist();
  }

  @Test
  void failsWhenADirectoryIsMissing() throws IOException {
    declareVolume(directory.resolve("gone"));

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("missing  there is no directory");
  }

  @Test
  void failsWhenTheSecretIsMissingAndNamesIt() throws IOException {
    declare(
        "engine: postgresql\n    connection: {database: d, password: \"env:NO_SUCH_PASSWORD\"}");

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("set the environment variable NO_SUCH_PASSWORD");
  }

  @Test
  void tellsTheRightsThatALoginLacksWithTheGrant() throws IOException {
    try (PostgresLab lab = PostgresLab.start()) {
      lab.createDatabase("shop");
      lab.execute("shop", "create table t(a int)", "create role weak login password 'pw'");
      declare(
          "engine: postgresql\n    connection: {host: 127.0.0.1, port: "
              + lab.port()
              + ", database: shop, user: weak, password: \"env:WEAK\"}");

      CommandLineForTests.Result result =
          new CommandLineForTests(data).with("WEAK", "pw").run("doctor", policies.toString());

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out())
          .contains("login weak may not read 1 tables")
          .contains("GRANT pg_read_all_data TO \"weak\"")
          .contains("pg_dump 15");
    }
  }

  @Test
  void asksForWhatTheLogNeedsWhereAPointInTimeIsWanted() throws IOException {
    try (PostgresLab lab = PostgresLab.start()) {
      lab.createDatabase("shop");
      lab.execute("shop", "create table t(a int)", "create role weak login password 'pw'");
      declare(
          "engine: postgresql\n    override: {point_in_time: 7d}\n"
              + "    connection: {host: 127.0.0.1, port: "
              + lab.port()
              + ", database: shop, user: weak, password: \"env:WEAK\"}");

      CommandLineForTests.Result result =
          new CommandLineForTests(data).with("WEAK", "pw").run("doctor", policies.toString());

      assertThat(result.out())
          .contains("login weak may not replicate", "max_slot_wal_keep_size")
          .doesNotContain("may not read");
    }
  }

  @Test
  void seesAKeyThatOthersMayRead() throws IOException {
    declareVolume(volume);
    Path key = data.resolve("keys/backup.key");
    Files.createDirectories(key.getParent());
    Files.writeString(key, "A".repeat(43) + "=\n");
    key.toFile().setReadable(true, false);

    CommandLineForTests.Result result = doctor();

    assertThat(result.out()).contains("chmod 600 " + key).contains("chmod 700 " + data);
    assertThat(result.code()).isEqualTo(1);
  }

  private void backUp() throws IOException {
    declareVolume(volume);
    for (String[] command : new String[][] {{"apply", "--yes"}, {"backup", "create", "it"}}) {
      CommandLineForTests.Result result =
          new CommandLineForTests(data).with("KEEPSET_POLICIES", policies.toString()).run(command);
      assertThat(result.code()).as(result.err()).isZero();
    }
    assertThat(doctor().code()).isZero();
  }

  @Test
  void aKeyThatIsGoneIsNotAboutToBeMade() throws IOException {
    backUp();
    Files.delete(data.resolve("keys/backup.key"));

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("backup.key is gone")
        .contains("put your copy of it back")
        .doesNotContain("the first backup makes one");
  }

  @Test
  void aKeyOfAnotherInstallationIsMissingTheRightOne() throws IOException {
    backUp();
    Files.writeString(data.resolve("keys/backup.key"), "A".repeat(43) + "=\n");

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("was sealed with key ").contains("bring it back");
  }

  @Test
  void aStoreThatIsNotMountedIsNotANewOne() throws IOException {
    backUp();
    Files.move(directory.resolve("backups"), directory.resolve("away"));

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("holds nothing, but 1 backup should be there")
        .contains("mount it")
        .doesNotContain("the first backup begins it");
  }

  @Test
  void looksAtWhatCouldBeReadOfBrokenPolicies() throws IOException {
    declareVolume(volume);
    Files.writeString(policies.resolve("bad.yaml"), "policy: {gold: {retention: {dayly: 3}}}\n");

    CommandLineForTests.Result result = doctor();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("the policy files have 1 mistake").contains("GNU tar");
  }

  @Test
  void speaksJson() throws IOException {
    declareVolume(volume);

    CommandLineForTests.Result result = doctor("--json");

    assertThat(result.out())
        .contains("\"healthy\": true")
        .contains("\"subject\": \"database it (volume on runner)\"")
        .contains("\"code\": \"engine.tools\"");
  }
}
