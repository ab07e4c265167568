package io.keepset.terraform.read;

import io.keepset.policy.Resolved;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Plans policies that need not be in force. Asking changes nothing. Safe for several threads. */
public interface Trials {
  /**
   * A commit of the repository that is followed.
   *
   * @param commit its id, or at least seven characters of it
   * @return empty if it is not here; nobody is asked for it
   */
  Optional<Trial> ofCommit(String commit) throws DriverException;

  /**
   * Files that somebody submits.
   *
   * @param overFollowed they are laid over those of the revision that is followed; otherwise they
   *     are all there is
   */
  Trial ofFiles(List<SourceFile> files, boolean overFollowed) throws DriverException;

  /**
   * The databases of the revision that is followed.
   *
   * @throws DriverException TRANSIENT if none was read yet
   */
  Collection<Resolved> declared() throws DriverException;
}
