package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.app.DirectoryFeed;
import io.keepset.app.Wiring;
import io.keepset.app.cli.CommandLineForTests;
import io.keepset.app.cli.CommandLineForTests.Result;
import io.keepset.app.serve.Service;
import io.keepset.app.serve.ServiceSettings;
import io.keepset.drivers.lab.PostgresCopy;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.policy.Mode;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL, a keepset server that protects it, and commands beside. */
final class WalLab implements AutoCloseable {
  static final String PASSWORD = "a-secret-of-the-lab";

  private final Path home;
  private final Path policies;
  private final PostgresLab postgres;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private PostgresCopy successor;
  private Clock clock = Clock.systemUTC();
  private Service service;
  private int directories;

  WalLab(Path home) throws Exception {
    this(home, "7d", "");
  }

  WalLab(Path home, String window, String options, String... settings) throws Exception {
    this.home = home;
    List<String> all =
        new ArrayList<>(
            List.of(
                "synchronous_commit=on",
                "track_commit_timestamp=on",
                "max_slot_wal_keep_size=64MB",
                "full_page_writes=on"));
    all.addAll(List.of(settings)); // of a setting that is there twice the last one counts
    this.postgres = PostgresLab.start(all);
    postgres.createDatabase("orders");
    postgres.execute(
        "postgres",
        "create role backup login replication password '" + PASSWORD + "'",
        "grant pg_read_all_data to backup");
    policies = Files.createDirectories(home.resolve("policies"));
    declare("point_in_time: " + window, options);
  }

  /** Writes the policies anew. */
  void declare(String pointInTime, String options) throws Exception {
    Files.writeString(
        policies.resolve("all.yaml"),
        """
        policy:
          gold:
            schedule:
              yearly: {cron: "0 0 1 1 *", timezone: UTC}
            retention: {daily: 7}
            %s
        database:
          orders:
            engine: postgresql
            policy: gold
            store: main
            connection: {host: %s, port: %d, database: orders, user: backup, password: "env:LAB"}
            options: {wal_interval: 1s%s}
        store:
          main: {type: directory, path: %s}
        """
            .formatted(
                pointInTime, postgres.host(), postgres.port(), options, home.resolve("backups")));
  }

  PostgresLab postgres() {
    return postgres;
  }

  Path data() {
    return home.resolve("data");
  }

  /** From the next start on Keepset's clock is off by that much; the database server's is right. */
  void skewed(Duration by) {
    clock = Clock.offset(Clock.systemUTC(), by);
  }

  void serve() throws Exception {
    service =
        Service.start(
            ServiceSettings.of(data())
                .mode(Optional.of(Mode.FULL))
                .poll(Duration.ofSeconds(1))
                .patience(Duration.ofSeconds(20))
                .token(Optional.of("a-token-for-tests-only"))
                .note(notes::add)
                .build(),
            new Wiring(
                data(),
                clock,
                Map.of("LAB", PASSWORD),
                (severity, subject, message) ->
                    notes.add(severity + " " + subject + ": " + message),
                notes::add),
            new DirectoryFeed(policies, clock));
  }

  java.net.URI address() {
    return service.address();
  }

  void endService() {
    if (service != null) {
      service.close();
      service = null;
    }
  }

  Result run(String... args) {
    return new CommandLineForTests(data())
        .with("KEEPSET_POLICIES", policies.toString())
        .with("LAB", PASSWORD)
        .at(clock)
        .run(args);
  }

  /**
   * Makes a base backup. Returns when each instant from then on can be restored on it: when it was
   * complete is known to the second.
   */
  void base() throws Exception {
    Result made = run("backup", "create", "orders");
    assertThat(made.code()).as(made.err()).isZero();
    Instant next = now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    await("the next second", () -> now().isAfter(next));
  }

  MapNode json(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--json";
    Result result = run(all);
    return (MapNode)
        JsonText.read(new SourceFile("out", result.out().getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow(() -> new IllegalStateException(result.toString()));
  }

  void execute(String sql) {
    postgres.execute("orders", sql);
  }

  List<String> query(String sql) {
    return postgres.query("orders", sql);
  }

  /** Where the server's user gets to. */
  Path newDirectory() {
    return postgres.socketDirectory().resolve("restored-" + directories++);
  }

  PostgresCopy standby() {
    return PostgresCopy.standby(postgres, newDirectory());
  }

  /** The server dies, and a standby that was cut off from it takes its place. */
  void failOver(PostgresCopy standby) throws Exception {
    postgres.crash();
    await("it is down", () -> !postgres.isAlive());
    successor = standby.takeOver();
  }

  /** What a copy that was restored so answers. */
  List<String> restored(String sql, String how, String what) throws Exception {
    Path directory = newDirectory();
    Result result = restore(directory, how, what);
    assertThat(result.code()).as("%s %s: %s", how, what, result.err()).isZero();
    assertThat(directory.resolve("recovery.signal")).exists();
    try (PostgresCopy copy = PostgresCopy.start(postgres, directory)) {
      assertThat(copy.query("postgres", "show archive_mode")).containsExactly("off");
      return copy.query("orders", sql);
    }
  }

  Result restore(Path directory, String how, String what, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("backup", "restore", "orders", how, what, "--to-new", directory.toString()));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  /** As if somebody had ended it; returns when another one runs. */
  void killReceiver() throws Exception {
    Path file = data().resolve("wal/orders/receiver.pid");
    long pid = Long.parseLong(Files.readString(file).split(" ", 2)[0]);
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    await(
        "another receiver",
        () -> Files.exists(file) && !Files.readString(file).startsWith(pid + " "));
  }

  /** Waits until the slot of the receiver is in use. */
  void awaitReceiving() throws Exception {
    await(
        "receiving",
        () ->
            query("select active from pg_replication_slots where slot_name = 'keepset_orders'")
                .equals(List.of("t")));
  }

  /** By the server's clock. */
  Instant now() {
    return Instant.parse(
        query(
                "select to_char(clock_timestamp() at time zone 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            .get(0));
  }

  /** Waits until all that is committed by now is in the archive. */
  void awaitCovered() throws Exception {
    Instant now = now();
    await(
        "everything archived",
        () -> {
          Optional<String> covered =
              status().map("point_in_time").flatMap(map -> map.text("newest"));
          return covered.isPresent() && !Instant.parse(covered.get()).isBefore(now);
        });
  }

  /** What status says of the database. */
  MapNode status() {
    MapNode all = json("status", "orders");
    return (MapNode)
        ((io.keepset.source.ListNode) all.get("databases").orElseThrow()).items().get(0);
  }

  List<String> problems() {
    List<String> codes = new ArrayList<>();
    ((io.keepset.source.ListNode) status().get("problems").orElseThrow())
        .items()
        .forEach(p -> codes.add(((MapNode) p).text("code").orElseThrow()));
    return codes;
  }

  void await(String what, Await.Condition condition) throws InterruptedException {
    Await.until(what, condition, () -> notes + "; " + run("status", "orders"));
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void close() {
    endService();
    if (successor != null) {
      successor.close();
    }
    postgres.close();
  }
}
