package io.keepset.policy;

/**
 * How much one plan may cost before it needs an approval.
 *
 * @param backupsDeleted of all live backups
 * @param databasesDisabled of all declared databases
 */
public record Limits(Belt backupsDeleted, Belt databasesDisabled) {
  public static final Limits DEFAULT = new Limits(new Belt(10, 25), new Belt(10, 1));

  /** A limit in two measures; a plan that exceeds either one is refused. */
  public record Belt(int percent, int count) {}
}
