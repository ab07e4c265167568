package io.keepset.app;

import io.keepset.app.state.Audit;
import io.keepset.app.state.HoldTable;
import io.keepset.app.state.HoldTable.Row;
import io.keepset.app.state.StateDatabase;
import io.keepset.policy.DeclaredHold;
import io.keepset.policy.HeldDays;
import io.keepset.policy.Hold;
import io.keepset.policy.Nearest;
import io.keepset.policy.Protection;
import io.keepset.retention.Backup;
import io.keepset.retention.Holding;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Holds;
import io.keepset.spi.DriverException;
import io.keepset.spi.HoldOperations;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The holds in the state. Nothing is remembered between two questions, so that a hold which another
 * node made counts at once.
 */
final class LocalHolds implements HoldOperations, Holds {
  private final HoldTable table;
  private final Catalogue catalogue;
  private final Function<String, Optional<Protection>> ended;
  private final Audit audit;
  private final InstantSource clock;

  LocalHolds(StateDatabase state, InstantSource clock) {
    this.table = state.holds();
    this.catalogue = state.catalogue();
    this.ended = state::ended;
    this.audit = state.audit();
    this.clock = clock;
  }

  @Override
  public List<String> on(Backup backup) {
    return of(backup.database()).apply(backup);
  }

  @Override
  public Function<Backup, List<String>> of(String database) {
    return holding(database, table.all());
  }

  @Override
  public Holding byHand(String database) {
    return holding(database, table.all().stream().filter(row -> row.kind() != Kind.FILES).toList());
  }

  private Holding holding(String database, List<Row> rows) {
    if (rows.isEmpty()) {
      return Holding.NONE;
    }
    Map<Long, ? extends Set<String>> covered = table.covered();
    Known known = known(database);
    List<Holding.Held> held = new ArrayList<>();
    for (Row row : rows) {
      if (covers(row, known, covered)) {
        held.add(new Holding.Held(row.hold().name(), row.hold().days(known.zone())));
      }
    }
    return new Holding(held);
  }

  /** What is known of a database, if it is no longer declared from the time when it was. */
  private record Known(String name, Map<String, String> labels, ZoneId zone) {
    static Known of(String name, Optional<Protection> protection) {
      return new Known(
          name,
          protection.<Map<String, String>>map(Protection::labels).orElse(Map.of()),
          protection.map(Protection::zone).orElse(ZoneOffset.UTC));
    }
  }

  private Known known(String database) {
    return Known.of(database, catalogue.protection(database).or(() -> ended.apply(database)));
  }

  private static boolean covers(Row row, Known database, Map<Long, ? extends Set<String>> covered) {
    Set<String> forGood = covered.get(row.id());
    return (forGood != null && forGood.contains(database.name()))
        || row.hold().covers(database.name(), database.labels());
  }

  @Override
  public List<InForce> list() {
    List<Row> rows = table.all();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, ? extends Set<String>> covered = table.covered();
    List<Known> databases = databases();
    List<InForce> holds = new ArrayList<>();
    for (Row row : rows) {
      SortedMap<String, HeldDays> days = new TreeMap<>();
      for (Known database : databases) {
        if (covers(row, database, covered)) {
          days.put(database.name(), row.hold().days(database.zone()));
        }
      }
      holds.add(new InForce(row.hold(), row.kind(), row.place(), row.since(), row.by(), days));
    }
    return holds;
  }

  private List<Known> databases() {
    SortedMap<String, Protection> protections = catalogue.protections();
    List<Known> databases = new ArrayList<>();
    for (String name : catalogue.databases()) {
      databases.add(
          Known.of(name, Optional.ofNullable(protections.get(name)).or(() -> ended.apply(name))));
    }
    return databases;
  }

