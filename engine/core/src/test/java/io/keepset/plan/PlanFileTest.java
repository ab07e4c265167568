package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.diagnostic.Validated;
import io.keepset.policy.Alerting;
import io.keepset.policy.ApprovalRules;
import io.keepset.policy.Limits;
import io.keepset.policy.Mode;
import io.keepset.policy.Options;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Receiver;
import io.keepset.policy.Retention;
import io.keepset.policy.Retention.Tier;
import io.keepset.policy.Settings;
import io.keepset.policy.StoreSpec;
import io.keepset.policy.TerraformStateRules;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanFileTest {
  private static final StoreSpec STORE =
      new StoreSpec(
          "main",
          "directory",
          Options.of(Map.of("path", "/var/backups", "encryption.key", "env:KEY")),
          new Location("stores.yaml", 2, 3));

  private static final Settings SETTINGS =
      new Settings(
          Optional.of(Mode.OBSERVE),
          new Limits(new Limits.Belt(1, 2), new Limits.Belt(3, 4)),
          5,
          6,
          new Alerting(
              new TreeMap<>(
                  Map.of(
                      "ops",
                      new Receiver.Webhook("ops", "env:HOOK", Optional.of("env:KEY")),
                      "chat",
                      new Receiver.Slack("chat", "env:CHAT"),
                      "mail",
                      new Receiver.Email(
                          "mail",
                          "mail.internal",
                          2525,
                          Receiver.Tls.TLS,
                          "keepset@example.org",
                          List.of("ops@example.org"),
                          Optional.of("u"),
                          Optional.of("env:P")))),
              Optional.of(
                  new Alerting.Heartbeat(
                      "env:BEAT", Optional.of("env:FAIL"), Duration.ofMinutes(2)))),
          new ApprovalRules(true, Optional.of("keys/signers"), true),
          new TerraformStateRules(
              new Retention(3, new TreeMap<>(Map.of(Tier.DAILY, 4)), new TreeMap<>(), 5, 2),
              12345,
              Duration.ofMinutes(90),
              Optional.of("env:STATE_KEY")));

  @Test
  void bringsBackStoresAndNotes() {
    Desired desired =
        new Desired(
            new Revision("3fa9c1e", true),
            Samples.desired(Samples.nightly("a")).databases(),
            new TreeMap<>(),
            List.of(
                Diagnostic.note("later.hold", "hold x is checked", new Location("h.yaml", 1, 1))));
    Plan plan = Planner.compare(desired, Map.of(), Mode.ADDITIVE);

    PlanFile read = read(written(plan, desired)).valid().orElseThrow();

    assertThat(read.stores()).containsExactly(Map.entry("main", STORE));
    assertThat(read.settings()).isEqualTo(SETTINGS);
    assertThat(read.desired().notes()).isEqualTo(desired.notes());
    assertThat(read.desired().revision()).isEqualTo(desired.revision());
    assertThat(read.mode()).isEqualTo(Mode.ADDITIVE);
  }

  @Test
  void noticesThatSomebodyEditedIt() {
    String edited = written().replace("\"0 2 * * *\"", "\"0 3 * * *\"");

    assertThat(read(edited).diagnostics())
        .singleElement()
        .returns("plan.file.damaged", Diagnostic::code);
  }

  @Test
  void noticesThatItIsCutShort() {
    String text = written();

    for (int length = 100; length < text.length() - 1; length += 7) {
      assertThat(read(text.substring(0, length)).diagnostics())
          .singleElement()
          .returns("plan.file.damaged", Diagnostic::code);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "hello", "{\"format\": \"something else\"}", "\u0000"})
  void saysThatAForeignFileIsNoPlanFile(String text) {
    assertThat(read(text).diagnostics())
        .singleElement()
        .returns("plan.file.foreign", Diagnostic::code)
        .returns("saved.plan is not a plan file", Diagnostic::message);
  }

  @Test
  void saysWhichVersionsItReads() {
    String newer = written().replaceFirst("\"version\": 1", "\"version\": 2");

    assertThat(read(newer).diagnostics())
        .singleElement()
        .returns("plan.file.version", Diagnostic::code)
        .returns("plan file has version 2, this Keepset reads version 1", Diagnostic::message);
  }

  private static String written() {
    Desired desired = Samples.desired(Samples.nightly("a"));
    return written(Planner.compare(desired, Map.of(), Mode.FULL), desired);
  }

  private static String written(Plan plan, Desired desired) {
    return PlanFile.write(plan, desired, policies());
  }

  private static PolicySet policies() {
    return new PolicySet(
        SETTINGS,
        new TreeMap<>(),
        new TreeMap<>(Map.of("main", STORE)),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        1);
  }

  private static Validated<PlanFile> read(String text) {
    return PlanFile.read(new SourceFile("saved.plan", text.getBytes(StandardCharsets.UTF_8)));
  }
}
