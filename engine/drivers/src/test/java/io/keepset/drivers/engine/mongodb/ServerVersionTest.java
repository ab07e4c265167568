package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {
  @ParameterizedTest
  @CsvSource({
    "3.6.23, 4.0.28",
    "4.0.28, 4.2.1",
    "4.4.29, 5.0.1",
    "5.0.0, 5.0.30",
    "6.0.14, 7.0.2",
    "7.0.2, 8.0.4",
    "7.0.2, 7.3.1"
  })
  void takesTheSameAndTheNextMajor(String archive, String server) {
    assertThatCode(() -> require(archive, server, server)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"5.0.0, 7.0.1", "6.0.14, 5.0.30", "4.4.29, 4.2.1", "4.2.1, 5.0.0", "3.4.1, 4.0.1"})
  void refusesOthersAndNamesBoth(String archive, String server) {
    assertThatThrownBy(() -> require(archive, server, server))
        .hasMessageContaining(archive)
        .hasMessageContaining(server);
  }

  @Test
  void refusesAServerThatStillPlaysAnOlderOne() {
    assertThatThrownBy(() -> require("6.0.14", "6.0.20", "5.0"))
        .hasMessageContaining("featureCompatibilityVersion is 5.0")
        .hasMessageContaining("setFeatureCompatibilityVersion: \"6.0\"");
  }

  private static void require(String archive, String server, String compatibility)
      throws Exception {
    new ServerVersion(archive).require(new ServerVersion(server), Optional.of(compatibility));
  }
}
