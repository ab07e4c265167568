package io.keepset.app.terraform.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.app.state.Audit;
import io.keepset.app.state.StateDatabase;
import io.keepset.app.store.KeyFile;
import io.keepset.policy.Retention;
import io.keepset.policy.TerraformStateRules;
import io.keepset.spi.DriverException;
import io.keepset.spi.Secret;
import io.keepset.terraform.state.Outcome;
import io.keepset.terraform.state.Outcome.Kind;
import io.keepset.terraform.state.StateLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** States in a database that two work on at once, with keys and a clock. */
abstract class KeptStatesFrame {
  static final Caller CI = new Caller("ci", Role.OPERATOR);

  static final Caller OTHER = new Caller("other", Role.OPERATOR);

  static final Caller ADMIN = new Caller("admin", Role.ADMIN);

  static final Retention ALL =
      new Retention(0, new TreeMap<>(), new TreeMap<>(), Retention.FOREVER, 1);

  @TempDir Path data;

  StateDatabase database;

  StateDatabase second;

  Instant now = Instant.parse("2026-11-21T12:00:00Z");

  TerraformStateRules rules =
      new TerraformStateRules(ALL, 1 << 20, Duration.ofHours(4), Optional.of("env:KEY"));

  KeptStates states;

  KeptStates others;

  /** An empty database of its own. */
  abstract StateDatabase first() throws Exception;

  /** The same, as another node sees it; for H2 the same object. */
  abstract StateDatabase second(StateDatabase first) throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = first();
    second = second(database);
    states = on(database);
    others = on(second);
  }

  @AfterEach
  void close() {
    second.close();
    database.close();
  }

  KeptStates on(StateDatabase where) {
    StateKeys keys =
        new StateKeys(
            new KeyFile(data, note -> {}),
            reference -> new Secret("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
            () -> rules.key(),
            where.dialect().shared(),
            where.terraformStates()::keyIds,
            () -> false);
    return new KeptStates(where.terraformStates(), keys, () -> rules, () -> now);
  }

  LocalStates operations() {
    return new LocalStates(states, () -> rules.staleLock(), () -> now);
  }

  static StateLock lock(String id) {
    return new StateLock(
        id, "{\"ID\":\"" + id + "\",\"Who\":\"me@here\",\"Operation\":\"OperationTypeApply\"}");
  }

  static byte[] state(long serial, String words) {
    return """
    {
      "version": 4,
      "terraform_version": "1.11.4",
      "serial": %d,
      "lineage": "f2968801-fa14-41ab-a044-224f3a4adf04",
      "outputs": {"word": {"value": "%s", "type": "string"}}
    }
    """
        .formatted(serial, words)
        .getBytes(UTF_8);
  }

  static void assertDone(Outcome outcome) {
    assertThat(outcome.kind()).isEqualTo(Kind.DONE);
  }

  String newest(String name) throws DriverException {
    return new String(states.read(name).orElseThrow(), UTF_8);
  }

  List<Audit.Entry> audit() {
    return database.audit().newest(100);
  }
}
