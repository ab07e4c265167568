package io.keepset.spi.wal;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The write-ahead log of one kind of database: how to receive it, to read it, and to have it
 * replayed. Safe for several threads.
 */
public interface WriteAheadLog {
  /** A format of artifact that log can be replayed on. */
  Optional<BasePoint> base(ArtifactFacts facts);

  /**
   * Starts to receive the log into a directory: finished segments under their names, the one being
   * written with {@code .partial}. Goes on behind the newest finished segment that lies there.
   *
   * @param slot what the server keeps its log by until we have it; made if it is not there
   */
  WalReceiver receive(Source source, Path directory, String slot) throws DriverException;

  WalPosition position(Source source, String slot) throws DriverException;

  /**
   * What the server knows of how a timeline came about, word for word.
   *
   * @param timeline of this server, not its first
   */
  String history(Source source, int timeline) throws DriverException;

  /** Makes the server keep nothing for us any more; no such slot is success. */
  void release(Source source, String slot) throws DriverException;

  /**
   * Reads a segment to its end and checks every record.
   *
   * @throws DriverException DAMAGED if it is not a segment, or a record in it is not whole
   */
  default WalScan scan(InputStream segment) throws DriverException {
    return scan(segment, 0);
  }

  /**
   * The same, but of commits and rollbacks only those are told that lie at or behind a position.
   *
   * @param from the position
   */
  WalScan scan(InputStream segment, long from) throws DriverException;

  /**
   * Makes a restored base backup replay the log when it is started: up to the target, then open for
   * writing. It archives nothing of its own.
   *
   * @param timeline where it goes
   * @param fetch command that brings {@code %f} to {@code %p}
   */
  void prepare(Path restored, BasePoint base, int timeline, WalTarget target, String fetch)
      throws DriverException;
}
