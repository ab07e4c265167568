package io.keepset.app;

import io.keepset.app.git.GitSettings;
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

  /** One revision of a Git repository. */
  record Repository(GitSettings settings) implements PolicyLocation {
    @Override
    public String describe() {
      return settings.shown() + " at " + settings.ref();
    }
  }
}
