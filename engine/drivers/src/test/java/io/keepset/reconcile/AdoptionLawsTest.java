package io.keepset.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Validated;
import io.keepset.drivers.platform.memory.MemoryPlatform;
import io.keepset.plan.Action;
import io.keepset.plan.Change;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Revision;
import io.keepset.policy.Copy;
import io.keepset.policy.Cron;
import io.keepset.policy.Mode;
import io.keepset.policy.Objective;
import io.keepset.policy.Options;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Schedule;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.Suspension;
import io.keepset.policy.TargetId;
import io.keepset.source.SourceFile;
import io.keepset.source.Spelling;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.Capabilities;
import io.keepset.spi.Platform;
import io.keepset.testing.Laws;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is adopted is declared exactly as it is, whatever it is, in every spelling. */
class AdoptionLawsTest {
  private static final List<String> CRONS =
      List.of("0 2 * * *", "30 */6 * * *", "@hourly", "@daily", "15 3 * * MON-FRI", "*/15 * * * *");
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "+01:00");
  private static final List<String> ODD =
      List.of("yes", "no", "~", "null", "1.0", "0x1f", "a: b", "# c", "${x}", "ä\"\\ö", " ", "12");
  private static final String DEFAULTS =
      "keepset: {defaults: {timezone: Asia/Tokyo, policy: compose, store: elsewhere}}\n"
          + "store: {elsewhere: {type: directory, path: /elsewhere}}\n"
          + "database: {old: {engine: volume, connection: {path: /old}}}\n";

  private static final Map<String, StoreSpec> STORES =
      Map.of(
          "main",
          store("main", "directory", Map.of("path", "/backups", "max_concurrent_runs", "3")),
          "far",
          store(
              "far",
              "s3",
              Map.of(
                  "bucket", "b-1",
                  "region", "eu-central-1",
                  "path_style", "true",
                  "access_key", "env:KEY",
                  "secret_key", "file:/run/secrets/s3",
                  "encryption.key", "file:/etc/keepset/key")));

  @Test
  void theFirstPlanAfterAnAdoptionChangesNothing() {
    AtomicInteger adopted = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    Laws.forAll(
        2_400,
        random -> {
          Adoption adoption = adopt(random);
          adopted.addAndGet(adoption.adopted().size());
          left.addAndGet(adoption.left().size());
        });
    if (System.getProperty("keepset.law.seed") == null) {
      System.out.println("adopted " + adopted + ", left with a reason " + left);
      assertThat(adopted.get()).isGreaterThan(4 * left.get());
    }
  }

  private static Adoption adopt(Random random) {
    MemoryPlatform memory = new MemoryPlatform("memory", Clock.systemUTC());
    Echo runner = new Echo();
    int count = 1 + random.nextInt(5);
    List<Protection> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean like = i > 0 && random.nextInt(3) == 0;
      some.add(like ? renamed(some.get(0), "db" + i) : protection("db" + i, random));
    }
    for (Protection protection : some) {
      if (protection.target().platform().equals("memory")) {
        memory.putForeign(protection);
      } else {
        runner.targets.put(
            protection.name(), new LiveTarget(protection.target(), Optional.of(protection), true));
      }
    }
    Map<String, Platform> platforms = Map.of("memory", memory, "runner", runner);
    List<LiveTarget> targets = new ArrayList<>(memory.read().targets().values());
    targets.addAll(runner.read().targets().values());
    List<SourceFile> existing =
        random.nextBoolean() ? List.of() : List.of(file("defaults.yaml", DEFAULTS));
    Spelling spelling = Spelling.values()[random.nextInt(3)];

    Adoption adoption =
        Adoption.of(
            targets,
            new Adoption.Context(existing, load(existing), STORES, platforms),
            spelling,
            path -> path.startsWith("adopted."));

    assertThat(adoption.adopted().size() + adoption.left().size()).isEqualTo(count);
    assertThat(adoption.left().values()).allMatch(reason -> !reason.isBlank());
    List<SourceFile> all = new ArrayList<>(existing);
    if (!adoption.adopted().isEmpty()) {
      adoption.files().forEach((path, text) -> all.add(file(path, text)));
      assertThat(adoption.files().keySet()).containsExactly("adopted-2." + spelling.word());
    }
    Plan plan =
        plan(load(all), platforms, Map.of("memory", memory.read(), "runner", runner.read()));
    for (Change change : plan.changes()) {
      if (adoption.adopted().contains(change.target())) {
        boolean foreign = change.target().platform().equals("memory");
        assertThat(change.action())
            .as(change.toString())
            .isEqualTo(foreign ? Action.ADOPT : Action.NONE);
      }
    }
    return adoption;
  }

  private static Plan plan(
      PolicySet set, Map<String, Platform> platforms, Map<String, Inventory> live) {
    return Planner.compare(
        DesiredState.normalized(
            DesiredState.of(Revision.DIRECTORY, set, List.of()), platforms, new PlanMemory()),
        live,
        Mode.FULL);
  }

  private static PolicySet load(List<SourceFile> files) {
    Validated<PolicySet> loaded = new PolicyLoader().load(files);
    return loaded.valid().orElseThrow(() -> new AssertionError(loaded.diagnostics().toString()));
  }

  private static SourceFile file(String path, String text) {
    return new SourceFile(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Protection protection(String name, Random random) {
    boolean runner = random.nextBoolean();
    boolean volume = runner && random.nextInt(3) == 0;
    TreeMap<String, Schedule> schedules = new TreeMap<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      String schedule = i == 1 ? "nightly" : "on_" + random.nextInt(100);
      Duration jitter = Duration.ofSeconds(random.nextBoolean() ? 0 : 60L * random.nextInt(15));
      schedules.put(
          schedule,
          new Schedule(
              schedule, new Cron(one(CRONS, random)), ZoneId.of(one(ZONES, random)), jitter));
    }
    TreeMap<String, Copy> copies = new TreeMap<>();
    if (random.nextInt(4) == 0) {
      copies.put("dr", new Copy("dr", "far", retention(random)));
    }
    TreeMap<String, String> labels = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      labels.put("l." + i, one(ODD, random));
    }
    Protection bare =
        new Protection(
            new TargetId(runner ? "runner" : "memory", name),
            volume ? "volume" : "postgresql",
            schedules,
            retention(random),
            Optional.empty(),
            copies,
            random.nextBoolean(),
            Duration.ofSeconds(random.nextInt(400_000)),
            objective(random),
            suspension(random),
            labels,
            runner ? Optional.of("main") : Optional.empty(),
            volume ? Options.of(Map.of("path", "/data/" + name)) : connection(random),
            volume ? Options.NONE : options(random));
    return runner ? StoreFields.add(bare, STORES) : bare;
  }

  private static Retention retention(Random random) {
    TreeMap<Tier, Integer> tiers = new TreeMap<>();
    TreeMap<Tier, Duration> within = new TreeMap<>();
    if (random.nextInt(4) > 0) {
      tiers.put(Tier.DAILY, 7 + random.nextInt(20));
    }
    if (random.nextInt(3) == 0) {
      tiers.put(Tier.MONTHLY, 3 + random.nextInt(20));
    }
    if (random.nextInt(3) == 0) {
      tiers.put(Tier.YEARLY, 3 + random.nextInt(5));
    }
    if (random.nextInt(4) == 0) {
      within.put(
          one(List.of(Tier.ALL, Tier.HOURLY, Tier.WEEKLY), random),
          Duration.ofHours(24L + random.nextInt(2_000)));
    }
    return new Retention(
        tiers.isEmpty() ? 9 : random.nextInt(3),
        tiers,
        within,
        random.nextBoolean() ? Retention.FOREVER : random.nextInt(5),
        random.nextInt(3));
  }

  private static Objective objective(Random random) {
    return new Objective(
        random.nextInt(3) == 0 ? Optional.of(Duration.ofDays(14)) : Optional.empty(),
        random.nextInt(3) == 0 ? Optional.of(Duration.ofMinutes(90)) : Optional.empty(),
        random.nextInt(3) == 0 ? Optional.of(Duration.ofDays(30)) : Optional.empty());
  }

  private static Optional<Suspension> suspension(Random random) {
    if (random.nextInt(4) > 0) {
      return Optional.empty();
    }
    boolean disabled = random.nextBoolean();
    Optional<LocalDate> until =
        disabled && random.nextBoolean()
            ? Optional.empty()
            : Optional.of(LocalDate.of(2027, 1 + random.nextInt(12), 1 + random.nextInt(28)));
    return Optional.of(new Suspension(disabled, one(ODD, random), until));
  }

  private static Options connection(Random random) {
    TreeMap<String, String> values = new TreeMap<>();
    values.put("host", one(List.of("db1.internal", "/var/run/postgresql", "10.0.0.1"), random));
    maybe(values, "port", String.valueOf(1 + random.nextInt(65_535)), random);
    maybe(values, "database", one(ODD, random), random);
    maybe(values, "user", one(ODD, random), random);
    maybe(values, "password", "env:SECRET_" + random.nextInt(9), random);
    maybe(values, "tls.mode", one(List.of("disable", "verify-full"), random), random);
    maybe(values, "tls.ca", "/etc/" + one(ODD, random), random);
    maybe(values, "connect_timeout", "30", random);
    return new Options(values);
  }

  private static Options options(Random random) {
    TreeMap<String, String> values = new TreeMap<>();
    maybe(values, "globals", String.valueOf(random.nextBoolean()), random);
    maybe(values, "lock_wait", "45s", random);
    maybe(values, "tools_dir", "/usr/lib/postgresql/16/bin", random);
    for (int i = random.nextInt(3) == 0 ? 12 : 0; i > 0; i--) {
      values.put("exclude_tables[" + (i - 1) + "]", "audit.t" + i);
    }
    return new Options(values);
  }

  private static void maybe(Map<String, String> map, String key, String value, Random random) {
    if (random.nextInt(3) == 0) {
      map.put(key, value);
    }
  }

  private static <T> T one(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static Protection renamed(Protection p, String name) {
    return p.change().target(new TargetId(p.target().platform(), name)).build();
  }

  private static StoreSpec store(String name, String type, Map<String, String> options) {
    return new StoreSpec(
        name, type, Options.of(options), new io.keepset.diagnostic.Location("store", 1, 1));
  }

  /** Keeps everything as it is, as the runner does. */
  private static final class Echo implements Platform {
    private final SortedMap<String, LiveTarget> targets = new TreeMap<>();

    @Override
    public Capabilities capabilities() {
      return desired -> List.of();
    }

    @Override
    public Protection normalize(Protection desired) {
      return desired;
    }

    @Override
    public Inventory read() {
      return new Inventory(targets);
    }

    @Override
    public SortedMap<String, List<io.keepset.retention.Backup>> backups(Collection<String> names) {
      return new TreeMap<>();
    }

    @Override
    public void apply(Change change) {}

    @Override
    public Optional<BackupOperations> operations() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
