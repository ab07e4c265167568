package io.keepset.app.cli;

import io.keepset.spi.wal.Lsn;
import io.keepset.spi.wal.WalTarget;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One of the ways to name a point in time. */
final class PointInTimeTarget {
  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = "The last commit that is not later: 2026-11-20T14:03:00+01:00.")
  private @Nullable String time;

  @Option(names = "--to-lsn", paramLabel = "LSN", description = "A position in the log: 0/3000028.")
  private @Nullable String lsn;

  @Option(
      names = "--to-name",
      paramLabel = "NAME",
      description = "A point that pg_create_restore_point() named.")
  private @Nullable String name;

  WalTarget target() throws CommandException {
    if (time != null) {
      try {
        return new WalTarget.Time(OffsetDateTime.parse(time).toInstant());
      } catch (DateTimeException e) {
        throw new CommandException(
            ExitCode.USAGE,
            "--to-time wants a time with its offset, such as 2026-11-20T14:03:00+01:00 or"
                + " 2026-11-20T13:03:00Z, not "
                + time);
      }
    }
    if (lsn != null) {
      String text = lsn;
      return new WalTarget.Position(
          Lsn.parse(text)
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.USAGE,
                          "--to-lsn wants a position such as 0/3000028, not " + text)));
    }
    return new WalTarget.Name(String.valueOf(name));
  }
}
