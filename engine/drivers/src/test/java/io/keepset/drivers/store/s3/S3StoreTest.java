package io.keepset.drivers.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.spi.Store;
import io.keepset.spi.StoreContract;
import io.keepset.spi.StoreWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class S3StoreTest extends StoreContract {
  private S3Settings settings;
  private Store store;

  @BeforeEach
  void bucket() throws IOException {
    settings = S3Lab.bucket("backups/");
    store = new S3Store(settings);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected Store store() {
    return store;
  }

  @Override
  protected Store another() {
    return new S3Store(settings);
  }

  @Override
  protected void assumeReplacingIsTrue() {
    Assumptions.abort(
        "S3Mock is no witness here: it overwrites an object that is being read, and deletes it when"
            + " an upload of the same key is aborted; S3 does neither");
  }

  @Test
  void aSmallWriteThatIsGivenUpKeepsTheFormerObject() throws Exception {
    put("a/b", bytes(1, 100));

    try (StoreWriter writer = store().create("a/b")) {
      writer.stream().write(bytes(2, 100));
    }

    assertThat(content("a/b")).isEqualTo(bytes(1, 100));
  }

  @Test
  void anybodyCanFetchAnObjectByItsSignedAddress() throws Exception {
    try (StoreWriter writer = store.create("orders/one")) {
      writer.stream().write("bytes".getBytes(StandardCharsets.UTF_8));
      writer.commit();
    }
    URI address = store.signedAddress("orders/one", Duration.ofMinutes(5)).orElseThrow().uri();

    HttpResponse<String> reply =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(reply.body()).isEqualTo("bytes");
    assertThat(address.toString())
        .contains("X-Amz-Expires=300")
        .contains("X-Amz-Signature=")
        .contains("backups/orders/one");
  }

  @Test
  void leavesAloneWhatElseIsInTheBucket() throws Exception {
    try (S3Client client = S3Clients.of(settings)) {
      for (String name : new String[] {"elsewhere/x", "backups/.hidden", "backups/with blank"}) {
        client.putObject(
            r -> r.bucket(settings.bucket()).key(name), RequestBody.fromBytes(new byte[1]));
      }
      client.createMultipartUpload(r -> r.bucket(settings.bucket()).key("elsewhere/y"));
      put("a/b", bytes(1, 1));

      assertThat(keys("")).containsExactly("a/b");
      assertThat(store.cleanLeftovers(Instant.now().plusSeconds(3600))).isZero();
      assertThat(client.listMultipartUploads(r -> r.bucket(settings.bucket())).uploads())
          .hasSize(1);
    }
  }

  @Test
  void listsMoreThanOnePage() throws Exception {
    for (int i = 0; i < 1005; i++) {
      put("many/" + i, new byte[0]);
    }
    assertThat(keys("many/")).hasSize(1005).isSorted();
  }
}
