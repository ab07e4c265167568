package io.keepset.runner;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names backups: {@code orders-20261121T020700Z-x7k2}, unique and in order of time. */
public final class BackupIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern ID =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]{0,62})-[0-9]{8}T[0-9]{6}Z-[0-9a-z]{4}");
  private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";

  private final RandomGenerator random;

  public BackupIds(RandomGenerator random) {
    this.random = random;
  }

  public String next(String database, Instant time) {
    StringBuilder id = new StringBuilder(database).append('-').append(TIME.format(time));
    id.append('-');
    for (int i = 0; i < 4; i++) {
      id.append(BASE36.charAt(random.nextInt(BASE36.length())));
    }
    return id.toString();
  }

  /** The database that an id belongs to; empty if it is no backup's id. */
  public static Optional<String> database(String id) {
    Matcher matcher = ID.matcher(id);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
