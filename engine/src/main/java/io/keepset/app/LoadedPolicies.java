package io.keepset.app;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.policy.ComplianceCheck;
import io.keepset.policy.PolicyDates;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.source.SourceFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Policy files with what came of them.
 *
 * @param set with the diagnostics of reading, of loading and of today's date
 */
public record LoadedPolicies(List<SourceFile> files, Validated<PolicySet> set) {
  private static final Comparator<Diagnostic> ORDER =
      Comparator.comparing(Diagnostic::at, Comparator.nullsFirst(Comparator.naturalOrder()));

  public static LoadedPolicies load(PolicyFiles files, PolicyLoader loader, LocalDate today) {
    Validated<PolicySet> loaded = loader.load(files.files());
    List<Diagnostic> all = new ArrayList<>(files.diagnostics());
    all.addAll(loaded.diagnostics());
    if (loaded.value() != null) {
      all.addAll(PolicyDates.check(loaded.value(), today));
    }
    all.sort(ORDER);
    return new LoadedPolicies(files.files(), new Validated<>(loaded.value(), all));
  }

  /** With what undercuts compliance rules, which in a plan is a guard's matter. */
  public LoadedPolicies withCompliance() {
    if (set.value() == null || set.hasErrors()) {
      return this;
    }
    List<Diagnostic> all = new ArrayList<>(set.diagnostics());
    all.addAll(ComplianceCheck.check(set.value()));
    all.sort(ORDER);
    return new LoadedPolicies(files, new Validated<>(set.value(), all));
  }

  /** The text of a file, for excerpts. */
  public Optional<String> textOf(String path) {
    return files.stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .map(SourceFile::text);
  }
}
