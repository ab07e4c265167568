package io.keepset.terraform.read;

import io.keepset.access.Role;
import io.keepset.diagnostic.Validated;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Section;
import io.keepset.terraform.coverage.Coverage;
import io.keepset.terraform.coverage.CoverageJson;
import io.keepset.terraform.coverage.TerraformPlan;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** {@code /terraform/v1/plan} and {@code /terraform/v1/plan/COMMIT}: plans, and nothing more. */
public final class PlanSection implements Section {
  private static final String FOLLOWED = "followed";

  private final Trials trials;
  private final InstantSource clock;

  public PlanSection(Trials trials, InstantSource clock) {
    this.trials = trials;
    this.clock = clock;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    int segments = request.path().size();
    if (segments > 3) {
      throw new Refusal(404, "there is /terraform/v1/plan and /terraform/v1/plan/COMMIT");
    }
    Reading.only(request, segments == 2 ? List.of("POST") : List.of("GET", "HEAD"));
    Refusal.unless(request, Role.PLANNER);
    try {
      return segments == 2 ? submitted(request) : commit(request, request.path().get(2));
    } catch (DriverException e) {
      return Reading.failure(request, e);
    }
  }

  private Reply commit(Request request, String commit) throws DriverException {
    if (!commit.matches("[0-9a-f]{7,64}")) {
      throw new Refusal(
          400, "a commit is named by its id, or at least seven characters of it: " + commit);
    }
    Trial trial =
        trials
            .ofCommit(commit)
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        "commit "
                            + commit
                            + " is not known here; push it and have the server look:"
                            + " POST /api/v1/refresh"));
    return Rendered.of(TrialJson.of(trial)).answer(request);
  }

  private Reply submitted(Request request) throws IOException, DriverException {
    boolean over = overFollowed(request);
    Submitted submitted = Submitted.read(request);
    if (submitted.terraform().isPresent()) {
      return coverage(request, submitted.terraform().get());
    }
    return Rendered.of(TrialJson.of(trials.ofFiles(submitted.files(), over))).answer(request);
  }

  private static boolean overFollowed(Request request) {
    Optional<String> base = request.query("base");
    if (base.isPresent() && !base.get().equals(FOLLOWED) && !base.get().equals("none")) {
      throw new Refusal(
          400,
          "base is followed (the text is laid over the policies that the server follows) or none"
              + " (it is all there is), not "
              + base.get());
    }
    return base.equals(Optional.of(FOLLOWED));
  }

  private Reply coverage(Request request, Node document) throws DriverException {
    Validated<TerraformPlan> plan = TerraformPlan.read(document);
    if (plan.valid().isEmpty()) {
      throw new Refusal(422, plan.diagnostics().get(0).message(), plan.diagnostics());
    }
    Coverage coverage =
        Coverage.of(
            plan.valid().get(),
            trials.declared(),
            request.query("accept_own").equals(Optional.of("true")),
            LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    return Rendered.of(CoverageJson.of(coverage)).answer(request);
  }
}
