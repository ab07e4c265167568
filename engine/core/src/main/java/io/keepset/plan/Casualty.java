package io.keepset.plan;

import io.keepset.retention.Backup;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup that a change costs, and when.
 *
 * @param expires when retention lets it go; empty if nobody knows the day, such as the end of a
 *     restore or a run that no schedule promises
 * @param deleted when its bytes go at the earliest: the end of its grace
 * @param otherwise when it would have expired without the change; empty if not as far as was looked
 */
public record Casualty(
    Backup backup,
    Onset onset,
    Optional<Instant> expires,
    Optional<Instant> deleted,
    Optional<Instant> otherwise) {}
