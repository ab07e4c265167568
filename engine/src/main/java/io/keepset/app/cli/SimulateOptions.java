package io.keepset.app.cli;

import io.keepset.policy.Cron;
import io.keepset.policy.Nearest;
import io.keepset.policy.Schedule;
import io.keepset.retention.Moment;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code retention simulate} is told, and whether it fits together. */
final class SimulateOptions {
  @Option(
      names = "--policy",
      paramLabel = "FILE[#NAME]",
      description =
          "The policy: a file in any spelling, with #NAME if it declares several, or the name of a"
              + " built-in one.")
  @Nullable String policy;

  @Option(
      names = "--retention",
      paramLabel = "RULES",
      description = "The rules themselves, instead of --policy: '{daily: 7, weekly: 4}'.")
  @Nullable String retention;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "Whose calendar the tiers mean (default: that of the policy's schedule, or UTC).")
  @Nullable String zoneName;

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "What is taken for now (default: now; with --to that).")
  @Nullable String now;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description =
          "The backups that there are: JSON lines with time and perhaps size, state and kind, or what"
              + " keepset backup list --json printed; - is standard input.")
  @Nullable String history;

  @Option(
      names = "--schedule",
      paramLabel = "CRON",
      description =
          "When runs are made up: '0 2 * * *' (default: as the policy says). With --history it says"
              + " what comes after it.")
  @Nullable String schedule;

  @Option(names = "--from", paramLabel = "DATE", description = "Where a made-up history begins.")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "Where it ends, that day included (default: now).")
  @Nullable String to;

  @Option(
      names = "--miss",
      paramLabel = "PERCENT",
      description = "How many of the made-up runs do not happen, such as 5%%.")
  @Nullable String miss;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Misses other runs; the same number misses the same (default: 1).")
  @Nullable Long seed;

  @Option(
      names = "--at",
      paramLabel = "DATE",
      description =
          "What exists on that day, after each run until then was followed by expiry and grace.")
  @Nullable String at;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw it into this file; - is standard output, without the text.")
  @Nullable String svg;

  /** What of them excludes each other or misses another. */
  void check() throws CommandException {
    require(
        policy != null || retention != null,
        "say which rules to simulate: --policy FILE[#NAME] or --retention '{daily: 7}'");
    require(
        policy == null || retention == null,
        "--policy and --retention are two answers to one question: leave one of them out");
    boolean madeUp = from != null;
    require(
        history != null || madeUp,
        "say which backups there are: --history FILE, or --from DATE for a made-up history");
    require(
        history == null || (!madeUp && to == null),
        "--history says which backups there are; --from and --to are for a made-up history");
    require(
        history == null || schedule == null || at != null,
        "--schedule beside --history says which runs come after it: add --at DATE");
    require(
        history == null || miss == null || at != null,
        "--miss is for runs that are made up: with --history add --at DATE");
    require(seed == null || miss != null, "--seed is for --miss: add --miss 5%");
    require(
        retention == null || !madeUp || schedule != null,
        "--retention has no schedule: add --schedule '0 2 * * *'");
  }

  Optional<ZoneId> zone() throws CommandException {
    if (zoneName == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZoneId.of(zoneName));
    } catch (DateTimeException e) {
      throw usage(
          "--zone is not a time zone: "
              + zoneName
              + Nearest.to(zoneName, ZoneId.getAvailableZoneIds())
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; write Europe/Berlin or UTC"));
    }
  }

  Optional<Schedule> schedule(ZoneId zone) throws CommandException {
    if (schedule == null) {
      return Optional.empty();
    }
    var parsed = Cron.parse(schedule, null);
    if (parsed.valid().isEmpty()) {
      throw usage("--schedule: " + parsed.diagnostics().get(0).message());
    }
    return Optional.of(new Schedule("schedule", parsed.valid().orElseThrow(), zone, Duration.ZERO));
  }

  double missed() throws CommandException {
    if (miss == null) {
      return 0;
    }
    String number = miss.endsWith("%") ? miss.substring(0, miss.length() - 1) : miss;
    try {
      double percent = new BigDecimal(number.strip()).doubleValue();
      require(percent >= 0 && percent <= 100, "--miss is from 0% to 100%, was " + miss);
      return percent / 100;
    } catch (NumberFormatException e) {
      throw usage("--miss is a part of the runs such as 5%, was " + miss);
    }
  }

  long seeded() {
    return seed == null ? 1 : seed;
  }

  /** A day alone is its beginning. */
  static Instant beginning(String option, @Nullable String text, ZoneId zone)
      throws CommandException {
    return moment(option, Moment.parse(String.valueOf(text), zone), text);
  }

  /** A day alone is its end. */
  static Instant end(String option, @Nullable String text, ZoneId zone) throws CommandException {
    return moment(option, Moment.parseEnd(String.valueOf(text), zone), text);
  }

  private static Instant moment(String option, Optional<Instant> moment, @Nullable String text)
      throws CommandException {
    return moment.orElseThrow(
        () -> usage(option + " is not a point in time: " + text + "; " + Moment.FORMS));
  }

  boolean pictureToOut() {
    return "-".equals(svg);
  }

  static void require(boolean fits, String otherwise) throws CommandException {
    if (!fits) {
      throw usage(otherwise);
    }
  }

  static CommandException usage(String message) {
    return new CommandException(
        ExitCode.USAGE, message + "\n  see: keepset retention simulate --help");
  }
}
