package io.keepset.spi;

import io.keepset.policy.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How an engine proves an artifact by a restore: it starts an instance of its own on this machine,
 * which lives only for that and which nobody else can reach. The restore itself is {@link
 * Engine#restore}, the same that people would run.
 */
public interface Scratch {
  /** What is started, or why nothing can be; one clause without a full stop, for the docs. */
  String describe();

  /** The same of what the engine backs up in another way. */
  default String describe(EngineFacts.Other way) {
    return describe();
  }

  /**
   * What keeps this machine from starting one, and what to do about it; empty if nothing does.
   * Looks, but starts no server.
   *
   * @param options of the database, as they may say where programs lie
   */
  Optional<String> missing(Options options);

  /**
   * Starts an instance that this artifact may be restored into.
   *
   * @throws DriverException REJECTED if the servers here are older than the artifact (with both
   *     versions), programs are missing or space is short; nothing is left behind then
   */
  Instance start(Wanted wanted) throws DriverException;

  /**
   * What an instance is started for.
   *
   * @param bytes of the artifact, unpacked
   * @param options of the database
   * @param place existing directory; everything happens in a directory of its own in there
   */
  record Wanted(ArtifactFacts facts, long bytes, Options options, Path place) {}

  /** One that runs, and is empty. One thread at a time. */
  interface Instance extends AutoCloseable {
    /** For people: {@code PostgreSQL 15.18}. */
    String describe();

    /** To restore into. */
    Source target();

    RestoreRequest request();

    /**
     * Looks at what the restore made, beside what the artifact's facts say.
     *
     * @throws DriverException if it can't be looked at, which is no verdict about the artifact
     */
    Comparison compare(RestoreReport restored) throws DriverException;

    /** Ends the instance and removes all that it left. Closing twice is harmless; never throws. */
    @Override
    void close();
  }

  /**
   * What came back.
   *
   * @param found what was compared, and with what: {@code 42 tables}, {@code 3 views as at the
   *     dump}
   * @param differences from what the artifact should hold; empty if it is proven
   */
  record Comparison(List<String> found, List<String> differences) {
    public Comparison {
      found = List.copyOf(found);
      differences = List.copyOf(differences);
    }
  }

  /**
   * Of an engine that can't start an instance.
   *
   * @param why with what a backup is verified by instead
   */
  static Scratch none(String why) {
    return new Scratch() {
      @Override
      public String describe() {
        return "none: " + why;
      }

      @Override
      public Optional<String> missing(Options options) {
        return Optional.of(why);
      }

      @Override
      public Instance start(Wanted wanted) throws DriverException {
        throw new DriverException(DriverException.Kind.REJECTED, why);
      }
    };
  }
}
