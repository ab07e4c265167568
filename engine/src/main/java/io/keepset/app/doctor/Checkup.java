package io.keepset.app.doctor;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;

/**
 * What was found about one thing.
 *
 * @param subject as people call it: {@code database orders (postgresql)}
 * @param findings notes say what is well, warnings what could be better, errors what is needed
 */
public record Checkup(String subject, List<Diagnostic> findings) {
  public Checkup {
    findings = List.copyOf(findings);
  }

  public boolean healthy() {
    return findings.stream().noneMatch(Diagnostic::isError);
  }
}
