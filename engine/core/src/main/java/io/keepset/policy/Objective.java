package io.keepset.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * What the team promised.
 *
 * @param rpo how old the newest good backup may be
 * @param rto how long a restore may take
 * @param verifiedWithin how long ago a backup must last have been verified
 */
public record Objective(
    Optional<Duration> rpo, Optional<Duration> rto, Optional<Duration> verifiedWithin) {
  public static final Objective NONE =
      new Objective(Optional.empty(), Optional.empty(), Optional.empty());
}
