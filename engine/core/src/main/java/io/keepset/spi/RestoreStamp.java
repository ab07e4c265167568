package io.keepset.spi;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The moment of a restore in the names of what it makes, {@code
 * orders_restored_20260102t030405678}: in UTC and to the millisecond, so that restores that begin
 * in one second get names of their own.
 */
public final class RestoreStamp {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmssSSS").withZone(ZoneOffset.UTC);

  private RestoreStamp() {}

  public static String of(Instant now) {
    return FORMAT.format(now);
  }
}
