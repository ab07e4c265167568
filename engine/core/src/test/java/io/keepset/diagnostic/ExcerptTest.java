package io.keepset.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void theCaretStandsBelowTheColumn() {
    Excerpt excerpt = Excerpt.of("policy:\r\n  daily: -1\rlast", 2, 10);

    assertThat(excerpt.line()).isEqualTo("  daily: -1");
    assertThat(excerpt.caret()).isEqualTo("         ^");
  }

  @Test
  void tabsControlsAndMarksOfDirectionAreMadeHarmless() {
    Excerpt excerpt = Excerpt.of("\ta\u001B[31m\u202Eb", 1, 8);

    assertThat(excerpt.line()).isEqualTo(" a\uFFFD[31m\uFFFDb");
    assertThat(excerpt.caret()).isEqualTo("       ^");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertThat(Excerpt.of("a: \uD83D\uDE00x", 1, 5).caret()).isEqualTo("     ^");
    assertThat(Excerpt.of("\u6771\u4eac: x", 1, 5).caret()).isEqualTo("      ^");
    assertThat(Excerpt.of("e\u0301: x", 1, 5).caret()).isEqualTo("   ^");
  }

  @Test
  void aLongLineIsCutAroundTheColumn() {
    Excerpt excerpt = Excerpt.of("x".repeat(1000) + "!" + "y".repeat(1_000_000), 1, 1001);

    assertThat(excerpt.line()).hasSize(102).startsWith("…x").endsWith("y…");
    assertThat(excerpt.line().charAt(excerpt.caret().indexOf('^'))).isEqualTo('!');
  }

  @Test
  void aPlaceOutsideOfTheTextGivesTheNearest() {
    assertThat(Excerpt.of("", 1, 1)).isEqualTo(new Excerpt("", "^"));
    assertThat(Excerpt.of("a\nbc", 2, 99)).isEqualTo(new Excerpt("bc", "  ^"));
    assertThat(Excerpt.of("a\nbc", 99, 1)).isEqualTo(new Excerpt("bc", "^"));
  }
}
