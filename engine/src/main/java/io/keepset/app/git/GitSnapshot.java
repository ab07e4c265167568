package io.keepset.app.git;

import io.keepset.app.PolicyFiles;
import io.keepset.plan.Revision;
import java.util.Optional;

/**
 * The policy files of one commit.
 *
 * @param files files that did not change since the snapshot before are the same objects
 * @param rewritten the commit that was read before, if it is no longer part of the branch's history
 *     (force-push)
 */
public record GitSnapshot(Revision revision, PolicyFiles files, Optional<String> rewritten) {}
