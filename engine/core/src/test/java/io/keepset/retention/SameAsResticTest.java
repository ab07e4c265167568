package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.testing.Any;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link KeepSet} beside the real {@code restic forget}: the same backups are kept, each for the
 * same rules, with the same places left. In a repository each host has a history of its own, so
 * that one process judges many.
 */
class SameAsResticTest {
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
  private static final int HISTORIES = 30;
  private static final int POLICIES = 7;

  @TempDir private static Path directory;

  @BeforeAll
  static void resticIsThere() {
    boolean found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "restic")));
    Assumptions.assumeTrue(found, "skipped: no restic on this machine (install restic)");
  }

  @Test
  void keepsTheSameBackupsForTheSameReasons() throws Exception {
    ResticRepository first = ResticRepository.init(directory.resolve("first"));
    Oldest oldest = Oldest.keptBy(first);
    int rounds = Integer.getInteger("keepset.law.cases", 1);
    int compared = 0;
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(20261121L + round);
      for (String zone : ZONES) {
        ResticRepository repository =
            first.emptyTwin(directory.resolve(round + zone.replace('/', '-')));
        Map<String, List<Backup>> histories = histories(random, ZoneId.of(zone), repository);
        for (int i = 0; i < POLICIES; i++) {
          compared += compare(repository, ZoneId.of(zone), histories, rules(random), oldest);
        }
      }
    }
    assertThat(compared).isEqualTo(rounds * ZONES.size() * POLICIES * HISTORIES);
  }

  private static int compare(
      ResticRepository repository,
      ZoneId zone,
      Map<String, List<Backup>> histories,
      Retention rules,
      Oldest oldest) {
    JSONArray groups = repository.forget(zone.getId(), options(rules));
    for (Object group : groups) {
      JSONObject theirs = (JSONObject) group;
      String host = theirs.getString("host");
      KeepSet ours =
          KeepSet.decide(histories.get(host), rules, zone, Instant.now(), KeepSet::noHolds);
      assertThat(reasons(ours, oldest))
          .as("%s of %s in %s", options(rules), host, zone)
          .isEqualTo(reasons(theirs, rules, ours.decisions().get(0).backup().time()));
    }
    return groups.length();
  }

  /**
   * Which rules of the restic on this machine keep the oldest as long as they have places left:
   * none in 0.14, in some later ones those that count, in newer ones all, as ours do.
   */
  private record Oldest(boolean counted, boolean within) {
    static Oldest keptBy(ResticRepository repository) throws Exception {
      repository.snapshot("h", OffsetDateTime.parse("2024-03-04T05:00:00Z"));
      repository.snapshot("h", OffsetDateTime.parse("2024-03-04T06:00:00Z"));
      return new Oldest(
          keepsBoth(repository, "--keep-daily=5"), keepsBoth(repository, "--keep-within-daily=5d"));
    }

    private static boolean keepsBoth(ResticRepository repository, String option) {
      JSONObject group = repository.forget("UTC", List.of(option)).getJSONObject(0);
      return group.getJSONArray("keep").length() == 2;
    }

    boolean kept(Reason reason) {
      return reason.rule().startsWith("within") ? within : counted;
    }
  }

  private static Map<String, List<Backup>> histories(
      Random random, ZoneId zone, ResticRepository repository)
      throws IOException, GeneralSecurityException {
    Map<String, List<Backup>> histories = new TreeMap<>();
    for (int i = 0; i < HISTORIES; i++) {
      String host = "host" + i;
      List<Backup> history = new ArrayList<>();
      for (Instant time : times(random)) {
        history.add(Histories.backup(time));
        repository.snapshot(host, OffsetDateTime.ofInstant(time, zone));
      }
      histories.put(host, history);
    }
    return histories;
  }

  /** Hours to decades; often around a change of summer time or the turn of a year. */
  private static TreeSet<Instant> times(Random random) {
    Instant newest =
        Any.of(
            random,
            Instant.parse("2024-04-02T11:30:00Z"),
            Instant.parse("2023-11-07T00:10:00Z"),
            Instant.parse("2021-01-05T05:00:00Z"),
            Instant.parse("2024-03-01T23:59:59Z"));
    long span = Any.of(random, 1L, 10L, 100L, 1000L, 8000L) * 86_400;
    TreeSet<Instant> times = new TreeSet<>();
    for (int n = Any.between(random, 1, 40); n > 0; n--) {
      times.add(newest.minusSeconds(Any.between(random, 0, span)));
    }
    if (Any.chance(random, 0.1)) {
      times.add(Instant.parse("2150-01-01T00:00:00Z"));
    }
    return times;
  }

  private static Retention rules(Random random) {
    Retention rules;
    do {
      rules =
          new Retention(
              Any.mostly(random, 0, 1, 3, 8),
              Any.map(random, 4, r -> Any.of(r, Histories.COUNTED), r -> Any.between(r, 1, 15)),
              Any.map(
                  random,
                  2,
                  r -> Any.of(r, Tier.values()),
                  r -> Duration.ofHours(Any.of(r, 1, 24, 24 * 365) * Any.between(r, 1, 60L))),
              0,
              0);
    } while (rules.isEmpty());
    return rules;
  }

  private static List<String> options(Retention rules) {
    List<String> options = new ArrayList<>();
    if (rules.last() > 0) {
      options.add("--keep-last=" + rules.last());
    }
    rules.tiers().forEach((tier, n) -> options.add("--keep-" + tier.word() + "=" + n));
    rules
        .within()
        .forEach(
            (tier, age) ->
                options.add(
                    "--keep-"
                        + tier.withinKey().replace('_', '-')
                        + "="
                        + age.toDays()
                        + "d"
                        + age.toHoursPart()
                        + "h"));
    return options;
  }

  /** By time, the rules that keep it: {@code daily 3/30}, {@code within_weekly}. */
  private static Map<Instant, TreeSet<String>> reasons(KeepSet ours, Oldest oldest) {
    Map<Instant, TreeSet<String>> reasons = new TreeMap<>();
    Backup first = ours.decisions().get(0).backup();
    for (Decision decision : ours.decisions()) {
      for (Reason reason : decision.reasons()) {
        if (oldest.kept(reason) || !reason.text().startsWith("oldest")) {
          boolean places = reason.text().contains("/") && !decision.backup().equals(first);
          reasons
              .computeIfAbsent(decision.backup().time(), t -> new TreeSet<>())
              .add(places ? reason.text() : reason.rule());
        }
      }
    }
    return reasons;
  }

  private static Map<Instant, TreeSet<String>> reasons(
      JSONObject theirs, Retention rules, Instant first) {
    Map<Instant, TreeSet<String>> reasons = new TreeMap<>();
    for (Object each : theirs.getJSONArray("reasons")) {
      JSONObject reason = (JSONObject) each;
      Instant time =
          OffsetDateTime.parse(reason.getJSONObject("snapshot").getString("time")).toInstant();
      TreeSet<String> texts = new TreeSet<>();
      for (Object match : reason.getJSONArray("matches")) {
        String text = text((String) match, reason.getJSONObject("counters"), rules);
        // How the oldest is counted differs by version.
        texts.add(time.equals(first) ? text.split(" ")[0] : text);
      }
      reasons.put(time, texts);
    }
    return reasons;
  }

  private static String text(String match, JSONObject left, Retention rules) {
    String[] words = match.split(" ");
    if (words[0].equals("oldest")) {
      return words[2].equals("within") ? "within_" + words[1] : words[1];
    }
    if (words[0].equals("within")) {
      return "within";
    }
    if (words[1].equals("within")) {
      return "within_" + words[0];
    }
    int places =
        words[0].equals("last")
            ? rules.last()
            : rules.tiers().get(Tier.valueOf(words[0].toUpperCase(Locale.ROOT)));
    return words[0] + " " + (places - left.optInt(words[0])) + "/" + places;
  }
}
