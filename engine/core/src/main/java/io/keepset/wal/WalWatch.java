package io.keepset.wal;

import io.keepset.plan.Figures;
import io.keepset.policy.Durations;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.runner.Catalogue;
import io.keepset.spi.wal.BasePoint;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Tells when a database that is to be restorable to any point in time is not: nobody receives its
 * log, the slot is lost, log is missing, or the archive lags.
 */
public final class WalWatch implements ProblemSource {
  /** As long may nothing be written down by whoever receives. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  /** As long may receiving fail before somebody is told. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** As long may committed work not be in the archive, unless the objective wants it sooner. */
  private static final Duration LAG = Duration.ofMinutes(15);

  private final Catalogue backups;
  private final WalCatalogue logs;

  public WalWatch(Catalogue backups, WalCatalogue logs) {
    this.backups = backups;
    this.logs = logs;
  }

  @Override
  public List<Problem> problems(Instant now) {
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, Protection> entry : backups.protections().entrySet()) {
      Protection protection = entry.getValue();
      boolean off =
          protection
              .suspension()
              .filter(s -> s.disabled() && s.holdsOn(now.atZone(protection.zone()).toLocalDate()))
              .isPresent();
      if (protection.pointInTime().isPresent() && !off) {
        receiving(protection, now).ifPresent(problems::add);
        logs.status(entry.getKey())
            .ifPresent(
                status -> {
                  slot(status).ifPresent(problems::add);
                  lag(protection, status, now).ifPresent(problems::add);
                });
        window(protection, now).forEach(problems::add);
      }
    }
    for (String name : logs.databases()) {
      logs.status(name).flatMap(status -> leftBehind(status)).ifPresent(problems::add);
    }
    return problems;
  }

  /** A slot that nobody reads makes the server keep its log until its disk is full. */
  private Optional<Problem> leftBehind(WalStatus status) {
    boolean wanted =
        backups
            .protection(status.database())
            .filter(protection -> protection.pointInTime().isPresent())
            .isPresent();
    return wanted || status.kept().isEmpty() || status.error().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Problem.error(
                    "watch.wal_slot",
                    status.database(),
                    "the server still keeps its log for us, and nobody receives it any more: slot "
                        + status.kept().get().slot()
                        + " can't be dropped: "
                        + status.error().get())
                .withHint(
                    "it fills the server's disk; drop it there: SELECT pg_drop_replication_slot('"
                        + status.kept().get().slot()
                        + "')"));
  }

  private Optional<Problem> receiving(Protection protection, Instant now) {
    String name = protection.name();
    Optional<WalStatus> known = logs.status(name);
    if (known.isEmpty()) {
      return Optional.of(
          Problem.warning("watch.wal_receiver", name, "nobody has received its log yet")
              .withHint("a server does that: keepset serve"));
    }
    WalStatus status = known.get();
    Optional<Instant> since = status.errorSince();
    if (status.error().isPresent()
        && since.filter(at -> at.plus(PATIENCE).isBefore(now)).isPresent()) {
      return Optional.of(
          Problem.error(
                  "watch.wal_receiver", name, "its log can't be received: " + status.error().get())
              .withHint("mend that soon: the server keeps only so much of its log for us")
              .since(since.get()));
    }
    if (status.at().plus(SILENCE).isBefore(now)) {
      return Optional.of(
          Problem.error(
                  "watch.wal_receiver",
                  name,
                  "nobody has received its log for "
                      + Figures.age(Duration.between(status.at(), now)))
              .withHint("see whether keepset serve runs")
              .since(status.at()));
    }
    return status.archiverFailure().isPresent()
            && "push".equals(protection.options().get("wal", "receive"))
        ? Optional.of(
            Problem.error(
                    "watch.wal_receiver",
                    name,
                    "the server's archive_command fails: " + status.archiverFailure().get())
                .withHint("see the server's log for what keepset wal push said"))
        : Optional.empty();
  }

  private static Optional<Problem> slot(WalStatus status) {
    String state = status.slot().orElse("");
    return switch (state) {
      case "lost" ->
          Optional.of(
              Problem.error(
                      "watch.wal_slot",
                      status.database(),
                      "the server has removed log that was not received yet (slot lost)")
                  .withHint(
                      "a new stretch begins by itself; make a base backup for it: keepset backup"
                          + " create "
                          + status.database()));
      case "unreserved" ->
          Optional.of(
              Problem.error(
                      "watch.wal_slot",
                      status.database(),
                      "the server is about to remove log that was not received yet")
                  .withHint("see why receiving lags, or raise max_slot_wal_keep_size there"));
      default -> Optional.empty();
    };
  }

  private static Optional<Problem> lag(Protection protection, WalStatus status, Instant now) {
    Duration most = protection.objective().rpo().filter(rpo -> rpo.compareTo(LAG) < 0).orElse(LAG);
    return status
        .behindSince()
        .filter(since -> since.plus(most).isBefore(now))
        .map(
            since ->
                Problem.error(
                        "watch.wal_lag",
                        status.database(),
                        "for "
                            + Figures.age(Duration.between(since, now))
                            + " not all that was committed has come into the archive; "
                            + Figures.size(status.behind())
                            + " are missing")
                    .withHint("see whether the server, the network and the store keep up")
                    .since(since));
  }

  private List<Problem> window(Protection protection, Instant now) {
    String name = protection.name();
    List<WalFile> files = logs.files(name);
    SortedMap<String, Optional<BasePoint>> points = logs.bases(name);
    List<Backup> own = backups.backups(name);
    List<List<WalFile>> stretches = RecoveryWindows.stretches(files);
    if (stretches.isEmpty()) {
      return List.of();
    }
    List<RecoveryWindow> windows = RecoveryWindows.of(own, points, files, Optional.empty());
    List<Problem> problems = new ArrayList<>();
    List<WalFile> newest = stretches.get(stretches.size() - 1);
    boolean based =
        !windows.isEmpty() && windows.get(windows.size() - 1).files().get(0).equals(newest.get(0));
    Instant begin = now.minus(protection.pointInTime().orElseThrow());
    List<RecoveryWindows.Gap> gaps =
        RecoveryWindows.gaps(files).stream()
            .filter(gap -> gap.after().archivedAt().isAfter(begin))
            .toList();
    if (!gaps.isEmpty()) {
      RecoveryWindows.Gap gap = gaps.get(gaps.size() - 1);
      String what = gap.told() + ": nothing in between can be restored";
      Problem problem =
          based
              ? Problem.warning(
                  "watch.wal_gap", name, what + "; what was committed since can be again")
              : Problem.error("watch.wal_gap", name, what + ", nor anything since")
                  .withHint("make a base backup now: keepset backup create " + name);
      problems.add(problem.since(gap.after().archivedAt()));
    } else if (!based) {
      problems.add(
          Problem.warning(
                  "watch.wal_base",
                  name,
                  "its log is kept for "
                      + Durations.format(protection.pointInTime().orElseThrow())
                      + ", but there is no base backup yet that it could be replayed on")
              .withHint("the next scheduled run makes one, or: keepset backup create " + name));
    }
    return problems;
  }
}
