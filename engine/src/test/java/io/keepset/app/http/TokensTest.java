package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static final Instant END = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  void aTokenIsGoodUntilItExpires() {
    assertThat(at(END.minusSeconds(1)).accepts("short-lived")).isTrue();
    assertThat(at(END).accepts("short-lived")).isFalse();
    assertThat(at(END).accepts("for-good")).isTrue();
    assertThat(at(END).accepts("unknown")).isFalse();
  }

  private static Tokens at(Instant now) {
    return new Tokens(
        List.of(
            new Tokens.Accepted("a", Tokens.hash("short-lived"), Optional.of(END)),
            new Tokens.Accepted("b", Tokens.hash("for-good"), Optional.empty())),
        Clock.fixed(now, ZoneOffset.UTC));
  }
}
