package io.keepset.drivers.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Crc64Test {
  /** The check value in Redis's own {@code crc64.c}. */
  @Test
  void givesTheCheckValueOfTheAlgorithm() {
    assertThat(of("123456789", 9)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  @Test
  void doesNotDependOnHowTheBytesArrive() {
    String text = "This is a test of the emergency broadcast system.";
    for (int step = 1; step <= text.length(); step++) {
      assertThat(of(text, step)).isEqualTo(of(text, text.length()));
    }
  }

  private static long of(String text, int step) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    Crc64 crc = new Crc64();
    for (int at = 0; at < bytes.length; at += step) {
      crc.update(bytes, at, Math.min(step, bytes.length - at));
    }
    return crc.value();
  }
}
