package io.keepset.drivers.engine;

import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A real database of one engine, for {@link EngineContract}. What an engine has no notion of (a
 * directory has no password) is empty, and the law about it is skipped with that reason.
 */
public interface EngineLab extends AutoCloseable {
  Engine engine();

  /** Makes a small database with everything in it that the engine promises to bring back. */
  Source small();

  /** Makes a database whose dump has at least this many bytes. */
  Source big(long bytes);

  /** Everything in a database, order and physical places aside, as text to compare. */
  String content(Source source);

  /** The same of what a restore made. */
  String content(RestoreReport restored);

  /** Changes the database, so that a restore over it has something to undo. */
  void spoil(Source source);

  /** What databases or directories there are, to see whether something was left behind. */
  List<String> inventory();

  /** Does a restore into something new find a name by itself? */
  default boolean choosesNames() {
    return true;
  }

  /** A name for a restore that nothing has yet. */
  String freshName();

  /** A name that is taken. */
  String takenName();

  /**
   * The engine's own program that reads an artifact, or the usual one for its format; empty if this
   * machine has none. It ends with 0 if it likes the file.
   */
  default Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.empty();
  }

  /** Artifacts of other programs, and things that are none. */
  List<byte[]> foreign();

  /** Ends what serves the dump that is under way, as a crash would. */
  Optional<Runnable> serverDeath(Source source);

  /** The same database with a wrong password. */
  Optional<Source> wrongPassword(Source source);

  /** The same database by a login that may connect and not read. */
  Optional<Source> withoutRights(Source source);

  /** The same database with the engine's programs out of reach. */
  Optional<Source> withoutTools(Source source);

  /** The password in {@link #small()}. */
  Optional<String> secret();

  @Override
  void close();
}
