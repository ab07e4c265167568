package io.keepset.plan;

import io.keepset.policy.Protection;
import io.keepset.policy.TargetId;
import java.util.Optional;

/**
 * A database that a platform has now.
 *
 * @param protection what it has; empty if it has none: never had one, or has only the backups that
 *     stayed when its block was removed
 * @param owned true if Keepset created or adopted it; others are never touched
 */
public record LiveTarget(TargetId target, Optional<Protection> protection, boolean owned) {}
