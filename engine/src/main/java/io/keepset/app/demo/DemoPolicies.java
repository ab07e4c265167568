package io.keepset.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The policy repository of the demo: the quickstart example, fitted to this machine. */
final class DemoPolicies {
  private static final List<String> FILES =
      List.of("policies.yaml", "databases.yaml", "stores.yaml");

  private final Path directory;
  private final boolean git;

  private DemoPolicies(Path directory, boolean git) {
    this.directory = directory;
    this.git = git;
  }

  /**
   * Writes the files and commits them, if this machine has Git.
   *
   * @param postgres empty leaves the database out
   */
  static DemoPolicies make(
      Path directory, Path documents, Path store, Optional<ThrowAwayPostgres> postgres)
      throws IOException {
    Files.createDirectories(directory);
    for (String file : FILES) {
      String text =
          resource(file)
              .replace("/srv/documents", documents.toString())
              .replace("/var/lib/keepset/backups", store.toString());
      if (postgres.isPresent()) {
        text =
            text.replace("port: 5432", "port: " + postgres.get().port())
                .replace("user: backup", "user: " + postgres.get().user());
      } else {
        // Only the block of the database; the next one begins two blanks in.
        text = text.replaceFirst("(?s)\n  shop:.*?(?=\n  documents:)", "");
      }
      Files.writeString(directory.resolve(file), text);
    }
    DemoPolicies policies = new DemoPolicies(directory, run(directory, "git", "--version"));
    if (policies.git) {
      policies.require("git", "init", "-q", "-b", "main");
      policies.commit("Protect the shop");
    }
    return policies;
  }

  Path directory() {
    return directory;
  }

  boolean git() {
    return git;
  }

  void replace(String file, String old, String replacement) throws IOException {
    Path path = directory.resolve(file);
    Files.writeString(path, Files.readString(path).replace(old, replacement));
  }

  void commit(String message) throws IOException {
    if (git) {
      require("git", "add", "-A");
      require(
          "git",
          "-c",
          "user.name=Keepset demo",
          "-c",
          "user.email=demo@localhost",
          "-c",
          "commit.gpgsign=false",
          "commit",
          "-q",
          "-m",
          message);
    }
  }

  private void require(String... command) throws IOException {
    if (!run(directory, command)) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private static boolean run(Path directory, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // not installed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DemoPolicies.class.getResourceAsStream("quickstart/" + name)) {
      if (in == null) {
        throw new IllegalStateException("not packed: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
