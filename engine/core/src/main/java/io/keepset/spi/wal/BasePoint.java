package io.keepset.spi.wal;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a physical base backup stands in the log.
 *
 * @param start where replay of it begins
 * @param stop from where on it is consistent
 * @param stopped when that was by the server's clock, or a little later: the same that tells the
 *     times of commits. Empty for a backup that does not say
 */
public record BasePoint(
    String systemId,
    int timeline,
    int segmentSize,
    long start,
    long stop,
    Optional<Instant> stopped) {}
