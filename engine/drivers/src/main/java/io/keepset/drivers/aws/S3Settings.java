package io.keepset.drivers.aws;

import io.keepset.policy.Options;
import io.keepset.policy.Sizes;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secrets;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to use a bucket as a store.
 *
 * @param region empty to ask the machine (environment, profile, instance)
 * @param endpoint of an S3-compatible service; empty for AWS
 * @param pathStyle the bucket in the path instead of the host name
 * @param prefix below which the backups lie: empty, or with a slash at its end
 * @param credentials references to access key and secret key; empty for the machine's own
 * @param serverSideEncryption {@code AES256}, {@code aws:kms}, or empty for the bucket's default
 * @param kmsKey for {@code aws:kms}; empty for the account's default key
 * @param partSize of uploads; empty for one that grows
 * @param timeout how long the service may say nothing
 */
public record S3Settings(
    String bucket,
    Optional<String> region,
    Optional<URI> endpoint,
    boolean pathStyle,
    String prefix,
    Optional<Credentials> credentials,
    Optional<String> serverSideEncryption,
    Optional<String> kmsKey,
    Optional<Integer> partSize,
    Duration timeout) {
  private static final long SMALLEST_PART = 5L << 20;
  private static final long LARGEST_PART = 1L << 30;

  /** Where access key and secret key are to be had; looked up again whenever they are needed. */
  public record Credentials(String accessKey, String secretKey, Secrets secrets) {}

  /**
   * From the options of a declared store.
   *
   * @throws DriverException REJECTED for what the schema can't see
   */
  public static S3Settings of(Options options, Secrets secrets) throws DriverException {
    String bucket = options.get("bucket", "");
    if (bucket.isEmpty()) {
      throw rejected("an s3 store needs a bucket");
    }
    Optional<URI> endpoint = options.get("endpoint").map(URI::create);
    Optional<String> access = options.get("access_key");
    Optional<String> secret = options.get("secret_key");
    if (access.isPresent() != secret.isPresent()) {
      throw rejected(
          "access_key and secret_key belong together; leave both out to use the machine's own"
              + " credentials");
    }
    Optional<String> kmsKey = options.get("kms_key");
    Optional<String> encryption = options.get("server_side_encryption");
    if (kmsKey.isPresent() && !encryption.equals(Optional.of("aws:kms"))) {
      throw rejected("kms_key is for server_side_encryption: \"aws:kms\"");
    }
    return new S3Settings(
        bucket,
        options.get("region"),
        endpoint,
        // Names of buckets rarely resolve as hosts where somebody runs a service of their own.
        options.flag("path_style", endpoint.isPresent()),
        prefix(options.get("prefix", "")),
        access.map(key -> new Credentials(key, secret.orElseThrow(), secrets)),
        encryption,
        kmsKey,
        partSize(options.get("part_size").orElse(null)),
        Duration.ofSeconds(Long.parseLong(options.get("timeout", "60"))));
  }

  private static String prefix(String prefix) {
    String bare = prefix.replaceAll("^/+|/+$", "");
    return bare.isEmpty() ? "" : bare + "/";
  }

  private static Optional<Integer> partSize(@Nullable String text) throws DriverException {
    if (text == null) {
      return Optional.empty();
    }
    long size = Sizes.parse(text).orElse(0);
    if (size < SMALLEST_PART || size > LARGEST_PART) {
      throw rejected("part_size must be from 5MiB to 1GiB, was " + text);
    }
    return Optional.of((int) size);
  }

  private static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }
}
