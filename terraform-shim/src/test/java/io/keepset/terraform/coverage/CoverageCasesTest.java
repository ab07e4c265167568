package io.keepset.terraform.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.source.JsonText;
import io.keepset.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder holds policies, a plan as {@code terraform show -json} prints it, and what is said
 * about it. {@code -Dkeepset.rewrite=true} writes that anew, for a reviewer to look at.
 */
class CoverageCasesTest {
  private static final Path CASES = Path.of("src", "test", "resources", "cases", "coverage");

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatStandsBesideIt(Path folder) throws IOException {
    String said = CoverageText.print(coverage(folder, false));

    Path expected = folder.resolve("coverage.txt");
    if (Boolean.getBoolean("keepset.rewrite")) {
      Files.writeString(expected, said);
    }
    assertThat(said).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingSecretIsEverSaid(Path folder) throws IOException {
    String all =
        CoverageText.print(coverage(folder, true))
            + JsonText.write(CoverageJson.of(coverage(folder, true)));

    assertThat(all).doesNotContain("TOP-SECRET");
  }

  @Test
  void backupsOfThePlatformsOwnAreEnoughOnlyIfSomebodySaysSo() throws IOException {
    Path folder = CASES.resolve("bare, with what the platform itself does");

    assertThat(coverage(folder, false).count(Finding.Verdict.COVERED)).isZero();
    assertThat(
            coverage(folder, true).findings().stream()
                .filter(one -> one.verdict() == Finding.Verdict.COVERED)
                .map(Finding::address))
        .containsExactly(
            "aws_db_instance.other_engine",
            "aws_dynamodb_table.carts",
            "module.shop.module.db[\"eu\"].azurerm_postgresql_flexible_server.main");
  }

  @Test
  void whatIsNoPlanIsToldApart() {
    assertThat(mistake("{\"policy\": {}}")).contains("no format_version");
    assertThat(mistake("{\"format_version\": \"2.0\", \"resource_changes\": []}"))
        .contains("format version 2.0");
    assertThat(mistake("{\"format_version\": \"1.0\", \"values\": {}}")).contains("a state");
    assertThat(
            mistake("{\"format_version\": \"1.2\", \"resource_changes\": [], \"errored\": true}"))
        .contains("could not finish");
    assertThat(mistake("[]")).contains("no format_version");
  }

  private static String mistake(String text) {
    return TerraformPlan.read(JsonText.read(file("plan.json", text)).valid().orElseThrow())
        .diagnostics()
        .get(0)
        .message();
  }

  private static Coverage coverage(Path folder, boolean acceptOwn) throws IOException {
    PolicySet policies =
        new PolicyLoader()
            .load(List.of(file("policies.yaml", Files.readString(folder.resolve("policies.yaml")))))
            .valid()
            .orElseThrow();
    TerraformPlan plan =
        TerraformPlan.read(
                JsonText.read(file("plan.json", Files.readString(folder.resolve("plan.json"))))
                    .valid()
                    .orElseThrow())
            .valid()
            .orElseThrow();
    return Coverage.of(
        plan, policies.protections().values(), acceptOwn, LocalDate.parse("2026-11-22"));
  }

  private static SourceFile file(String name, String text) {
    return new SourceFile(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
