package io.keepset.app.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.runner.Leases;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStateTest extends StateContract {
  private static final Path UNUSED = Path.of("unused");
  private static PostgresStates states;

  private String database;
  private StateSettings settings;

  @BeforeAll
  static void startServer() {
    states = new PostgresStates();
  }

  @AfterAll
  static void stopServer() {
    if (states != null) {
      states.close();
    }
  }

  @Override
  StateSettings empty() throws DriverException {
    database = states.newDatabase();
    settings = states.settings(UNUSED, database, "env:LAB");
    return settings;
  }

  @Override
  Secrets secrets() {
    return states.secrets();
  }

  @Test
  void nodesShareTheStateAndItsLeases() throws Exception {
    try (StateDatabase other = StateDatabase.open(settings, secrets())) {
      Leases.Lease lease = state().leases().tryAcquire("run/orders").orElseThrow();

      assertThat(other.leases().tryAcquire("run/orders")).isEmpty();
      lease.close();
      assertThat(other.leases().tryAcquire("run/orders")).isPresent();
    }
  }

  @Test
  void aLeaseThatItsOwnerNoLongerRenewsEnds() throws Exception {
    try (StateDatabase other = StateDatabase.open(settings, secrets())) {
      Leases.Lease lease = state().leases().tryAcquire("run/orders").orElseThrow();
      states
          .server()
          .execute(
              database, "update lease set held_until = current_timestamp - interval '1' second");

      assertThat(other.leases().tryAcquire("run/orders")).isPresent();
      lease.close();
      assertThat(state().leases().tryAcquire("run/orders")).isEmpty();
    }
  }

  @Test
  void aWrongPasswordIsDeniedWithoutShowingIt() throws Exception {
    StateSettings wrong = states.settings(UNUSED, database, "not-the-password");

    assertThatThrownBy(() -> StateDatabase.open(wrong, secrets()))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
        .hasMessageContaining("does not let user postgres in")
        .hasMessageContaining("KEEPSET_STATE_PASSWORD")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() throws Exception {
    assertThatThrownBy(
            () -> StateDatabase.open(states.settings(UNUSED, "nosuch", "env:LAB"), secrets()))
        .hasMessageContaining("can't be opened")
        .hasMessageContaining("database \"nosuch\" does not exist");
  }

  @Test
  void refusesAddressesThatAreNoPostgresOrHoldAPassword() {
    assertThatThrownBy(
            () -> StateSettings.of(Path.of("x"), Map.of(StateSettings.URL, "jdbc:mysql://x/y")))
        .hasMessageStartingWith("KEEPSET_STATE_URL must be the JDBC address of a PostgreSQL");
    assertThatThrownBy(
            () ->
                StateSettings.of(
                    Path.of("x"),
                    Map.of(StateSettings.URL, "jdbc:postgresql://x/y?user=a&password=geheim")))
        .hasMessage(
            "KEEPSET_STATE_URL must not hold a password; put it into KEEPSET_STATE_PASSWORD");
  }
}
