package io.keepset.app.http;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import io.keepset.plan.PlanFile;
import io.keepset.policy.Instance;
import io.keepset.policy.Resolved;
import io.keepset.policy.SecretReferences;
import io.keepset.policy.StoreSpec;
import io.keepset.reconcile.OutcomeCodec;
import io.keepset.reconcile.Report;
import io.keepset.reconcile.ReportJson;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Plans that were made elsewhere, as {@code keepset plan --out} writes them. */
@RestController
@RequestMapping("/api/v1/apply")
final class ApplyApi {
  private static final Location NOWHERE = new Location("request", 1, 1);

  private final PlanDesk desk;

  ApplyApi(PlanDesk desk) {
    this.desk = desk;
  }

  /** Judges a plan once more and carries it out, exactly so or not at all. */
  @PostMapping
  void apply(HttpServletRequest request, HttpServletResponse response)
      throws IOException, DriverException {
    PlanFile brought = read(Bodies.read(request));
    LongCall.tell(
        request,
        response,
        HttpStatus.OK,
        tell -> {
          Report report =
              desk.apply(
                  brought,
                  TokenFilter.caller(request),
                  outcome ->
                      tell.accept(
                          new MapBuilder().put("outcome", OutcomeCodec.encode(outcome)).build()));
          return answer(report);
        });
  }

  private static Node answer(Report report) {
    if (report.refused()) {
      throw Problem.refused(report.refusals());
    }
    return ReportJson.of(report);
  }

  private static PlanFile read(byte[] body) {
    Validated<PlanFile> read = PlanFile.read(new SourceFile("request", body));
    PlanFile brought = read.valid().orElseThrow(() -> Problem.badRequest(read.diagnostics()));
    String revision = brought.desired().revision().id();
    if (!revision.matches("directory|[0-9a-f]{7,64}")) {
      throw Problem.badRequest("a revision is a commit id, or directory");
    }
    List<Diagnostic> literal = new ArrayList<>();
    for (Resolved resolved : brought.desired().databases().values()) {
      literal.addAll(SecretReferences.check(resolved.protection(), NOWHERE));
    }
    for (StoreSpec store : brought.stores().values()) {
      literal.addAll(SecretReferences.check(store, NOWHERE));
    }
    for (Instance instance : brought.instances().values()) {
      literal.addAll(SecretReferences.check(instance, NOWHERE));
    }
    if (!literal.isEmpty()) {
      throw Problem.invalidPolicies(literal);
    }
    return brought;
  }
}
