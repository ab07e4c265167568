package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.drivers.lab.PostgresCopy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server that archives by {@code keepset wal push}, as its own user and in processes of its
 * own, and copies of it that recover by {@code keepset wal fetch}.
 */
class ArchiveCommandTest {
  private static final String ROWS = "select n from journal order by n";

  @TempDir private Path home;
  private WalLab lab;
  private Path program;
  private int next;

  @BeforeEach
  void start() throws Exception {
    lab = new WalLab(home, "7d", ", wal: push", "archive_mode=on", "archive_timeout=20s");
    program = install(lab.postgres().socketDirectory().resolve("keepset-home"));
    lab.execute("create table journal (n int primary key)");
    lab.serve();
  }

  @AfterEach
  void stop() {
    System.clearProperty("keepset.home");
    lab.close();
  }

  @Test
  void whatTheServerArchivesByItselfIsRestoredExactly() throws Exception {
    lab.await("protected", () -> lab.run("status", "orders").out().contains("orders"));
    archiveTo(lab.address().toString());
    lab.base();
    insert(3);
    lab.query("select pg_switch_wal()");
    lab.await("archived", () -> count("archived_count") > 0);

    // Nobody answers: the server keeps its log and tries again, over a crash of its own.
    lab.endService();
    insert(3);
    lab.query("select pg_switch_wal()");
    lab.await("failing", () -> count("failed_count") > 0);
    lab.postgres().crashAndRestart();
    insert(3);
    lab.serve();
    archiveTo(lab.address().toString());
    List<String> before = lab.query(ROWS);
    String middle = lab.now().toString();
    insert(3);
    lab.awaitCovered();

    assertThat(lab.restored(ROWS, "--to-time", middle)).isEqualTo(before);

    System.setProperty("keepset.home", program.getParent().toString());
    Path fetching = lab.newDirectory();
    Result restored = lab.restore(fetching, "--to-time", middle, "--fetch-wal");
    assertThat(restored.code()).as(restored.err()).isZero();
    useServer(fetching, lab.address().toString());
    try (PostgresCopy copy = PostgresCopy.start(lab.postgres(), fetching)) {
      assertThat(copy.query("orders", ROWS)).isEqualTo(before);
    }

    // A server that can't ask must not take the log for ended, and open without what it lacks.
    Path alone = lab.newDirectory();
    assertThat(lab.restore(alone, "--to-time", middle, "--fetch-wal").code()).isZero();
    useServer(alone, lab.address().toString());
    lab.endService();
    assertThatThrownBy(() -> PostgresCopy.start(lab.postgres(), alone))
        .hasMessageContaining("could not restore file")
        .hasMessageContaining("command not executable");
    assertThat(alone.resolve("recovery.signal")).exists();
  }

  private long count(String what) {
    return Long.parseLong(lab.query("select " + what + " from pg_stat_archiver").get(0));
  }

  private void insert(int count) {
    for (int i = 0; i < count; i++) {
      lab.execute("insert into journal values (" + next++ + ")");
    }
  }

  /** The line of docs/point-in-time.md, with where the server is. */
  private void archiveTo(String server) {
    lab.execute(
        "alter system set archive_command = '"
            + environment(server)
            + "PATH=\""
            + program.getParent()
            + ":$PATH\" keepset --data "
            + program.resolveSibling("nothing")
            + " wal push orders %p %f'");
    lab.execute("select pg_reload_conf()");
  }

  private static String environment(String server) {
    return "KEEPSET_SERVER=" + server + " KEEPSET_TOKEN=a-token-for-tests-only ";
  }

  /** The lab's server user may not read the data directory of whoever runs the tests. */
  private static void useServer(Path directory, String server) throws IOException {
    Path settings = directory.resolve("postgresql.auto.conf");
    String text = Files.readString(settings);
    assertThat(text).contains("restore_command = '");
    Files.writeString(
        settings, text.replace("restore_command = '", "restore_command = '" + environment(server)));
  }

  /** The program with all its classes, where the server's user gets to; returns it. */
  private static Path install(Path directory) throws IOException {
    Path lib = Files.createDirectories(directory.resolve("lib"));
    List<String> classPath = new ArrayList<>();
    int n = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(entry);
      if (Files.exists(from)) {
        Path to = lib.resolve(n++ + "-" + from.getFileName());
        copy(from, to);
        classPath.add(to.toString());
      }
    }
    Path program = directory.resolve("keepset");
    Files.writeString(
        program,
        "#!/bin/sh\nexec "
            + System.getProperty("java.home")
            + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "
            + String.join(":", classPath)
            + " io.keepset.app.Main \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = path.equals(from) ? to : to.resolve(from.relativize(path).toString());
        Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
