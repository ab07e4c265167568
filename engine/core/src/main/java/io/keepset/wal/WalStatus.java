package io.keepset.wal;

import io.keepset.policy.Protection;
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
 * @param covered how far the archive is known to be complete
 * @param behind bytes that the server has written and the archive has not
 * @param behindSince since when that is not nothing
 * @param kept the slot that the server keeps log by; empty if it pushes
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
    Optional<Covered> covered,
    long behind,
    Optional<Instant> behindSince,
    Optional<String> archiverFailure,
    Optional<Kept> kept) {
  /**
   * Everything that a server committed on a timeline until then is in the archive. It says nothing
   * about another timeline: that may have committed other things at the same time.
   *
   * @param until the server's time
   */
  public record Covered(Instant until, String systemId, int timeline) {}

  /**
   * What the server keeps its log for us by, and how to get there once it is in no policy any more.
   *
   * @param slot its name
   * @param protection as it was when its log was last received
   */
  public record Kept(String slot, Protection protection) {}

  public Optional<Instant> coveredUntil() {
    return covered.map(Covered::until);
  }

  /** The same, with what stands in the way of giving the slot up. */
  public WalStatus leftBehind(Instant now, String why) {
    return new WalStatus(
        database,
        now,
        false,
        Optional.of(why),
        errorSince.or(() -> Optional.of(now)),
        slot,
        left,
        limited,
        covered,
        behind,
        behindSince,
        archiverFailure,
        kept);
  }
}
