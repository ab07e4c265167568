package io.keepset.drivers.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Crc64Test {
  /** The check value in Redis's own {@code crc64.c}. */
  @Test
  void givesTheCheckValueOfRedis() {
    assertThat(of(Crc64.jones(), "123456789", 9)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  /** The check value of CRC-64/XZ, which is what Go calls ECMA. */
  @Test
  void givesTheCheckValueOfEcma() {
    assertThat(of(Crc64.ecma(), "123456789", 9)).isEqualTo(0x995dc9bbdf1939faL);
    assertThat(Crc64.ecma().value()).isZero();
  }

  @Test
  void doesNotDependOnHowTheBytesArrive() {
    String text = "This is a test of the emergency broadcast system.";
    for (int step = 1; step <= text.length(); step++) {
      assertThat(of(Crc64.jones(), text, step)).isEqualTo(of(Crc64.jones(), text, text.length()));
      assertThat(of(Crc64.ecma(), text, step)).isEqualTo(of(Crc64.ecma(), text, text.length()));
    }
  }

  private static long of(Crc64 crc, String text, int step) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < bytes.length; at += step) {
      crc.update(bytes, at, Math.min(step, bytes.length - at));
    }
    return crc.value();
  }
}
