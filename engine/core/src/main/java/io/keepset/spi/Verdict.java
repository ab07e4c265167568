package io.keepset.spi;

import java.io.IOException;
import java.io.InputStream;
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

  /** A check that reads an artifact to its end. */
  @FunctionalInterface
  public interface Check {
    Verdict run(InputStream artifact) throws IOException, DriverException;
  }

  /**
   * Runs a check.
   *
   * @throws DriverException DAMAGED if the artifact can't be read, which is no verdict about it
   */
  public static Verdict of(InputStream artifact, Check check) throws DriverException {
    try {
      return check.run(artifact);
    } catch (IOException e) {
      throw new DriverException(
          DriverException.Kind.DAMAGED,
          "the backup could not be read to its end: " + e.getMessage(),
          e);
    }
  }
}
