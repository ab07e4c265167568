package io.keepset.drivers.engine.s3;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Source;
import java.util.Optional;

/**
 * Where a restore goes, after a look at what is there.
 *
 * @param makeBucket whether there is no such bucket yet
 */
record S3Target(Bucket bucket, boolean makeBucket) implements AutoCloseable {
  static S3Target check(Source source, RestoreRequest request, String stamp)
      throws DriverException {
    return switch (request.mode()) {
      case NEW -> checkNew(source, request.newName(), stamp);
      case OVER -> {
        Bucket bucket = Bucket.toRestore(source, Optional.empty(), Optional.empty());
        yield checked(bucket, bucket::extent, false);
      }
      case MERGE -> throw request.mode().notListed();
    };
  }

  /**
   * {@code BUCKET} or {@code BUCKET/PREFIX}; without a name, a prefix beside that of the backup.
   */
  private static S3Target checkNew(Source source, Optional<String> named, String stamp)
      throws DriverException {
    String home = source.connection().get("prefix", "").replaceAll("^/+|/+$", "");
    String bucketName = source.connection().get("bucket", "");
    String prefix = home + "_restored_" + stamp;
    if (named.isPresent()) {
      int slash = named.get().indexOf('/');
      bucketName = slash < 0 ? named.get() : named.get().substring(0, slash);
      prefix = slash < 0 ? "" : named.get().substring(slash + 1);
    } else if (home.isEmpty()) {
      throw new DriverException(
          Kind.REJECTED,
          "the backup is of a whole bucket, and a copy in it would be part of the next backup: name"
              + " another bucket (BUCKET or BUCKET/PREFIX), or restore over this one");
    }
    Bucket bucket = Bucket.toRestore(source, Optional.of(bucketName), Optional.of(prefix));
    try {
      if (!bucket.exists()) {
        return new S3Target(bucket, true);
      }
      boolean taken =
          bucket.call(
              "listing objects", () -> bucket.requests().list("").stream().findFirst().isPresent());
      if (taken) {
        throw new DriverException(
            Kind.REJECTED,
            named.orElse(bucket.describe())
                + " holds objects already; choose another place, or restore over it");
      }
      return new S3Target(bucket, false);
    } catch (DriverException | RuntimeException e) {
      bucket.close();
      throw e;
    }
  }

  private interface Look {
    Object look() throws DriverException;
  }

  private static S3Target checked(Bucket bucket, Look look, boolean makeBucket)
      throws DriverException {
    try {
      look.look();
      return new S3Target(bucket, makeBucket);
    } catch (DriverException | RuntimeException e) {
      bucket.close();
      throw e;
    }
  }

  String describe() {
    return bucket.describe();
  }

  @Override
  public void close() {
    bucket.close();
  }
}
