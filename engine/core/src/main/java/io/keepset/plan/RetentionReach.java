package io.keepset.plan;

/** How a platform's retention treats the backups that were made before it changed. */
public enum RetentionReach {
  /** Old backups too, at once. */
  REACHES_BACK("reaches back to old backups at once"),
  /** Old backups too, but only when the next run has been made. */
  NEXT_RUN("reaches back to old backups with the next run"),
  /** Backups keep the rules under which they were made. */
  NEW_ONLY("reaches new backups only"),
  /** The platform lets nothing go by itself. */
  NEVER("lets nothing go by itself");

  private final String words;

  RetentionReach(String words) {
    this.words = words;
  }

  /** For people, behind the name of the platform. */
  public String words() {
    return words;
  }

  /** True if a change can cost backups that exist already. */
  public boolean touchesOld() {
    return switch (this) {
      case REACHES_BACK, NEXT_RUN -> true;
      case NEW_ONLY, NEVER -> false;
    };
  }
}
