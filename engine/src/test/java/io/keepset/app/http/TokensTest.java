package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Role;
import io.keepset.app.security.TokenSecret;
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
    assertThat(at(END.minusSeconds(1)).owner("short-lived")).isPresent();
    assertThat(at(END).owner("short-lived")).isEmpty();
    assertThat(at(END).owner("for-good")).isPresent();
    assertThat(at(END).owner("unknown")).isEmpty();
  }

  private static Tokens at(Instant now) {
    return new Tokens(
        List.of(
            new Tokens.Accepted(
                "a", TokenSecret.hash("short-lived"), Role.READER, Optional.of(END)),
            new Tokens.Accepted("b", TokenSecret.hash("for-good"), Role.READER, Optional.empty())),
        Clock.fixed(now, ZoneOffset.UTC));
  }
}
