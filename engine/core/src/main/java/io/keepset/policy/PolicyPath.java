package io.keepset.policy;

import io.keepset.source.Spelling;

/** Which files of a directory or a commit are policy files. */
public final class PolicyPath {
  private PolicyPath() {}

  /**
   * True for every path whose extension names a spelling, unless it or a folder on the way to it is
   * hidden: {@code .github/workflows/ci.yaml} is no policy file.
   *
   * @param path relative to the policy root, with forward slashes
   */
  public static boolean counts(String path) {
    return Spelling.of(path).isPresent() && !path.startsWith(".") && !path.contains("/.");
  }
}
