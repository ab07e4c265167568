package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.Durations;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A folder for each case: {@code rules.txt} holds {@code key: value} lines (the keys of a
 * retention, {@code zone} and {@code now}), {@code history.txt} a backup a line, and {@code
 * expected.txt} the decision on each. {@code -Dkeepset.rewrite=true} writes what came out instead
 * of comparing.
 */
class KeepSetCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/retention");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(CASES)) {
      folders = entries.sorted().toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(31);
    return folders.stream()
        .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> run(folder)));
  }

  private static void run(Path folder) throws IOException {
    Map<String, String> rules = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("rules.txt"))) {
      rules.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
    }
    ZoneId zone = ZoneId.of(rules.getOrDefault("zone", "UTC"));
    List<Backup> history = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("history.txt"))) {
      history.addAll(backups(line, zone));
    }
    Instant now = Instant.parse(rules.getOrDefault("now", "2026-11-21T12:00:00Z"));
    String hold = rules.getOrDefault("hold", "never");
    KeepSet set =
        KeepSet.decide(
            history,
            retention(rules),
            zone,
            now,
            b -> b.time().toString().startsWith(hold) ? List.of("hold case-1234") : List.of());

    Path expected = folder.resolve("expected.txt");
    String text = print(set, zone);
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  private static String print(KeepSet set, ZoneId zone) {
    StringBuilder text = new StringBuilder();
    for (Decision decision : set.decisions()) {
      text.append(TIME.format(decision.backup().time().atZone(zone)))
          .append(decision.kept() ? "  " + decision.why() : "  expires")
          .append('\n');
    }
    return text.toString();
  }

  private static Retention retention(Map<String, String> rules) {
    TreeMap<Tier, Integer> tiers = new TreeMap<>();
    TreeMap<Tier, Duration> within = new TreeMap<>();
    for (Tier tier : Tier.values()) {
      if (number(rules, tier.word()) > 0) {
        tiers.put(tier, number(rules, tier.word()));
      }
      if (rules.containsKey(tier.withinKey())) {
        within.put(tier, Durations.parse(rules.get(tier.withinKey())).orElseThrow());
      }
    }
    return new Retention(
        number(rules, "last"), tiers, within, number(rules, "on_demand"), number(rules, "minimum"));
  }

  private static int number(Map<String, String> rules, String key) {
    return Integer.parseInt(rules.getOrDefault(key, "0"));
  }

  /** {@code 2026-11-21 02:00 [word …]}, or a span of days: {@code 2026-11-01..2026-11-21 02:00}. */
  private static List<Backup> backups(String line, ZoneId zone) {
    String[] words = line.split(" +");
    String[] span = words[0].split("\\.\\.");
    LocalDate last = LocalDate.parse(span[span.length - 1]);
    List<String> marks = List.of(words).subList(2, words.length);
    List<Backup> backups = new ArrayList<>();
    for (LocalDate day = LocalDate.parse(span[0]); !day.isAfter(last); day = day.plusDays(1)) {
      backups.add(backup(LocalDateTime.of(day, LocalTime.parse(words[1])), marks, zone));
    }
    return backups;
  }

  private static Backup backup(LocalDateTime local, List<String> marks, ZoneId zone) {
    ZonedDateTime zoned = local.atZone(zone);
    Instant time = (marks.contains("later") ? zoned.withLaterOffsetAtOverlap() : zoned).toInstant();
    BackupKind kind = BackupKind.SCHEDULED;
    for (BackupKind any : BackupKind.values()) {
      kind = marks.contains(any.word()) ? any : kind;
    }
    BackupState state = BackupState.CREATED;
    for (BackupState any : BackupState.values()) {
      state = marks.contains(any.name()) ? any : state;
    }
    return Histories.backup(
        time + kind.word(),
        time,
        kind,
        state,
        marks.contains("empty") ? 0 : 100,
        !marks.contains("unverified"),
        marks.contains("suspicious"));
  }
}
