package io.keepset.drivers.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.testing.Laws;
import org.junit.jupiter.api.Test;

class LineEndsTest {
  /** Bytes that differ in one bit from a line end, or lie beside it, are none. */
  private static final byte[] LIKELY = {'\n', '\n', 0, 0x0B, 0x08, 0x2A, (byte) 0x8A, -1, 0x7F};

  @Test
  void eightAtATimeAreAsManyAsOneByOne() {
    Laws.forAll(
        2000,
        random -> {
          byte[] bytes = new byte[random.nextInt(60)];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = LIKELY[random.nextInt(LIKELY.length)];
          }
          int from = random.nextInt(bytes.length + 1);
          int length = random.nextInt(bytes.length - from + 1);
          long expected = 0;
          for (int i = from; i < from + length; i++) {
            expected += bytes[i] == '\n' ? 1 : 0;
          }
          assertThat(LineEnds.count(bytes, from, length)).isEqualTo(expected);
        });
  }
}
