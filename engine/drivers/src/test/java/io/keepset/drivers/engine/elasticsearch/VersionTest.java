package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cluster takes which snapshot. */
class VersionTest {
  @ParameterizedTest
  @CsvSource({"7.0.1,1.3.20", "7.10.2,2.19.3", "8.19.1,9.1.0", "2.19.3,2.19.3", "2.19.3,3.3.0"})
  void aSnapshotFits(String backup, String cluster) {
    assertThatCode(() -> Version.live(backup).requireReadableBy(Version.live(cluster), "es1:9200"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "6.8.23,1.3.20",
    "7.11.0,2.19.3",
    "7.10.2,3.3.0",
    "8.19.1,8.18.0",
    "8.19.1,10.0.0",
    "2.19.3,8.19.1"
  })
  void aSnapshotDoesNotFitAndBothVersionsAreNamed(String backup, String cluster) {
    assertThatThrownBy(
            () -> Version.live(backup).requireReadableBy(Version.live(cluster), "es1:9200"))
        .hasMessageContaining(Version.live(backup).name())
        .hasMessageContaining("es1:9200 is " + Version.live(cluster).name());
  }

  @Test
  void theMessageSaysWhatOpenSearchTakes() {
    assertThatThrownBy(
            () -> Version.live("7.17.0").requireReadableBy(Version.live("2.19.3"), "es1:9200"))
        .hasMessageContaining("into OpenSearch 1 and 2 from Elasticsearch 7.0 to 7.10");
  }
}
