package io.keepset.drivers.http;

/** What a server answered instead of doing it. */
public final class Refused extends Exception {
  private final int status;

  Refused(int status, String text) {
    super(text.isBlank() ? "HTTP " + status : text);
    this.status = status;
  }

  /** Of HTTP. */
  public int status() {
    return status;
  }

  /** What it said, scrubbed, at most a few lines. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
