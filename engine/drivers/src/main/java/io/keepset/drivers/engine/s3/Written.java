package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.S3Trouble;
import io.keepset.spi.DriverException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What a restore wrote, so that a failed one takes back that, and nothing of anybody else. */
final class Written {
  private final Bucket bucket;
  private final Marks versions = new Marks();

  Written(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * @param tag entity tag of what was written
   */
  void add(String key, String tag) {
    versions.add(version(key, tag));
  }

  /**
   * Deletes it again, as far as it is still what was written.
   *
   * @return how many other objects there are
   */
  private long delete() {
    long others = 0;
    for (S3Object object : bucket.requests().list("")) {
      String key = bucket.requests().below(object);
      if (object.eTag() == null || !versions.contains(version(key, object.eTag()))) {
        others++;
        continue;
      }
      try {
        bucket.requests().delete(key);
      } catch (RuntimeException e) {
        if (!S3Trouble.isMissing(e)) {
          throw e;
        }
      }
    }
    return others;
  }

  private static String version(String key, String tag) {
    // Some services quote their tags in one answer and not in another.
    return tag.replace("\"", "") + ' ' + key;
  }

  /**
   * Takes it back, after a failure.
   *
   * @param madeBucket whether the bucket was made too: it goes if nothing else is in it
   * @return the failure, with what is left to know
   */
  DriverException undo(DriverException why, boolean madeBucket) {
    long others;
    try {
      others = bucket.call("deleting what was written", this::delete);
    } catch (DriverException e) {
      return with(
          why,
          "what was written into "
              + bucket.describe()
              + " could not be deleted again ("
              + e.getMessage()
              + "); delete it before the next try",
          e);
    }
    if (others > 0) {
      return with(
          why,
          "what was written was deleted again, but "
              + others
              + " objects that this restore did not write, or that were changed since, were left in "
              + bucket.describe(),
          null);
    }
    if (madeBucket) {
      try {
        bucket.call(
            "deleting the bucket",
            () -> bucket.client().deleteBucket(r -> r.bucket(bucket.settings().bucket())));
      } catch (DriverException e) {
        // Empty, or somebody else's by now; what failed first is the thing to hear about.
        why.addSuppressed(e);
      }
    }
    return why;
  }

  private static DriverException with(
      DriverException why,
      String more,
      @org.jspecify.annotations.Nullable DriverException suppressed) {
    DriverException told = new DriverException(why.kind(), why.getMessage() + "; " + more, why);
    if (suppressed != null) {
      told.addSuppressed(suppressed);
    }
    return told;
  }
}
