package io.keepset.drivers.aws;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What S3 refused, with its cause and its fix. */
public final class S3Trouble {
  private final S3Settings settings;
  private final Words words;

  /**
   * How messages name what is to be corrected.
   *
   * @param setting put before a setting's name: {@code the store's }
   * @param rights where the least rights are written down
   */
  public record Words(String setting, String rights) {}

  public S3Trouble(S3Settings settings, Words words) {
    this.settings = settings;
    this.words = words;
  }

  /**
   * @param doing as the beginning of a sentence: {@code reading a/b}
   */
  public DriverException of(RuntimeException e, String doing) {
    if (e instanceof S3Clients.Unresolved unresolved) {
      return unresolved.failure();
    }
    String what = doing + " in bucket " + settings.bucket() + " failed: ";
    if (e instanceof AwsServiceException service) {
      return refused(service, what);
    }
    return unreachable(e, what);
  }

  public static boolean isMissing(RuntimeException e) {
    return e instanceof AwsServiceException service
        && service.statusCode() == 404
        && !code(service).equals("NoSuchBucket");
  }

  /** Another version of the object is there than was asked for. */
  public static boolean isReplaced(RuntimeException e) {
    return e instanceof AwsServiceException service && service.statusCode() == 412;
  }

  /** An object of that key is there, or somebody is about to write one (409). */
  public static boolean isTaken(RuntimeException e) {
    return isReplaced(e)
        || (e instanceof AwsServiceException service
            && code(service).equals("ConditionalRequestConflict"));
  }

  public static boolean isUnknownUpload(RuntimeException e) {
    return e instanceof AwsServiceException service && code(service).equals("NoSuchUpload");
  }

  public static boolean isNotImplemented(RuntimeException e) {
    return e instanceof AwsServiceException service && service.statusCode() == 501;
  }

  private static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private DriverException refused(AwsServiceException e, String what) {
    String code = code(e);
    int status = e.statusCode();
    return switch (code) {
      case "NoSuchBucket" ->
          new DriverException(
              Kind.REJECTED,
              what
                  + "there is no such bucket"
                  + at()
                  + "; create it, or correct "
                  + words.setting()
                  + "bucket or endpoint",
              e);
      case "InvalidBucketName" ->
          new DriverException(Kind.REJECTED, what + "S3 takes no bucket of this name", e);
      case "InvalidAccessKeyId" ->
          new DriverException(
              Kind.DENIED, what + "the access key is unknown; correct access_key", e);
      case "SignatureDoesNotMatch" ->
          new DriverException(
              Kind.DENIED,
              what + "the secret key does not belong to the access key; correct secret_key",
              e);
      case "RequestTimeTooSkewed" ->
          new DriverException(
              Kind.DENIED,
              what + "the clock of this machine is wrong; set it: timedatectl set-ntp true",
              e);
      case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
          new DriverException(
              Kind.DENIED, what + "the session's credentials have expired; renew them", e);
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          new DriverException(
              Kind.REJECTED,
              what
                  + "the bucket is in another region ("
                  + said(e)
                  + "); correct "
                  + words.setting()
                  + "region",
              e);
      case "PreconditionFailed" ->
          new DriverException(
              Kind.TRANSIENT, what + "the object was replaced while it was being read", e);
      case "InvalidObjectState" ->
          new DriverException(
              Kind.REJECTED,
              what
                  + "it is in an archive (GLACIER, DEEP_ARCHIVE); restore it there first, or keep"
                  + " such objects below another prefix",
              e);
      case "EntityTooLarge" ->
          new DriverException(
              Kind.REJECTED, what + "the service takes no object or part that large", e);
      case "XMinioStorageFull", "InsufficientStorage" ->
          new DriverException(Kind.TRANSIENT, what + "the service has no space left", e);
      case "SlowDown", "RequestLimitExceeded", "TooManyRequests" ->
          new DriverException(
              Kind.TRANSIENT, what + "S3 asks for fewer requests; it will be tried again later", e);
      default -> byStatus(e, what, code, status);
    };
  }

  private DriverException byStatus(AwsServiceException e, String what, String code, int status) {
    if (code.startsWith("KMS")) {
      return new DriverException(
          Kind.DENIED,
          what + "the KMS key can't be used (" + said(e) + "); see its state and its policy",
          e);
    }
    if (status == 404) {
      return new DriverException(Kind.NOT_FOUND, what + "it is not there", e);
    }
    if (status == 401 || status == 403) {
      return new DriverException(
          Kind.DENIED,
          what
              + "access denied ("
              + said(e)
              + "); the least rights that Keepset needs are in "
              + words.rights(),
          e);
    }
    if (status == 301 || status == 307) {
      return new DriverException(
          Kind.REJECTED,
          what + "the bucket is in another region; correct " + words.setting() + "region",
          e);
    }
    if (status >= 500 || status == 429 || status == 408) {
      return new DriverException(
          Kind.TRANSIENT, what + "the service has a problem (" + said(e) + ")", e);
    }
    return new DriverException(Kind.REJECTED, what + said(e), e);
  }

  private DriverException unreachable(RuntimeException e, String what) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return new DriverException(
            Kind.TRANSIENT,
            what
                + "the host "
                + cause.getMessage()
                + " is unknown; is the endpoint right, does"
                + " the network work?",
            e);
      }
      if (cause instanceof ConnectException) {
        return new DriverException(
            Kind.TRANSIENT, what + "nobody answers" + at() + " (" + cause.getMessage() + ")", e);
      }
      if (cause instanceof SSLException) {
        return new DriverException(
            Kind.DENIED,
            what
                + "no trusted connection"
                + at()
                + " ("
                + cause.getMessage()
                + "); trust the service's certificate with"
                + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=…, or correct the endpoint's"
                + " scheme",
            e);
      }
      if (cause instanceof SocketTimeoutException) {
        return new DriverException(
            Kind.TRANSIENT,
            what
                + "no answer"
                + at()
                + " for "
                + settings.timeout().toSeconds()
                + " s ("
                + words.setting()
                + "timeout)",
            e);
      }
    }
    String said = message(e);
    if (said.contains("Unable to load credentials")) {
      return new DriverException(
          Kind.DENIED,
          what
              + "there are no credentials; set "
              + words.setting()
              + "access_key and secret_key, or"
              + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role",
          e);
    }
    if (said.contains("Unable to load region")) {
      return new DriverException(
          Kind.REJECTED, what + "no region is known; set " + words.setting() + "region", e);
    }
    return new DriverException(Kind.TRANSIENT, what + said, e);
  }

  private String at() {
    return settings.endpoint().map(endpoint -> " at " + endpoint).orElse("");
  }

  private static String said(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    @Nullable String said = details == null ? null : details.errorMessage();
    String code = code(e);
    if (said == null || said.isEmpty()) {
      return code.isEmpty() ? "status " + e.statusCode() : code;
    }
    return code.isEmpty() ? said : code + ": " + said;
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
