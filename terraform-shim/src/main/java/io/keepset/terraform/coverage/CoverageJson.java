package io.keepset.terraform.coverage;

import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.terraform.coverage.Finding.Verdict;
import java.util.Optional;

/** Coverage for machines, as {@code schemas/http/plan-coverage.schema.json} describes it. */
public final class CoverageJson {
  private CoverageJson() {}

  public static MapNode of(Coverage coverage) {
    Optional<Finding> bare =
        coverage.findings().stream().filter(one -> one.verdict() == Verdict.BARE).findFirst();
    int more = coverage.count(Verdict.BARE) - 1;
    MapBuilder map =
        new MapBuilder()
            .put("ok", coverage.complete())
            .put(
                "reason",
                bare.map(
                        one ->
                            one.address()
                                + ": "
                                + one.reason()
                                + (more > 0 ? " (and " + more + " more)" : ""))
                    .orElse(null))
            .put("kind", "coverage")
            .put("resources", coverage.findings().size());
    for (Verdict verdict : Verdict.values()) {
      map.put(verdict.word(), coverage.count(verdict));
    }
    return map.put("findings", coverage.findings().stream().map(CoverageJson::finding).toList())
        .build();
  }

  private static MapNode finding(Finding finding) {
    return new MapBuilder()
        .put("address", finding.address())
        .put("type", finding.type())
        .put("action", finding.action())
        .put("verdict", finding.verdict().word())
        .putTexts("databases", finding.databases())
        .putTexts("policies", finding.policies())
        .put("matched_by", finding.matchedBy().orElse(null))
        .put("own_backups", finding.own())
        .put("own_backups_detail", finding.ownDetail().orElse(null))
        .put("reason", finding.reason())
        .build();
  }
}
