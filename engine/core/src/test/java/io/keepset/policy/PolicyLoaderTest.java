package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyLoaderTest {
  private static final String POLICY =
      """
      policy:
        gold: {schedule: {n: {cron: "@daily"}}, retention: {daily: 30}}
      store:
        main: {type: directory, path: /backups}
      """;

  @Test
  void whatDidNotChangeIsTheSameObjectInTheNextLoad() {
    PolicyLoader loader = new PolicyLoader();
    List<SourceFile> files = new ArrayList<>(List.of(file("p.yaml", POLICY), db("a"), db("b")));
    PolicySet before = loader.load(files).valid().orElseThrow();

    files.set(1, file("a.yaml", db("a").text() + "# a remark\n"));
    PolicySet after = loader.load(files).valid().orElseThrow();

    assertThat(after.protections().get("b")).isSameAs(before.protections().get("b"));
    assertThat(after.protections().get("a").protection())
        .isEqualTo(before.protections().get("a").protection());
  }

  @Test
  void aChangedPolicyReachesEveryDatabaseThatUsesIt() {
    PolicyLoader loader = new PolicyLoader();
    loader.load(List.of(file("p.yaml", POLICY), db("a"), db("b")));

    PolicySet after =
        loader
            .load(List.of(file("p.yaml", POLICY.replace("30", "31")), db("a"), db("b")))
            .valid()
            .orElseThrow();

    assertThat(after.protections().values())
        .allMatch(r -> r.protection().retention().tiers().get(Retention.Tier.DAILY) == 31);
  }

  @Test
  void aLoaderThatRemembersSaysWhatAFreshOneSays() {
    PolicyLoader loader = new PolicyLoader();
    List<String> policies =
        List.of(
            POLICY,
            POLICY.replace("gold", "silver"),
            POLICY.replace("daily: 30", "dayly: 30"),
            POLICY.replace("main", "other"),
            POLICY + "policy: {}\n",
            POLICY);
    for (String policy : policies) {
      List<SourceFile> files = List.of(file("p.yaml", policy), db("a"), db("b"));
      assertThat(loader.load(files)).isEqualTo(new PolicyLoader().load(files));
    }
  }

  @Test
  void theOrderOfTheFilesDoesNotMatter() {
    List<SourceFile> files =
        new ArrayList<>(List.of(file("p.yaml", POLICY + "polcy: {}\n"), db("a"), db("b"), db("c")));
    List<Diagnostic> before = new PolicyLoader().load(files).diagnostics();

    Collections.reverse(files);

    assertThat(new PolicyLoader().load(files).diagnostics()).isEqualTo(before).isNotEmpty();
  }

  @Test
  void tooManyFilesAreRefusedUnread() {
    List<SourceFile> files = Collections.nCopies(PolicyLoader.MOST_FILES + 1, file("a.yaml", "\0"));

    assertThat(new PolicyLoader().load(files).diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly("load.files");
  }

  @Test
  void tooManyBytesAreRefusedUnread() {
    SourceFile large = new SourceFile("a.yaml", new byte[1 << 20]);

    assertThat(new PolicyLoader().load(Collections.nCopies(33, large)).diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly("load.size");
  }

  private static SourceFile db(String name) {
    return file(
        name + ".yaml",
        "database:\n  "
            + name
            + ": {engine: volume, policy: gold, store: main, connection: {path: /"
            + name
            + "}}\n");
  }

  private static SourceFile file(String path, String text) {
    return new SourceFile(path, text.getBytes(StandardCharsets.UTF_8));
  }
}
