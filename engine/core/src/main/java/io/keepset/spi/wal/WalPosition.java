package io.keepset.spi.wal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a server's log stands, and what it keeps of it for us.
 *
 * @param at the server's own time
 * @param written up to where the log was safely written then
 * @param quiet number of the next transaction, if none is running: as long as it is the same
 *     nothing was committed
 * @param slot state of our slot as {@code pg_replication_slots.wal_status} says it, {@code lost}
 *     for one; empty if there is none
 * @param received up to where the server takes its log for received by us
 * @param left bytes that may still be written before the slot is lost; empty without a limit
 * @param limited whether the server limits what it keeps for a slot
 * @param switchesWithin how long the server lets a segment with committed work be unfinished
 *     ({@code archive_timeout}); empty if for ever
 * @param archiverFailure what the server's own archiver last failed at, if that is newer than its
 *     last success
 */
public record WalPosition(
    Instant at,
    String systemId,
    int timeline,
    int segmentSize,
    long written,
    OptionalLong quiet,
    Optional<String> slot,
    OptionalLong received,
    OptionalLong left,
    boolean limited,
    Optional<Duration> switchesWithin,
    Optional<String> archiverFailure) {}
