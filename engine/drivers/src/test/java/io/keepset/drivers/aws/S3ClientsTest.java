package io.keepset.drivers.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.spi.DriverException;
import io.keepset.spi.SignedAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** How long an address is good depends on who signed it. */
class S3ClientsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void aKeyOfItsOwnSignsForAsLongAsWasAsked() {
    SignedAddress address = sign(AwsBasicCredentials.create("access", "secret"));

    assertThat(address.uri().toString()).contains("X-Amz-Expires=604800");
    assertThat(address.sooner()).isEmpty();
    assertThat(address.unsure()).isFalse();
  }

  @Test
  void aSessionSignsNoLongerThanItLives() {
    Instant end = NOW.plusSeconds(3600);

    SignedAddress address = sign(session().expirationTime(end).build());

    assertThat(address.uri().toString()).contains("X-Amz-Expires=3600");
    assertThat(address.sooner()).contains(end);
    assertThat(address.unsure()).isFalse();
  }

  @Test
  void aSessionThatLivesLongerChangesNothing() {
    SignedAddress address = sign(session().expirationTime(NOW.plus(WEEK).plusSeconds(1)).build());

    assertThat(address.uri().toString()).contains("X-Amz-Expires=604800");
    assertThat(address.sooner()).isEmpty();
  }

  @Test
  void aSessionWhoseEndIsNotKnownIsTold() {
    assertThat(sign(session().build()).unsure()).isTrue();
  }

  @Test
  void aSessionThatHasEndedSignsNothing() {
    AwsCredentials ended = session().expirationTime(NOW).build();

    assertThatThrownBy(() -> sign(ended))
        .isInstanceOfSatisfying(
            S3Clients.Unresolved.class,
            e ->
                assertThat(e.failure())
                    .hasMessageContaining("ended at " + NOW)
                    .extracting(DriverException::kind)
                    .isEqualTo(DriverException.Kind.DENIED));
  }

  private static AwsSessionCredentials.Builder session() {
    return AwsSessionCredentials.builder()
        .accessKeyId("access")
        .secretAccessKey("secret")
        .sessionToken("token");
  }

  private static SignedAddress sign(AwsCredentials by) {
    S3Settings settings = S3Lab.settings("acme", "", URI.create("http://127.0.0.1:1"));
    return S3Clients.sign(settings, "a/b", WEEK, by, NOW);
  }
}
