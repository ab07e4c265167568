package io.keepset.spi.wal;

import java.time.Instant;

/** Where replay of the log ends. */
public sealed interface WalTarget {
  /** As PostgreSQL's setting is called: {@code recovery_target_time}. */
  String setting();

  /** The value of that setting. */
  String value();

  /** The last commit that is not later. */
  record Time(Instant at) implements WalTarget {
    @Override
    public String setting() {
      return "recovery_target_time";
    }

    @Override
    public String value() {
      return at.toString();
    }
  }

  /** The record at or after this position is the last. */
  record Position(long lsn) implements WalTarget {
    @Override
    public String setting() {
      return "recovery_target_lsn";
    }

    @Override
    public String value() {
      return Lsn.format(lsn);
    }
  }

  /** A named restore point. */
  record Name(String name) implements WalTarget {
    @Override
    public String setting() {
      return "recovery_target_name";
    }

    @Override
    public String value() {
      return name;
    }
  }

  /** As soon as the base backup is consistent. */
  record Consistent() implements WalTarget {
    @Override
    public String setting() {
      return "recovery_target";
    }

    @Override
    public String value() {
      return "immediate";
    }
  }
}
