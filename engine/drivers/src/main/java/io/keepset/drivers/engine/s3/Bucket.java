package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Requests;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.Source;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects below a prefix, and the requests for them.
 *
 * @param requests by keys below the prefix
 */
record Bucket(S3Settings settings, S3Client client, S3Requests requests, S3Trouble trouble)
    implements AutoCloseable {
  /** Where a restore over a prefix gathers its objects; no backup takes them along. */
  static final String STAGING = ".keepset-restoring-";

  private static final S3Trouble.Words WORDS =
      new S3Trouble.Words("connection.", "docs/ENGINES.md");

  /** By the keys that read. */
  static Bucket toDump(Source source) throws DriverException {
    return open(S3Settings.of(source.connection(), source.secrets()));
  }

  /** By the keys that write: those of their own, or else the same. */
  static Bucket toRestore(Source source, Optional<String> bucket, Optional<String> prefix)
      throws DriverException {
    TreeMap<String, String> connection = new TreeMap<>(source.connection().values());
    for (String key : new String[] {"access_key", "secret_key"}) {
      source.connection().get("restore_" + key).ifPresent(value -> connection.put(key, value));
    }
    bucket.ifPresent(name -> connection.put("bucket", name));
    prefix.ifPresent(name -> connection.put("prefix", name));
    return open(S3Settings.of(new Options(connection), source.secrets()));
  }

  private static Bucket open(S3Settings settings) throws DriverException {
    S3Trouble trouble = new S3Trouble(settings, WORDS);
    S3Client client;
    try {
      client = S3Clients.of(settings);
    } catch (RuntimeException e) {
      throw trouble.of(e, "connecting");
    }
    return new Bucket(settings, client, new S3Requests(client, settings), trouble);
  }

  /** For messages and reports: {@code bucket acme, prefix photos/}. */
  String describe() {
    return "bucket "
        + settings.bucket()
        + (settings.prefix().isEmpty() ? "" : ", prefix " + settings.prefix());
  }

  <T> T call(String doing, Supplier<T> request) throws DriverException {
    try {
      return request.get();
    } catch (RuntimeException e) {
      throw trouble.of(e, doing);
    }
  }

  /** Whether this object is one that a restore is just gathering. */
  boolean staged(S3Object object) {
    return requests.below(object).startsWith(STAGING);
  }

  /** How much there is. */
  Extent extent() throws DriverException {
    return extent(object -> {});
  }

  /**
   * How much there is.
   *
   * @param each is shown every object that counts
   */
  Extent extent(Consumer<S3Object> each) throws DriverException {
    return call(
        "listing objects",
        () -> {
          long objects = 0;
          long bytes = 0;
          for (S3Object object : requests.list("")) {
            if (!staged(object)) {
              objects++;
              bytes += object.size();
              each.accept(object);
            }
          }
          return new Extent(objects, bytes);
        });
  }

  /** Objects and their bytes. */
  record Extent(long objects, long bytes) {}

  boolean exists() throws DriverException {
    try {
      client.headBucket(r -> r.bucket(settings.bucket()));
      return true;
    } catch (RuntimeException e) {
      if (e instanceof AwsServiceException service && service.statusCode() == 404) {
        return false;
      }
      throw trouble.of(e, "looking for the bucket");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
