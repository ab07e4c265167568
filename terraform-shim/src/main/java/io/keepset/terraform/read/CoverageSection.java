package io.keepset.terraform.read;

import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code /terraform/v1/coverage}: is everything protected that is known, and what must be? */
public final class CoverageSection implements Reading {
  private final Installation installation;

  public CoverageSection(Installation installation) {
    this.installation = installation;
  }

  @Override
  public Reply read(Request request) throws DriverException {
    if (request.path().size() != 2) {
      throw new Refusal(404, "there is /terraform/v1/coverage alone");
    }
    World world = installation.world();
    Optional<String> environment = request.query("environment");
    if (environment.isPresent() && !world.environments().contains(environment.get())) {
      throw new Refusal(
          404,
          "no policy file declares environment "
              + environment.get()
              + "; there are: "
              + String.join(", ", world.environments()));
    }
    Coverage coverage = Coverage.of(world, environment);
    List<String> missing = missing(request, world, environment);
    return Rendered.of(
            Column.add(
                    DatabasesSection.begin(reason(coverage, missing)).putTexts("missing", missing),
                    Coverage.COLUMNS,
                    coverage)
                .build())
        .answer(request);
  }

  private static Optional<String> reason(Coverage coverage, List<String> missing) {
    if (!missing.isEmpty()) {
      return Optional.of("without backups though asked for: " + some(missing));
    }
    return coverage.complete()
        ? Optional.empty()
        : Optional.of("known, but protected by no policy: " + some(coverage.uncovered()));
  }

  private static String some(List<String> names) {
    int shown = Math.min(10, names.size());
    return String.join(", ", names.subList(0, shown))
        + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
  }

  /** Of those that the caller names; one without backups on purpose is no more than that. */
  private static List<String> missing(Request request, World world, Optional<String> environment) {
    return request.query().getOrDefault("require", List.of()).stream()
        .flatMap(names -> Arrays.stream(names.split(",", -1)))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .filter(name -> !isBackedUp(world.databases().get(name), environment))
        .sorted()
        .distinct()
        .toList();
  }

  private static boolean isBackedUp(
      @org.jspecify.annotations.Nullable Database one, Optional<String> environment) {
    return one != null
        && one.covered()
        && !one.suspended()
        && (environment.isEmpty() || one.environment().equals(environment));
  }
}
