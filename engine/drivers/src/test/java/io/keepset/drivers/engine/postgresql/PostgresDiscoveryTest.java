package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.drivers.lab.PostgresLab;
import io.keepset.plan.Change;
import io.keepset.plan.Plan;
import io.keepset.plan.PlanText;
import io.keepset.plan.Revision;
import io.keepset.plan.Samples;
import io.keepset.policy.Instance;
import io.keepset.policy.Instance.Exclusion;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.reconcile.Listing;
import io.keepset.reconcile.Undeclared;
import io.keepset.spi.Discovery;
import io.keepset.spi.Discovery.Found;
import io.keepset.spi.Engine;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real server is asked which databases it has. */
class PostgresDiscoveryTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  private static final String ODD = "Odd\ttab; and \"quote\"";
  private static final Map<String, Engine> ENGINES = Map.of("postgresql", new PostgresEngine());

  private static PostgresLab server;

  @BeforeAll
  static void start() {
    server = PostgresLab.start();
    for (String name : List.of("orders", "legacy", "scratch", "over", ODD)) {
      server.execute("postgres", "create database " + Psql.identifier(name));
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void listsEveryDatabaseWithItsSizeAndKnowsTheServersOwn() throws Exception {
    List<Found> found =
        Listing.ask(List.of(instance(Map.of())), ENGINES, secrets()).get("db1").databases();

    assertThat(found)
        .filteredOn(one -> !one.system())
        .extracting(Found::database)
        .containsExactlyInAnyOrder("orders", "legacy", "scratch", "over", ODD);
    assertThat(found)
        .filteredOn(Found::system)
        .extracting(Found::database)
        .containsExactlyInAnyOrder("postgres", "template0", "template1");
    assertThat(found).filteredOn(one -> !one.system()).allMatch(one -> one.bytes().isPresent());
  }

  @Test
  void whatIsNeitherDeclaredNorExcludedIsAFindingOfThePlan() {
    Instance instance =
        instance(
            Map.of(
                "scratch",
                new Exclusion("filled anew", Optional.empty()),
                ODD,
                new Exclusion("odd", Optional.of(TODAY.plusDays(1))),
                "over",
                new Exclusion("was enough", Optional.of(TODAY))));
    Protection orders = Samples.nightly("orders");
    Protection declared =
        orders
            .change()
            .engine("postgresql")
            .connection(
                Options.of(Map.of("host", "LOCALHOST", "port", String.valueOf(server.port()))))
            .options(Options.NONE)
            .build();
    SortedMap<String, Listing> listings = Listing.ask(List.of(instance), ENGINES, secrets());

    Undeclared undeclared =
        Undeclared.find(List.of(declared), List.of(instance), listings, ENGINES, TODAY);
    Plan plan = undeclared.addTo(new Plan(Revision.DIRECTORY, Mode.FULL, List.of(), List.of()));

    assertThat(undeclared.changes())
        .extracting(change -> change.target().name())
        .containsExactly("db1/legacy", "db1/over");
    assertThat(undeclared.changes())
        .extracting(change -> change.findings().get(0).code())
        .containsOnly("plan.undeclared");
    assertThat(undeclared.notes()).isEmpty();
    assertThat(plan.hasChanges()).isFalse();
    assertThat(PlanText.print(plan, List.of(), false))
        .contains("! db1/legacy", "a.yaml:3", "2 undeclared", "its exclusion ended on 2026-11-22");
  }

  @Test
  void anInstanceThatCannotBeAskedIsAWarningAndNoFailure() {
    Instance dead =
        new Instance(
            "db1",
            "postgresql",
            Options.of(Map.of("host", "127.0.0.1", "port", "1", "connect_timeout", "2")),
            Options.NONE,
            true,
            new TreeMap<>(),
            new Location("a.yaml", 3, 3));

    Undeclared undeclared =
        Undeclared.find(
            List.of(),
            List.of(dead),
            Listing.ask(List.of(dead), ENGINES, secrets()),
            ENGINES,
            TODAY);

    assertThat(undeclared.changes()).extracting(Change::target).isEmpty();
    assertThat(undeclared.notes())
        .singleElement()
        .returns("plan.discovery", Diagnostic::code)
        .returns(new Location("a.yaml", 3, 3), Diagnostic::at);
  }

  @Test
  void placesAreComparedAsTheyAreWritten() {
    Discovery discovery = new PostgresEngine().discovery().orElseThrow();

    assertThat(discovery.place("a", Options.of(Map.of("host", "127.0.0.1"))))
        .isEqualTo(discovery.place("x", Options.of(Map.of("database", "a", "port", "5432"))))
        .isEqualTo("localhost:5432/a");
    assertThat(discovery.place("a", Options.of(Map.of("host", "/Run")))).isEqualTo("/Run:5432/a");
  }

  private static Secrets secrets() {
    return reference -> new Secret(server.password());
  }

  private static Instance instance(Map<String, Exclusion> excluded) {
    return new Instance(
        "db1",
        "postgresql",
        Options.of(
            Map.of(
                "host",
                server.host(),
                "port",
                String.valueOf(server.port()),
                "user",
                PostgresLab.SUPERUSER,
                "password",
                "env:LAB")),
        Options.NONE,
        true,
        new TreeMap<>(excluded),
        new Location("a.yaml", 3, 3));
  }
}
