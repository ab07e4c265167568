package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.S3Trouble;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An object that says that somebody restores into an empty place: of two who saw it empty at the
 * same time, one is refused. A service without conditional writes knows no claims.
 */
final class Claim {
  /** As of what is gathered: no backup takes it along. */
  private static final String KEY = Bucket.STAGING + "new";

  private final Bucket bucket;

  private Claim(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * @throws DriverException REJECTED if somebody else has it, or has filled the place meanwhile
   */
  static Claim take(Bucket bucket) throws DriverException {
    try {
      bucket.requests().putNew(KEY);
    } catch (RuntimeException e) {
      if (S3Trouble.isNotImplemented(e)) {
        return new Claim(bucket);
      }
      if (S3Trouble.isTaken(e)) {
        throw new DriverException(
            Kind.REJECTED,
            "somebody else restores into "
                + bucket.describe()
                + ", or did and broke off; choose another place, or delete "
                + bucket.settings().prefix()
                + KEY
                + " if nobody does",
            e);
      }
      throw bucket.trouble().of(e, "writing " + KEY);
    }
    Claim claim = new Claim(bucket);
    claim.requireAlone();
    return claim;
  }

  private void requireAlone() throws DriverException {
    Optional<S3Object> other =
        bucket.call(
            "listing objects",
            () ->
                bucket.requests().list("").stream()
                    .filter(object -> !bucket.requests().below(object).equals(KEY))
                    .findFirst());
    if (other.isPresent()) {
      release();
      throw new DriverException(
          Kind.REJECTED,
          bucket.describe()
              + " was empty a moment ago and holds objects now: somebody else writes or restores"
              + " there; nothing was written");
    }
  }

  void release() throws DriverException {
    bucket.call(
        "deleting " + KEY,
        () -> {
          bucket.requests().delete(KEY);
          return true;
        });
  }
}
