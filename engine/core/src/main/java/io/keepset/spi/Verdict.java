package io.keepset.spi;

import java.util.List;
import java.util.Optional;

/**
 * What a check of an artifact found.
 *
 * @param findings what was counted or, if not good, what is wrong
 * @param facts what the artifact itself says: an uploaded file gets its manifest from here; empty
 *     if it is not good
 */
public record Verdict(boolean good, List<String> findings, Optional<ArtifactFacts> facts) {
  public Verdict {
    findings = List.copyOf(findings);
  }

  public static Verdict good(ArtifactFacts facts, List<String> findings) {
    return new Verdict(true, findings, Optional.of(facts));
  }

  public static Verdict bad(String... findings) {
    return new Verdict(false, List.of(findings), Optional.empty());
  }
}
