package io.keepset.spi.wal;

/**
 * Where a physical base backup stands in the log.
 *
 * @param start where replay of it begins
 * @param stop from where on it is consistent
 */
public record BasePoint(String systemId, int timeline, int segmentSize, long start, long stop) {}
