package io.keepset.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Validated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs made to hurt: each must come back, as a tree or as a few mistakes with places. */
@Timeout(120) // what is not linear takes hours
class HostileInputTest {
  private static final int MIB = 1 << 20;

  private static Validated<MapNode> read(Spelling spelling, String text) {
    return Readers.read(
        new SourceFile("a." + spelling.word(), text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> codes(Spelling spelling, String text) {
    return read(spelling, text).diagnostics().stream().map(d -> d.code()).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "{",
        "(",
        "- ",
        "? ",
        "a: ",
        "a {",
        "{\"a\":",
        "\"",
        "'",
        "#\n",
        "&a ",
        "*a ",
        "!",
        "|\n",
        "${",
        "%{",
        "\"${",
        "<<A\n",
        "/*",
        "*/",
        "//",
        "\\",
        "[a,",
        "a=[",
        "{a=",
        "a=1\n",
        "a: 1\n",
        "- - ",
        "---\n",
        "...\n",
        ",",
        ":",
        "\t",
        " ",
        "\r",
        "\u0085",
        "\u2028",
        "\uD83D\uDE00",
        "a=\"$${",
        "a.",
        "-",
        "?",
        "=",
        "<<",
        "0",
        "9e9",
        "\uFEFF",
        "a\n",
        "\\u",
        "\"\\",
        "~",
        "}",
        "]"
      })
  void aLongFileOfTheSameReturns(String piece) {
    String text = piece.repeat(MIB / 4 / piece.getBytes(StandardCharsets.UTF_8).length);
    for (Spelling spelling : Spelling.values()) {
      Validated<MapNode> read = read(spelling, text);
      assertThat(read.value() != null || read.hasErrors()).isTrue();
      assertThat(read.diagnostics()).hasSizeLessThan(110);
    }
  }

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void moreThanAMebibyteIsRefused(Spelling spelling) {
    assertThat(codes(spelling, "#" + " ".repeat(MIB))).containsExactly("source.size");
  }

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void whatIsNotUtf8IsRefusedWithItsPlace(Spelling spelling) {
    byte[] bytes = {'\n', (byte) 0xC3, (byte) 0xA4, 'x', (byte) 0xED, (byte) 0xA0, (byte) 0x80};

    var found = Readers.read(new SourceFile("a." + spelling.word(), bytes)).diagnostics().get(0);

    assertThat(found.at()).hasToString("a." + spelling.word() + ":2:3");
    assertThat(found.message()).isEqualTo("byte 5 (0xED) is not UTF-8");
  }

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void controlCharactersAndMarksOfDirectionAreRefused(Spelling spelling) {
    assertThat(codes(spelling, "{}\u0000")).containsExactly("source.control-character");
    assertThat(codes(spelling, "{}\u001B")).containsExactly("source.control-character");
    assertThat(codes(spelling, "{} \u202E")).containsExactly("source.direction");
  }

  @Test
  void anExponentIsNotWrittenOut() {
    assertThat(codes(Spelling.YAML, "a: 1e999999999")).containsExactly("source.number");
    assertThat(codes(Spelling.YAML, "a: 1e99999999999999999")).containsExactly("source.number");
    assertThat(codes(Spelling.HCL, "a = 1e-999999999")).containsExactly("source.number");
    assertThat(codes(Spelling.JSON, "{\"a\": " + "9".repeat(MIB - 10) + "}"))
        .containsExactly("source.number");
  }

  @Test
  void tenThousandKeysAreNoTrouble() {
    String yaml = lines("k%d: {a: 1, b: [2, x]} # %d\n");
    String hcl = lines("k \"n%d\" { a = %d }\n");

    assertThat(read(Spelling.YAML, yaml).value().keys()).hasSize(10_000);
    assertThat(read(Spelling.HCL, hcl).value().map("k").orElseThrow().keys()).hasSize(10_000);
  }

  @Test
  void aThousandDuplicatesAreCountedNotListed() {
    var found = read(Spelling.YAML, "a: 1\n".repeat(1000)).diagnostics();

    assertThat(found).hasSize(101);
    assertThat(found.get(100).message()).isEqualTo("and 899 more mistakes in this file");
  }

  @Test
  void aliasesOfAliasesAreBounded() {
    String layers =
        IntStream.range(1, 40)
            .mapToObj(
                i ->
                    String.format(
                        Locale.ROOT, "a%d: &a%d {x: *a%d, y: *a%d}\n", i, i, i - 1, i - 1))
            .collect(Collectors.joining());

    assertThat(codes(Spelling.YAML, "a0: &a0 1\n" + layers)).containsExactly("source.yaml.alias");
    String deep =
        IntStream.range(1, 100)
            .mapToObj(i -> String.format(Locale.ROOT, "a%d: &a%d [*a%d]\n", i, i, i - 1))
            .collect(Collectors.joining());
    assertThat(codes(Spelling.YAML, "a0: &a0 1\n" + deep)).containsExactly("source.depth");
  }

  private static String lines(String format) {
    return IntStream.range(0, 10_000)
        .mapToObj(i -> String.format(Locale.ROOT, format, i, i))
        .collect(Collectors.joining());
  }
}
