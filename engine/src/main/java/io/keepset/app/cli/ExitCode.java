package io.keepset.app.cli;

/** What a command tells the shell that called it. */
public enum ExitCode {
  /** Done, or nothing to do. */
  DONE(0),
  /** It failed; the reason stands on stderr. */
  FAILED(1),
  /** {@code plan --detailed-exitcode}: changes are pending. */
  CHANGES_PENDING(2),
  /** A guard refused, or the answer to a question was no. */
  REFUSED(3),
  /** The command line itself is wrong. */
  USAGE(64),
  /**
   * {@code wal fetch} could not find out whether the file is there. PostgreSQL takes up to 125 for
   * "it is not there" and would end its recovery early; with more it stops.
   */
  UNKNOWN(126);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
