package io.keepset.drivers.aws;

import io.keepset.spi.DriverException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
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
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(10))
                    .socketTimeout(settings.timeout()))
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(ATTEMPTS)));
    settings
        .credentials()
        .ifPresent(references -> builder.credentialsProvider(() -> resolve(references)));
    settings.endpoint().ifPresent(builder::endpointOverride);
    region(settings).ifPresent(builder::region);
    return builder.build();
  }

  /** Computed here: nobody is asked. */
  public static URI sign(S3Settings settings, String key, Duration validFor) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    settings
        .credentials()
        .ifPresent(references -> builder.credentialsProvider(() -> resolve(references)));
    settings.endpoint().ifPresent(builder::endpointOverride);
    region(settings).ifPresent(builder::region);
    try (S3Presigner presigner = builder.build()) {
      return URI.create(
          presigner
              .presignGetObject(
                  request ->
                      request
                          .signatureDuration(validFor)
                          .getObjectRequest(
                              get -> get.bucket(settings.bucket()).key(settings.prefix() + key)))
              .url()
              .toString());
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
