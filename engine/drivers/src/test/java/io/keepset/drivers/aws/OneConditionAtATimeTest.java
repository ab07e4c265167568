package io.keepset.drivers.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class OneConditionAtATimeTest {
  @Test
  void ofManyWhoWriteANewObjectAtOnceOneSucceeds() throws Exception {
    S3Settings settings = S3Lab.bucket("");
    try (S3Client client = S3Clients.of(settings)) {
      for (int round = 0; round < 5; round++) {
        String key = "key-" + round;
        List<CompletableFuture<Boolean>> writers =
            IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> wrote(client, settings, key)))
                .toList();

        assertThat(writers.stream().filter(CompletableFuture::join)).hasSize(1);
      }
    }
  }

  private static boolean wrote(S3Client client, S3Settings settings, String key) {
    try {
      client.putObject(
          r -> r.bucket(settings.bucket()).key(key).ifNoneMatch("*"), RequestBody.fromString("x"));
      return true;
    } catch (S3Exception e) {
      return false;
    }
  }
}
