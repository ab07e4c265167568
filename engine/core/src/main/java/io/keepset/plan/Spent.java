package io.keepset.plan;

import io.keepset.policy.Approval;
import java.time.Instant;

/**
 * An approval that was used.
 *
 * @param digest of the approval, see {@link Approval#digest}
 * @param revision whose plan it let through
 */
public record Spent(String digest, String name, String planHash, String revision, Instant at) {}
