package io.keepset.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosticTextTest {
  @Test
  void aFindingHasItsLineACaretAndAHint() {
    Diagnostic finding =
        Diagnostic.error("value.range", "daily must be from 0 to 9, was -1", at(2, 10))
            .withHint("leave daily out");

    assertThat(print("retention:\n  daily: -1\n", finding))
        .isEqualTo(
            """
            a.yaml:2:10: error: daily must be from 0 to 9, was -1 [value.range]
              2 |   daily: -1
                |          ^
              hint: leave daily out
            """);
  }

  @Test
  void aSecretIsHiddenInTheLineOfAnyFinding() {
    String text = "c: {key: abc, prot: 1}";

    assertThat(
            print(
                text,
                Diagnostic.error("secret.literal", "no", at(1, 10)),
                Diagnostic.error("key.unknown", "no", at(1, 15))))
        .contains("c: {key: ***")
        .doesNotContain("abc");
  }

  @Test
  void aMisspeltKeyThatSoundsLikeASecretIsHiddenToo() {
    for (String line :
        List.of(
            "pasword: hunter2",
            "db_passwd = \"hunter2\"",
            "\"apiKey\": \"hunter2\"",
            "token: hunter2",
            "url: postgres://me:hunter2@db/x")) {
      assertThat(print(line, Diagnostic.error("key.unknown", "no", at(1, 1))))
          .as(line)
          .doesNotContain("hunter2");
    }
    assertThat(print("password: env:DB", Diagnostic.error("x", "no", at(1, 1))))
        .contains("password: env:DB");
  }

  @Test
  void aLineOfAMillionLettersIsPrintedAtOnce() {
    String text = "pass".repeat(250_000);

    assertThat(print(text, Diagnostic.error("x", "no", at(1, 900_000)))).hasSizeLessThan(400);
  }

  @Test
  void nothingReachesTheTerminalAsAControlCharacter() {
    assertThat(print("a: \u001b[2J", Diagnostic.error("x", "was \u001b[2J\r\n", at(1, 1))))
        .doesNotContain("\u001b", "\r");
  }

  @Test
  void githubCommandsAreEscaped() {
    Diagnostic finding = Diagnostic.warning("a.b", "100%\nsure", new Location("a,b:c.yaml", 1, 2));

    assertThat(DiagnosticGithub.print(List.of(finding), "policies"))
        .isEqualTo(
            "::warning file=policies/a%2Cb%3Ac.yaml,line=1,col=2,title=a.b::100%25%0Asure\n");
  }

  private static Location at(int line, int column) {
    return new Location("a.yaml", line, column);
  }

  private static String print(String text, Diagnostic... findings) {
    return new DiagnosticText(path -> Optional.of(text), false).print(List.of(findings));
  }
}
