package io.keepset.terraform.read;

import io.keepset.diagnostic.Severity;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.watch.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /terraform/v1/status}: are the newest policies in force, and are all promises kept? */
public final class StatusSection implements Reading {
  /** More than these are counted, not told. */
  private static final int SHOWN = 100;

  private final Installation installation;

  public StatusSection(Installation installation) {
    this.installation = installation;
  }

  @Override
  public Reply read(Request request) throws DriverException {
    if (request.path().size() != 2) {
      throw new Refusal(404, "there is /terraform/v1/status alone");
    }
    Followed followed = installation.followed();
    World world = installation.world();
    Coverage coverage = Coverage.of(world, Optional.empty());
    long broken = world.problems().stream().filter(Problem::broken).count();
    long warnings = world.problems().stream().filter(p -> p.severity() == Severity.WARNING).count();
    MapBuilder body =
        DatabasesSection.begin(reason(followed, world))
            .put("version", followed.version())
            .put("follows", followed.source())
            .put("mode", followed.mode())
            .put("state", followed.state())
            .put("revision", followed.revision().orElse(null))
            .put("applied_at", followed.appliedAt().map(Instant::toString).orElse(null))
            .put("healthy", broken == 0)
            .put("databases", coverage.databases())
            .put("protected", coverage.covered())
            .put("uncovered", coverage.uncovered().size())
            .put("errors", broken)
            .put("warnings", warnings)
            .put(
                "problems",
                world.problems().stream().limit(SHOWN).map(StatusSection::problem).toList());
    return Rendered.of(body.build()).answer(request);
  }

  private static Optional<String> reason(Followed followed, World world) {
    if (!followed.state().equals("in-force")) {
      return Optional.of(
          followed.problem().orElse("the server has not looked at its policies yet"));
    }
    List<Problem> broken = world.problems().stream().filter(Problem::broken).toList();
    return broken.isEmpty()
        ? Optional.empty()
        : Optional.of(broken.get(0).target() + ": " + broken.get(0).message());
  }

  private static MapNode problem(Problem problem) {
    return new MapBuilder()
        .put("code", problem.code())
        .put("target", problem.target())
        .put("severity", problem.severity().word())
        .put("message", problem.message())
        .put("hint", problem.hint())
        .build();
  }
}
