package io.keepset.runner;

import io.keepset.policy.ComplianceFields;
import io.keepset.policy.Durations;
import io.keepset.policy.HoldFields;
import io.keepset.policy.Nearest;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.retention.Backup;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Engine;
import io.keepset.spi.Secrets;
import io.keepset.spi.Source;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * All that the runner needs from outside.
 *
 * @param version of this Keepset, for manifests
 * @param engines by name
 * @param suspiciousBelowPercent the setting in force, see {@code
 *     io.keepset.policy.Settings#suspiciousBelowPercent}
 * @param holds besides those that are part of protections, which always count
 */
public record RunnerPorts(
    String version,
    InstantSource clock,
    Catalogue catalogue,
    Leases leases,
    Stores stores,
    SortedMap<String, Engine> engines,
    Secrets secrets,
    BackupIds ids,
    Journal journal,
    IntSupplier suspiciousBelowPercent,
    Holds holds) {
  public RunnerPorts {
    engines = Collections.unmodifiableSortedMap(new TreeMap<>(engines));
    holds = AllHolds.of(catalogue, holds);
  }

  /** The same with other stores. */
  RunnerPorts withStores(Stores other) {
    return new RunnerPorts(
        version,
        clock,
        catalogue,
        leases,
        other,
        engines,
        secrets,
        ids,
        journal,
        suspiciousBelowPercent,
        holds);
  }

  /** To the millisecond: every catalogue and every manifest gives it back as it is. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  public Protection protection(String database) throws DriverException {
    return catalogue
        .protection(database)
        .orElseThrow(
            () ->
                new DriverException(
                    Kind.NOT_FOUND,
                    "no policy is in force for database "
                        + database
                        + hint(database, catalogue.databases())
                        + "; declare it and apply"));
  }

  public Backup backup(String id) throws DriverException {
    return catalogue
        .find(id)
        .orElseThrow(
            () -> new DriverException(Kind.NOT_FOUND, "there is no backup " + id + nearId(id)));
  }

  public Engine engine(String name) throws DriverException {
    Engine engine = engines.get(name);
    if (engine == null) {
      throw new DriverException(
          Kind.REJECTED, "this Keepset has no engine " + name + hint(name, engines.keySet()));
    }
    return engine;
  }

  public OpenStore storeOf(Backup backup) throws DriverException {
    return stores.open(
        backup
            .store()
            .orElseThrow(
                () -> new DriverException(Kind.NOT_FOUND, backup.id() + " has no bytes left")));
  }

  public Source source(Protection protection) {
    return source(protection, secrets);
  }

  /** What an engine is told of a database, for runs and for doctor alike. */
  public static Source source(Protection protection, Secrets secrets) {
    Options options = ComplianceFields.own(HoldFields.own(StoreFields.own(protection.options())));
    return new Source(
        protection.name(),
        protection.connection(),
        protection
            .pointInTime()
            .map(window -> options.with(Source.POINT_IN_TIME, Durations.format(window)))
            .orElse(options),
        secrets);
  }

  private String nearId(String id) {
    String database = BackupIds.database(id).orElse(id);
    if (!catalogue.databases().contains(database)) {
      return hint(database, catalogue.databases());
    }
    return hint(id, catalogue.backups(database).stream().map(Backup::id).toList());
  }

  /** {@code (did you mean orders?)}, or nothing. */
  private static String hint(String word, Collection<String> known) {
    return Nearest.to(word, known).map(name -> " (did you mean " + name + "?)").orElse("");
  }
}
