package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.app.state.Audit;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.TerraformStateRules;
import io.keepset.spi.DriverException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What states promise in either database, to two who work on it at once. */
@Timeout(300)
abstract class KeptStatesContract extends StateLocksContract {
  @Test
  void whatIsWrittenIsReadBackByteByByteAndWhatWasBeforeIsKept() throws Exception {
    assertThat(states.read("prod")).isEmpty();
    byte[] odd = {0, -1, 13, 10, 34, 123};
    assertDone(states.write("prod", odd, Optional.empty(), CI));
    assertDone(others.write("prod", state(7, "b"), Optional.empty(), OTHER));

    assertThat(states.read("prod")).hasValueSatisfying(b -> assertThat(b).isEqualTo(state(7, "b")));
    assertThat(others.read("prod", 1)).hasValueSatisfying(b -> assertThat(b).isEqualTo(odd));
    assertThat(operations().history("prod"))
        .extracting(
            StateOperations.Made::version,
            StateOperations.Made::by,
            StateOperations.Made::serial,
            StateOperations.Made::program)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                2L, "other", OptionalLong.of(7), Optional.of("1.11.4")),
            org.assertj.core.groups.Tuple.tuple(1L, "ci", OptionalLong.empty(), Optional.empty()));
  }

  @Test
  void theSameContentAgainIsNoNewVersion() throws Exception {
    assertDone(states.lock("prod", lock("1"), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));
    assertDone(states.unlock("prod", Optional.of("1"), false, CI));
    assertDone(states.unlock("prod", Optional.of("1"), false, CI));
    assertDone(states.write("prod", state(1, "a"), Optional.of("1"), CI));

    assertThat(operations().history("prod")).hasSize(1);
    assertThat(audit()).hasSize(1);
  }

  @Test
  void aDeletedStateIsGoneAndComesBackByARollback() throws Exception {
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertDone(states.delete("prod", Optional.empty(), CI));
    assertThat(states.read("prod")).isEmpty();
    assertThat(operations().list().get(0).newest().orElseThrow().action()).isEqualTo("delete");

    StateOperations.Made made = operations().rollback("prod", 1, ADMIN);

    assertThat(made.version()).isEqualTo(3);
    assertThat(made.from()).isEqualTo(OptionalLong.of(1));
    assertThat(newest("prod")).isEqualTo(new String(state(1, "a"), UTF_8));
    assertThat(operations().rollback("prod", 1, ADMIN).version()).isEqualTo(3);
    assertThat(audit())
        .extracting(Audit.Entry::action)
        .containsExactly(
            "terraform.state.rollback", "terraform.state.delete", "terraform.state.write");
  }

  @Test
  void aRollbackSaysWhatIsInItsWay() throws Exception {
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    assertDone(states.write("prod", state(2, "b"), Optional.empty(), CI));
    assertDone(states.lock("prod", lock("1"), CI));

    assertThatThrownBy(() -> operations().rollback("prod", 1, ADMIN))
        .hasMessageStartingWith("state prod is locked by 1 of me@here, OperationTypeApply, since");
    assertThatThrownBy(() -> operations().rollback("prod", 8, ADMIN))
        .hasMessageContaining("state prod has no version 8");
    assertThatThrownBy(() -> operations().rollback("prd", 1, ADMIN))
        .hasMessageContaining("did you mean prod?");
    assertThatThrownBy(() -> operations().unlock("prod", "2", ADMIN))
        .hasMessageContaining("is not locked by 2 but by 1 of me@here");
    operations().unlock("prod", "1", ADMIN);
    assertThatThrownBy(() -> operations().unlock("prod", "1", ADMIN))
        .hasMessage("state prod is not locked");
  }

  @Test
  void versionsGoByTheRetentionWhenOneIsWritten() throws Exception {
    rules =
        new TerraformStateRules(
            new Retention(
                2, new TreeMap<>(Map.of(Tier.DAILY, 3)), new TreeMap<>(), Retention.FOREVER, 1),
            1 << 20,
            Duration.ofHours(4),
            rules.key());
    for (int i = 1; i <= 12; i++) {
      assertDone(states.write("prod", state(i, "x"), Optional.empty(), CI));
      now = now.plus(Duration.ofHours(8));
    }

    // At 4, 12 and 20 o'clock: the newest two, and the last of three days.
    assertThat(operations().history("prod"))
        .extracting(StateOperations.Made::version)
        .containsExactly(12L, 11L, 8L);
    assertThat(states.read("prod", 11)).isPresent();
    assertThat(states.read("prod", 10)).isEmpty();
    assertThat(audit().get(0).detail().orElseThrow()).contains("no longer kept: 2 versions");
  }

  @Test
  void theNewestStaysEvenIfTheClockWentBack() throws Exception {
    rules =
        new TerraformStateRules(
            new Retention(1, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 0),
            1 << 20,
            Duration.ofHours(4),
            rules.key());
    assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
    now = now.minus(Duration.ofDays(3));
    assertDone(states.write("prod", state(2, "b"), Optional.empty(), CI));

    assertThat(newest("prod")).isEqualTo(new String(state(2, "b"), UTF_8));
  }

  @Test
  void contentsAreSealedAndDoNotOpenInAnotherPlace() throws Exception {
    assertDone(states.write("prod", state(1, "geheim"), Optional.empty(), CI));
    assertDone(states.write("test", state(1, "public"), Optional.empty(), CI));
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update terraform_state_content set content = (select content from"
              + " terraform_state_content where state_name = 'prod') where state_name = 'test'");
      statement.execute(
          "update terraform_state_version set size_bytes = (select size_bytes from"
              + " terraform_state_version where state_name = 'prod') where state_name = 'test'");
    }

    assertThat(newest("prod")).contains("geheim");
    assertThatThrownBy(() -> states.read("test"))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DAMAGED))
        .hasMessageContaining("terraform/state/test/1 is not what was sealed");
  }

  @Test
  void withoutAKeyNobodyGetsALock() throws Exception {
    rules = new TerraformStateRules(ALL, 1 << 20, Duration.ofHours(4), Optional.empty());
    if (!database.dialect().shared()) {
      assertDone(states.write("prod", state(1, "a"), Optional.empty(), CI));
      Files.delete(data.resolve("keys").resolve("backup.key"));
    }

    assertThatThrownBy(() -> states.lock("prod", lock("1"), CI))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DENIED))
        .hasMessageContaining("key");
    assertThat(data.resolve("keys").resolve("backup.key")).doesNotExist();
    assertThat(operations().list()).allMatch(kept -> kept.lock().isEmpty());
  }
}
