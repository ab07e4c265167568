package io.keepset.retention;

import java.time.Instant;
import java.util.Optional;

/**
 * When one backup goes if backups go on as scheduled.
 *
 * @param decision the reasons to keep it now; none if it has expired or is about to
 * @param expires when no rule keeps it any more
 * @param deleted when its grace ends after that
 * @param stays why there is no such day, for people; empty if there is one
 */
public record Forecast(
    Decision decision,
    Optional<Instant> expires,
    Optional<Instant> deleted,
    Optional<String> stays) {}
