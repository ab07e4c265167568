package io.keepset.watch;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a schedule stands, as who runs it says.
 *
 * @param since in force by its present rule; nothing due until then is expected
 * @param servedUntil nothing that was due until then is waiting to be run
 * @param serving the due time that a run works on now
 * @param trouble why it will not wake up by itself, for people; empty if it will
 */
public record ScheduleState(
    Instant since, Instant servedUntil, Optional<Instant> serving, Optional<String> trouble) {}
