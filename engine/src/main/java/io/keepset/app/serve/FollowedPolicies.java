package io.keepset.app.serve;

import io.keepset.app.PolicyFeed;
import io.keepset.app.Version;
import io.keepset.app.terraform.read.Policies;
import io.keepset.plan.Revision;
import io.keepset.terraform.read.Followed;
import java.util.Optional;

/** What the shim reads about the follower. */
record FollowedPolicies(Follower follower) implements Policies {
  @Override
  public Followed followed() {
    Optional<Turn> turn = follower.last();
    return new Followed(
        Version.current(),
        follower.follows(),
        follower.modeInForce().word(),
        turn.map(t -> t.good() ? "in-force" : "failing").orElse("starting"),
        turn.flatMap(Turn::revision).map(Revision::id),
        follower.appliedAt(),
        turn.flatMap(Turn::problem));
  }

  @Override
  public Optional<PolicyFeed.Read> valid() {
    return follower.valid();
  }
}
