package io.keepset.runner.artifact;

import io.keepset.spi.DriverException;
import io.keepset.spi.Verdict;
import java.io.InputStream;

/** The engine's own judgement of plain bytes: {@code engine::verify}. */
@FunctionalInterface
public interface ArtifactCheck {
  /** For small things beside an artifact, which no engine judges. */
  ArtifactCheck NONE = plain -> new Verdict(true, java.util.List.of(), java.util.Optional.empty());

  Verdict check(InputStream plain) throws DriverException;
}
