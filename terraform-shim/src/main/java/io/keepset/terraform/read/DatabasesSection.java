package io.keepset.terraform.read;

import io.keepset.policy.Durations;
import io.keepset.source.MapBuilder;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code /terraform/v1/databases/NAME} and {@code …/backups/latest}. */
public final class DatabasesSection implements Reading {
  private static final String PATH = "/terraform/v1/databases/NAME";
  private static final List<String> LATEST = List.of("backups", "latest");

  private final Installation installation;
  private final InstantSource clock;

  public DatabasesSection(Installation installation, InstantSource clock) {
    this.installation = installation;
    this.clock = clock;
  }

  @Override
  public Reply read(Request request) throws DriverException {
    List<String> path = request.path();
    boolean latest = path.size() == 5 && path.subList(3, 5).equals(LATEST);
    if (path.size() != 3 && !latest) {
      throw new Refusal(404, "there is " + PATH + " and " + PATH + "/backups/latest");
    }
    Database one = installation.world().databases().get(path.get(2));
    if (one == null) {
      throw new Refusal(
          404,
          "there is no database "
              + path.get(2)
              + "; a database is known once a plan that creates it was applied");
    }
    return Rendered.of((latest ? latest(one, maxAge(request)) : show(one)).build()).answer(request);
  }

  private static MapBuilder show(Database one) {
    Optional<String> reason = Optional.empty();
    if (!one.covered()) {
      reason = Optional.of("no policy protects it; only backups are left");
    } else if (one.broken()) {
      reason = one.problems().stream().findFirst().map(problem -> problem.message());
    }
    return Column.add(begin(reason), Columns.DATABASE, one);
  }

  private MapBuilder latest(Database one, Optional<Duration> maxAge) {
    Optional<Instant> at = one.newest().map(backup -> backup.time());
    Optional<String> reason = Optional.empty();
    if (at.isEmpty()) {
      reason = Optional.of("it has no good backup");
    } else if (maxAge.isPresent() && at.get().plus(maxAge.get()).isBefore(clock.instant())) {
      reason =
          Optional.of(
              "its newest good backup is of "
                  + at.get()
                  + ", which is more than "
                  + Durations.format(maxAge.get())
                  + " ago");
    }
    return Column.add(begin(reason).put("found", at.isPresent()), Columns.LATEST_BACKUP, one);
  }

  /** What every answer begins with; the reason is there, if only as null. */
  static MapBuilder begin(Optional<String> reason) {
    return new MapBuilder().put("ok", reason.isEmpty()).put("reason", reason.orElse(null));
  }

  private static Optional<Duration> maxAge(Request request) {
    Optional<String> text = request.query("max_age");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Durations.parse(text.get())
            .orElseThrow(
                () -> new Refusal(400, "max_age is a duration such as 26h or 7d: " + text.get())));
  }
}
