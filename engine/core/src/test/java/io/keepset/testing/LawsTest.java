package io.keepset.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LawsTest {
  @Test
  void everyRunTriesTheSameCasesAndNoCaseTwice() {
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    Laws.forAll(100, random -> first.add(random.nextLong()));
    Laws.forAll(100, random -> second.add(random.nextLong()));

    assertThat(second).isEqualTo(first);
    assertThat(new HashSet<>(first)).hasSize(first.size());
  }

  @Test
  void aBrokenLawNamesTheSeedThatMakesTheCaseAgain() {
    assertThatThrownBy(
            () ->
                Laws.forAll(
                    1000, random -> assertThat(random.nextInt(50)).as("drawn").isLessThan(49)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("drawn")
        .hasMessageContaining("-Dtest=LawsTest#aBrokenLawNamesTheSeedThatMakesTheCaseAgain")
        .satisfies(
            broken -> {
              Matcher seed =
                  Pattern.compile("keepset\\.law\\.seed=(-?\\d+)").matcher(broken.getMessage());
              assertThat(seed.find()).isTrue();
              assertThat(new Random(Long.parseLong(seed.group(1))).nextInt(50)).isEqualTo(49);
            });
  }

  @Test
  void numbersStayBetweenTheirEndsAndReachThem() {
    HashSet<Integer> seen = new HashSet<>();
    Laws.forAll(200, random -> seen.add(Any.between(random, 3, 5)));

    assertThat(seen).containsExactlyInAnyOrder(3, 4, 5);
  }
}
