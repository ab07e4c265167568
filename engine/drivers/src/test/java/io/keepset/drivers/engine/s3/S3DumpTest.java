package io.keepset.drivers.engine.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.aws.S3Requests;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Bytes that arrive are those that the objects' entity tags stand for. */
class S3DumpTest {
  private S3Settings settings;
  private S3Client client;

  @BeforeEach
  void fill() throws IOException {
    settings = S3Lab.bucket("");
    client = S3Clients.of(settings);
    for (String key : List.of("a", "b", "c")) {
      client.putObject(
          r -> r.bucket(settings.bucket()).key(key), RequestBody.fromString("is " + key));
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aByteThatChangesOnItsWayFailsTheDump() {
    AtomicInteger times = new AtomicInteger();

    assertThatThrownBy(() -> warnings(key -> key.equals("b") && times.incrementAndGet() == 1))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("b of bucket " + settings.bucket() + " arrived with other bytes");
  }

  @Test
  void anObjectThatIsNotWhatItsTagSaysIsAWarning() throws Exception {
    assertThat(warnings(key -> key.equals("a")))
        .singleElement()
        .asString()
        .contains("1 objects hold other bytes than their entity tags say", "the first is a)");
  }

  @Test
  void aServiceWhoseTagsAreNoSumsIsNoTrouble() throws Exception {
    assertThat(warnings(key -> true)).isEmpty();
  }

  @Test
  void whatArrivesUnchangedIsGood() throws Exception {
    assertThat(warnings(key -> false)).isEmpty();
  }

  /** Of a dump that gets other bytes than lie there for some of the reads. */
  private List<String> warnings(Predicate<String> changed) throws Exception {
    S3Client between =
        new DelegatingS3Client(client) {
          @Override
          public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
            ResponseInputStream<GetObjectResponse> real = super.getObject(request);
            return changed.test(request.key()) ? flipped(real) : real;
          }
        };
    S3Trouble trouble = new S3Trouble(settings, new S3Trouble.Words("connection.", "the docs"));
    Bucket bucket = new Bucket(settings, between, new S3Requests(between, settings), trouble);
    try (S3Dump dump = new S3Dump(bucket)) {
      dump.stream().readAllBytes();
      return dump.finish().warnings();
    } catch (IOException e) {
      throw io.keepset.spi.BrokenStream.unwrap(e, "reading");
    }
  }

  private static ResponseInputStream<GetObjectResponse> flipped(
      ResponseInputStream<GetObjectResponse> real) {
    try {
      byte[] bytes = real.readAllBytes();
      bytes[0] ^= 1;
      return new ResponseInputStream<>(real.response(), new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
