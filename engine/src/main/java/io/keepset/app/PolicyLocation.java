package io.keepset.app;

import java.nio.file.Path;

/** Where policy files are read from. */
public sealed interface PolicyLocation {
  /** As printed. */
  String describe();

  /** A plain directory, uncommitted changes included. */
  record Directory(Path path) implements PolicyLocation {
    @Override
    public String describe() {
      return path.toString();
    }
  }

  /**
   * One revision of a Git repository.
   *
   * @param url a local path, {@code file://}, {@code https://} or {@code ssh://}
   * @param ref branch, tag or commit
   */
  record Repository(String url, String ref) implements PolicyLocation {
    @Override
    public String describe() {
      return url + " at " + ref;
    }
  }
}
