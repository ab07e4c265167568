package io.keepset.spi;

import java.util.List;

/**
 * What a check of an artifact found.
 *
 * @param findings what was counted or, if not good, what is wrong
 */
public record Verdict(boolean good, List<String> findings) {
  public Verdict {
    findings = List.copyOf(findings);
  }
}