  @Override
  public void add(Hold hold, String by) throws DriverException {
    List<Row> rows = table.all();
    for (Row row : rows) {
      if (row.hold().name().equals(hold.name())) {
        throw new DriverException(
            DriverException.Kind.REJECTED,
            "there is a hold "
                + hold.name()
                + " already"
                + (row.kind() == Kind.FILES ? ", at " + row.place() : ", by " + row.by())
                + "; choose another name");
      }
    }
    table.add(hold, Kind.HAND, "", clock.instant(), by);
    for (Row row : table.all()) {
      if (row.kind() == Kind.HAND && row.hold().name().equals(hold.name())) {
        for (Known database : databases()) {
          if (hold.covers(database.name(), database.labels())) {
            table.cover(row.id(), database.name());
          }
        }
      }
    }
    note(by, "hold.add", hold.name(), hold.reason());
  }

  @Override
  public void end(String name, String reason, String by) throws DriverException {
    TreeSet<String> known = new TreeSet<>();
    boolean found = false;
    for (Row row : table.all()) {
      known.add(row.hold().name());
      if (row.hold().name().equals(name)) {
        if (row.kind() == Kind.FILES) {
          throw new DriverException(
              DriverException.Kind.REJECTED,
              "hold "
                  + name
                  + " stands in the policies at "
                  + row.place()
                  + ": remove it there, and let the plan be approved");
        }
        found = true;
      }
    }
    if (!found) {
      throw new DriverException(
          DriverException.Kind.NOT_FOUND,
          "there is no hold "
              + name
              + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse(""));
    }
    // Who ended it is written down before it ends: better an entry too many than one too few.
    note(by, "hold.end", name, reason);
    for (Row row : table.all()) {
      if (row.kind() != Kind.FILES && row.hold().name().equals(name)) {
        table.remove(row.id());
      }
    }
  }

  /**
   * Makes the holds in files those of these files.
   *
   * @param whole also forgets what is no longer in them; otherwise only adds
   */
  void takeUp(Collection<DeclaredHold> declared, boolean whole) {
    Instant now = clock.instant();
    List<Row> rows = table.all().stream().filter(row -> row.kind() != Kind.HAND).toList();
    for (DeclaredHold one : declared) {
      String place = one.at().toString();
      Optional<Row> same =
          rows.stream()
              .filter(row -> row.kind() == Kind.FILES && row.hold().equals(one.hold()))
              .findFirst();
      if (same.isEmpty()) {
        table.add(one.hold(), Kind.FILES, place, now, "policies");
      } else if (!same.get().place().equals(place)) {
        table.move(same.get().id(), Kind.FILES, place);
      }
    }
    if (whole) {
      List<Hold> wanted = declared.stream().map(DeclaredHold::hold).toList();
      for (Row row : rows) {
        if (row.kind() == Kind.FILES && !wanted.contains(row.hold())) {
          letGo(row, wanted);
        }
      }
    }
  }

  /**
   * The end of a hold on declared databases stood in the plan. That on others did not, so it goes
   * on for them.
   */
  private void letGo(Row row, List<Hold> wanted) {
    boolean stillHeld = wanted.stream().anyMatch(hold -> holdsAll(hold, row.hold()));
    boolean keepsOrphans =
        !stillHeld
            && databases().stream()
                .filter(known -> row.hold().covers(known.name(), known.labels()))
                .anyMatch(known -> catalogue.protection(known.name()).isEmpty());
    if (keepsOrphans) {
      table.move(row.id(), Kind.LEFT, "");
    } else {
      table.remove(row.id());
    }
  }

  private static boolean holdsAll(Hold hold, Hold other) {
    return hold.name().equals(other.name())
        && hold.databases().containsAll(other.databases())
        && (other.labels().isEmpty()
            || (!hold.labels().isEmpty()
                && other.labels().entrySet().containsAll(hold.labels().entrySet())))
        && hold.days(ZoneOffset.UTC).covers(other.days(ZoneOffset.UTC));
  }

  private void note(String by, String action, String name, String detail) {
    audit.add(new Audit.Entry(clock.instant(), by, action, name, Optional.of(detail)));
  }
}
