package io.keepset.drivers.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
  @Test
  void findsTheFirstOfAnyByteWhereverItIs() {
    Random random = new Random(1);
    byte[] few = {0, 1, -1, (byte) 0x80, (byte) 0x81, 0x7f, '\n', '"'};
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = few[random.nextInt(few.length)];
      }
      byte wanted = few[random.nextInt(few.length)];
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);

      int expected = from;
      while (expected < to && bytes[expected] != wanted) {
        expected++;
      }
      assertThat(ByteSearch.find(bytes, from, to, wanted)).isEqualTo(expected);
    }
  }
}
