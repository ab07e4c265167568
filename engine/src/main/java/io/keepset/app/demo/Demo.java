package io.keepset.app.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The story, step by step; every command in it is one that a reader can type. */
public final class Demo implements AutoCloseable {
  private static final String FINGERPRINT =
      "select count(*) || ' orders, fingerprint ' || md5(string_agg(o::text, ',' order by id))"
          + " from orders o";

  /** What a command ends with that guards refuse. */
  private static final int REFUSED = 3;

  private final Path home;
  private final PrintStream out;
  private final Commands commands;
  private Optional<ThrowAwayPostgres> postgres = Optional.empty();
  private int step;

  /** Runs a command of ours as its users would. */
  public interface Commands {
    /**
     * @return its exit code
     */
    int run(Map<String, String> secrets, String... arguments);
  }

  public Demo(Path home, PrintStream out, Commands commands) {
    this.home = home;
    this.out = out;
    this.commands = commands;
  }

  /**
   * Plays it.
   *
   * @param thenServe leaves the server running until it is stopped
   * @return false if something in it did not work
   */
  public boolean play(boolean thenServe) throws IOException, SQLException {
    say("Everything happens in " + home + "; nothing else on this machine is touched.");
    Path documents = writeDocuments();
    startPostgres();
    Path store = home.resolve("backups");
    DemoPolicies policies = DemoPolicies.make(home.resolve("policies"), documents, store, postgres);
    step(
        "Policies are files" + (policies.git() ? " in a Git repository" : ""),
        "What is protected, how often, and how long backups are kept:");
    show(policies.directory().resolve("policies.yaml"));
    show(policies.directory().resolve("databases.yaml"));

    step("Check them", "All mistakes at once, each with its line. There are none:");
    boolean good = run(policies, "validate");
    step("Plan", "What would change compared with what is protected now:");
    good &= run(policies, "plan");
    step("Apply", "From now on the schedules are in force:");
    good &= run(policies, "apply", "--yes");

    step(
        "Back up",
        "Not waiting for the night. Dumped, compressed, encrypted, stored, read back and checked:");
    List<String> databases = new ArrayList<>(List.of("documents"));
    if (postgres.isPresent()) {
      databases.add(0, "shop");
    }
    for (String database : databases) {
      good &= run(policies, "backup", "create", database);
    }
    good &= run(policies, "backup", "list");

    step(
        "Change a policy",
        "Somebody wants to save space and "
            + (policies.git() ? "commits" : "writes")
            + " daily: 7 instead of 30. The plan says what it costs, and refuses it unless somebody"
            + " agrees:");
    policies.replace("policies.yaml", "daily: 30", "daily: 7");
    policies.commit("Keep fewer days");
    good &= code(policies, "plan") == REFUSED;
    say(
        "That block in a file of the policies would be the agreement. The reviewer says no, and the"
            + " file is as it was.");
    policies.replace("policies.yaml", "daily: 7", "daily: 30");
    policies.commit("Keep 30 days after all");

    step("Restore", "A backup is as good as its restore. Beside what is there, then compared:");
    good &= restoreAll(policies, documents);
    say(good ? "The demo is over: everything came back as it was." : "Something did not work.");
    if (thenServe) {
      step(
          "Serve",
          "The server follows the policies, runs the schedules and answers an API. Ctrl-C ends it.");
      good &= run(policies, "serve", "--port", "0");
    }
    return good;
  }

  private boolean restoreAll(DemoPolicies policies, Path documents)
      throws IOException, SQLException {
    boolean good = true;
    if (postgres.isPresent()) {
      String before = postgres.get().value("shop", FINGERPRINT);
      good &= run(policies, "backup", "restore", "shop", "--to-new", "shop_restored");
      String after = postgres.get().value("shop_restored", FINGERPRINT);
      good &= compare("shop", before, after);
    }
    Path restored = home.resolve("documents-restored");
    good &= run(policies, "backup", "restore", "documents", "--to-new", restored.toString());
    good &= compare("documents", contents(documents), contents(restored));
    return good;
  }

  private boolean compare(String what, Object before, Object after) {
    boolean same = before.equals(after);
    String shown = before instanceof Map<?, ?> files ? files.size() + " files" : before.toString();
    say(
        same
            ? "  " + what + ": the same, " + shown
            : "  " + what + ": NOT the same: " + before + " and " + after);
    return same;
  }

  private Path writeDocuments() throws IOException {
    Path documents = Files.createDirectories(home.resolve("documents").resolve("invoices"));
    for (int i = 1; i <= 200; i++) {
      Files.writeString(
          documents.resolve("invoice-" + i + ".txt"), ("Invoice " + i + "\n").repeat(i));
    }
    return home.resolve("documents");
  }

  private void startPostgres() throws IOException, SQLException {
    Optional<Path> bin = ThrowAwayPostgres.installed();
    if (bin.isEmpty()) {
      say(
          "There is no PostgreSQL on this machine (on Debian: apt-get install postgresql), so the"
              + " demo protects a directory alone.");
      return;
    }
    say("Starting a PostgreSQL for the demo from " + bin.get() + " …");
    ThrowAwayPostgres server = new ThrowAwayPostgres(bin.get(), home.resolve("postgresql"));
    postgres = Optional.of(server);
    server.execute("postgres", "create database shop");
    server.execute(
        "shop",
        "create table orders (id int primary key, customer text, total numeric(10,2), at timestamptz)",
        "insert into orders select i, 'customer ' || i % 997, i % 10000 / 7.0,"
            + " timestamptz '2026-01-01 00:00Z' + i * interval '1 minute'"
            + " from generate_series(1, 50000) i");
    say("It holds a database shop with 50,000 orders.");
  }

  private boolean run(DemoPolicies policies, String... command) {
    return code(policies, command) == 0;
  }

  private int code(DemoPolicies policies, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(
        List.of(
            "--policies",
            policies.directory().toString(),
            "--data",
            home.resolve("data").toString()));
    out.println();
    out.println("$ keepset " + String.join(" ", command));
    out.flush();
    Map<String, String> secrets = new TreeMap<>();
    postgres.ifPresent(server -> secrets.put("SHOP_PASSWORD", server.password()));
    return commands.run(secrets, arguments.toArray(String[]::new));
  }

  private void step(String title, String text) {
    step++;
    out.println();
    out.println("--- " + step + ". " + title + " " + "-".repeat(Math.max(3, 70 - title.length())));
    say(text);
  }

  private void show(Path file) throws IOException {
    out.println();
    out.println("  " + file.getFileName() + ":");
    Files.readString(file).lines().forEach(line -> out.println("    " + line));
  }

  private void say(String text) {
    out.println(text);
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(directory.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  /** Ends the database and removes everything. */
  @Override
  public synchronized void close() {
    if (!Files.exists(home)) {
      return; // done: at the end and by Ctrl-C it is called twice
    }
    postgres.ifPresent(ThrowAwayPostgres::close);
    postgres = Optional.empty();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      out.println("left over: " + home + " (" + e.getMessage() + ")");
    }
  }
}
