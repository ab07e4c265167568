package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteRateTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MB = 1_000_000L;

  private final ByteRate rate = new ByteRate(0);

  @Test
  void saysShareAmountSpeedAndTimeLeft() {
    assertThat(rate.describe(250 * MB, 1000 * MB, 5 * SECOND))
        .isEqualTo("[######..................]  25 %  250 MB of 1.0 GB  50 MB/s  15 s left");
  }

  @Test
  void saysNoSpeedBeforeThereIsOne() {
    assertThat(rate.describe(MB, 4 * MB, SECOND / 10))
        .isEqualTo("[######..................]  25 %  1.0 MB of 4.0 MB");
  }

  @Test
  void goesByTheLastSecondsSoThatAStallIsSeen() {
    rate.describe(600 * MB, 1000 * MB, 6 * SECOND);
    assertThat(rate.describe(600 * MB, 1000 * MB, 26 * SECOND))
        .endsWith("600 MB of 1.0 GB  14 MB/s  30 s left");
    assertThat(rate.describe(600 * MB, 1000 * MB, 46 * SECOND))
        .endsWith("600 MB of 1.0 GB  1.8 MB/s  4 min left");
  }

  @Test
  void beginsAnewWithTheTransfer() {
    rate.describe(600 * MB, 600 * MB, 60 * SECOND);
    assertThat(rate.describe(0, 600 * MB, 61 * SECOND)).endsWith("0 B of 600 MB");
    assertThat(rate.describe(100 * MB, 600 * MB, 62 * SECOND)).endsWith("100 MB/s  5 s left");
  }

  @Test
  void takesTheSizeOfTheLastOneWhereNobodyKnows() {
    rate.expect(2000 * MB);
    assertThat(rate.describe(500 * MB, -1, 10 * SECOND))
        .isEqualTo("[######..................]  25 %  500 MB of about 2.0 GB  50 MB/s  30 s left");
    assertThat(rate.describe(2500 * MB, -1, 50 * SECOND)).isEqualTo("2.5 GB  50 MB/s");
  }

  @Test
  void saysWhatItKnowsWhereNothingIsKnown() {
    assertThat(rate.describe(500 * MB, -1, 10 * SECOND)).isEqualTo("500 MB  50 MB/s");
  }

  @Test
  void saysMinutesAndHours() {
    assertThat(rate.describe(100 * MB, 6100 * MB, 10 * SECOND)).endsWith("10 MB/s  10 min left");
    assertThat(new ByteRate(0).describe(100 * MB, 72_100 * MB, 10 * SECOND))
        .endsWith("10 MB/s  2 h 0 min left");
  }

  @Test
  void countsBytesInDecimalUnits() {
    assertThat(ByteRate.size(999)).isEqualTo("999 B");
    assertThat(ByteRate.size(8_400_000_000L)).isEqualTo("8.4 GB");
  }
}
