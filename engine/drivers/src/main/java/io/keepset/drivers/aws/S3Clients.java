package io.keepset.drivers.aws;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.SignedAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the client. */
public final class S3Clients {
  private static final int ATTEMPTS = 5;

  private S3Clients() {}

  /** A secret could not be had while a request was being signed. */
  static final class Unresolved extends RuntimeException {
    private final DriverException failure;

    Unresolved(DriverException failure) {
      super(failure);
      this.failure = failure;
    }

    DriverException failure() {
      return failure;
    }
  }

  /** Looks for credentials and a region, so it may take a moment. */
  public static S3Client of(S3Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .forcePathStyle(settings.pathStyle())
            // S3-compatible services fail on the newer checksums; we read every byte back anyway.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(
                defaults ->
                    new PatientUploads(
                        UrlConnectionHttpClient.builder()
                            .connectionTimeout(Duration.ofSeconds(10))
                            .socketTimeout(settings.timeout())
                            .buildWithDefaults(defaults),
                        settings.timeout()))
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(ATTEMPTS)));
    settings
        .credentials()
        .ifPresent(references -> builder.credentialsProvider(() -> resolve(references)));
    settings.endpoint().ifPresent(builder::endpointOverride);
    region(settings).ifPresent(builder::region);
    return builder.build();
  }

  /**
   * Computed here: S3 is not asked. The address ends with the credentials that sign it: those of a
   * role or a session end by themselves.
   */
  public static SignedAddress sign(S3Settings settings, String key, Duration validFor) {
    Optional<S3Settings.Credentials> own = settings.credentials();
    if (own.isPresent()) {
      return sign(settings, key, validFor, resolve(own.get()), Instant.now());
    }
    try (DefaultCredentialsProvider machine = DefaultCredentialsProvider.builder().build()) {
      return sign(settings, key, validFor, machine.resolveCredentials(), Instant.now());
    }
  }

  static SignedAddress sign(
      S3Settings settings, String key, Duration validFor, AwsCredentials by, Instant now) {
    Optional<Instant> end =
        by.expirationTime().filter(expiration -> expiration.isBefore(now.plus(validFor)));
    Duration valid =
        end.map(expiration -> Duration.between(now, expiration))
            .orElse(validFor)
            .truncatedTo(ChronoUnit.SECONDS);
    if (valid.isNegative() || valid.isZero()) {
      throw new Unresolved(
          new DriverException(
              Kind.DENIED,
              "the credentials of this machine's session ended at "
                  + end.orElse(now)
                  + "; renew them"));
    }
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .credentialsProvider(StaticCredentialsProvider.create(by))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    settings.endpoint().ifPresent(builder::endpointOverride);
    region(settings).ifPresent(builder::region);
    try (S3Presigner presigner = builder.build()) {
      URI uri =
          URI.create(
              presigner
                  .presignGetObject(
                      request ->
                          request
                              .signatureDuration(valid)
                              .getObjectRequest(
                                  get ->
                                      get.bucket(settings.bucket()).key(settings.prefix() + key)))
                  .url()
                  .toString());
      boolean session = by instanceof AwsSessionCredentials;
      return new SignedAddress(uri, end, session && by.expirationTime().isEmpty());
    }
  }

  private static Optional<Region> region(S3Settings settings) {
    // Compatible services want some region in the signature and seldom care which.
    return settings
        .region()
        .map(Region::of)
        .or(() -> settings.endpoint().map(endpoint -> Region.US_EAST_1));
  }

  private static AwsCredentials resolve(S3Settings.Credentials references) {
    try {
      return AwsBasicCredentials.create(
          references.secrets().resolve(references.accessKey()).reveal(),
          references.secrets().resolve(references.secretKey()).reveal());
    } catch (DriverException e) {
      throw new Unresolved(e);
    }
  }
}
