package io.keepset.wal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How receiving a database's log stands, as whoever does it last wrote down.
 *
 * @param at when that was
 * @param receiving whether a receiver runs, or the server pushes
 * @param error what is in the way; no secrets
 * @param errorSince since when
 * @param slot state of the slot on the server: {@code reserved}, {@code lost}, …
 * @param left bytes until the slot is lost
 * @param limited whether the server limits what it keeps for the slot
 * @param coveredUntil everything that was committed until then is in the archive; server's time
 * @param behind bytes that the server has written and the archive has not
 * @param behindSince since when that is not nothing
 * @param archiverFailure what the server's own archiver failed at
 */
public record WalStatus(
    String database,
    Instant at,
    boolean receiving,
    Optional<String> error,
    Optional<Instant> errorSince,
    Optional<String> slot,
    OptionalLong left,
    boolean limited,
    Optional<Instant> coveredUntil,
    long behind,
    Optional<Instant> behindSince,
    Optional<String> archiverFailure) {}
