package io.keepset.plan;

/**
 * The state of the policy files that a plan is for.
 *
 * @param id commit id in full; {@code directory} for files that are in no repository
 * @param dirty true if files on disk differ from that commit
 */
public record Revision(String id, boolean dirty) {
  public static final Revision DIRECTORY = new Revision("directory", false);

  /** As printed: {@code commit 3fa9c1e}, {@code commit 3fa9c1e with uncommitted changes}. */
  public String describe() {
    if (id.equals(DIRECTORY.id)) {
      return "this directory";
    }
    String commit = "commit " + id.substring(0, Math.min(7, id.length()));
    return dirty ? commit + " with uncommitted changes" : commit;
  }
}
