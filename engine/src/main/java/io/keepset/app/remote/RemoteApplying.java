package io.keepset.app.remote;

import io.keepset.app.Applying;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanFile;
import io.keepset.reconcile.Outcome;
import io.keepset.reconcile.OutcomeCodec;
import io.keepset.reconcile.Report;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Has plans carried out by a server, which judges them once more by what it knows. */
public final class RemoteApplying implements Applying {
  private final RemoteServer server;

  public RemoteApplying(RemoteServer server) {
    this.server = server;
  }

  /** The token says who; the server's clock says when. */
  @Override
  public Report apply(Order order, String by, Instant now, Consumer<Outcome> heard)
      throws DriverException {
    Plan plan = order.proposal().plan();
    String file = PlanFile.write(plan, order.proposal().desired(), order.policies());
    List<Outcome> outcomes = new ArrayList<>();
    MapNode last;
    try {
      last =
          server.converse(
              "apply",
              BodyPublishers.ofString(file),
              line ->
                  line.map("outcome")
                      .map(one -> OutcomeCodec.decode(one, plan))
                      .ifPresent(
                          outcome -> {
                            outcomes.add(outcome);
                            heard.accept(outcome);
                          }));
    } catch (IllegalArgumentException e) {
      throw new DriverException(
          Kind.REJECTED,
          "the server at " + server.address() + " answers in other words: " + e.getMessage(),
          e);
    }
    Optional<MapNode> problem = last.map("problem");
    if (problem.isPresent()) {
      if (!RemoteProblem.isRefusal(problem.get())) {
        throw RemoteProblem.toException(500, problem.get());
      }
      return new Report(plan, refusals(problem.get()), List.of(), Optional.empty(), List.of());
    }
    return new Report(plan, List.of(), outcomes, Optional.empty(), List.of());
  }

  private static List<Diagnostic> refusals(MapNode problem) {
    return problem.maps("diagnostics").stream().map(DiagnosticCodec::decode).toList();
  }
}
