package io.keepset.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Mode;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.TerraformStateRules;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsGuardTest {
  private static final TerraformStateRules MANY = rules("versions: {last: 50, daily: 30}");

  @Test
  void fewerVersionsOfStatesWeaken() {
    List<SettingChange> changes =
        SettingChange.between(MANY, rules("versions: {last: 5, daily: 60}"));

    assertThat(changes).extracting(SettingChange::grade).contains(Grade.WEAKENS, Grade.STRENGTHENS);
    assertThat(refusals(changes, Mode.FULL))
        .singleElement()
        .asString()
        .contains("keepset.terraform.state.versions.last 50 -> 5 weakens", "guard.settings");
    assertThat(refusals(changes, Mode.OBSERVE)).isEmpty();
  }

  @Test
  void anotherKeyWeakens() {
    List<SettingChange> changes =
        SettingChange.between(MANY, rules("versions: {last: 50, daily: 30}, key: \"env:KEYS\""));

    assertThat(refusals(changes, Mode.FULL))
        .singleElement()
        .asString()
        .contains("keepset.terraform.state.key none -> env:KEYS");
  }

  @Test
  void whatIsToldIsWhatChanges() {
    assertThat(SettingChange.between(MANY, MANY)).isEmpty();
    List<SettingChange> more =
        SettingChange.between(MANY, rules("versions: {last: 60, daily: 30}"));

    assertThat(refusals(more, Mode.FULL)).isEmpty();
    assertThat(verdict(more, Mode.FULL).notes())
        .extracting(Diagnostic::message)
        .contains("keepset.terraform.state.versions.last 50 -> 60 strengthens");
  }

  @Test
  void whoAgreedToSomeHasNotAgreedToLess() {
    String forty =
        SettingChange.between(MANY, rules("versions: {last: 40, daily: 30}")).get(0).name();
    String one = SettingChange.between(MANY, rules("versions: {last: 1, daily: 30}")).get(0).name();

    assertThat(forty).isNotEqualTo(one);
  }

  private static List<String> refusals(List<SettingChange> changes, Mode mode) {
    return verdict(changes, mode).refusals().stream()
        .filter(d -> d.code().equals(SettingsGuard.CODE))
        .map(d -> d.message() + " [" + d.code() + "]")
        .toList();
  }

  private static Verdict verdict(List<SettingChange> changes, Mode mode) {
    Plan plan = new Plan(new Revision("a".repeat(40), false), mode, List.of(), List.of());
    Circumstances usual = GuardSamples.circumstances(plan);
    return Guards.judge(
        List.of(new SettingsGuard()),
        plan,
        new Circumstances(
            usual.rails(),
            Precedents.NONE.withSettings(changes),
            usual.databases(),
            usual.backups(),
            usual.holds(),
            usual.restorable(),
            usual.now()));
  }

  private static TerraformStateRules rules(String state) {
    String text = "keepset: {terraform: {state: {" + state + "}}}\n";
    return new PolicyLoader()
        .load(List.of(new SourceFile("a.yaml", text.getBytes(StandardCharsets.UTF_8))))
        .valid()
        .orElseThrow()
        .settings()
        .terraform();
  }
}
