package io.keepset.runner;

import io.keepset.retention.Backup;
import io.keepset.retention.Holding;
import java.util.List;
import java.util.function.Function;

/** Those that the catalogue's protections carry, and the others. */
record AllHolds(Catalogue catalogue, Holds others) implements Holds {
  static Holds of(Catalogue catalogue, Holds others) {
    return others instanceof AllHolds ? others : new AllHolds(catalogue, others);
  }

  @Override
  public List<String> on(Backup backup) {
    return of(backup.database()).apply(backup);
  }

  @Override
  public Function<Backup, List<String>> of(String database) {
    Holding declared = catalogue.protection(database).map(Holding::in).orElse(Holding.NONE);
    return declared.with(others.of(database));
  }

  @Override
  public Holding byHand(String database) {
    return others.byHand(database);
  }
}
