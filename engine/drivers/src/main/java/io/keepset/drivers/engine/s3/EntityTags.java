package io.keepset.drivers.engine.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * What objects' entity tags say of their bytes. By Amazon's API reference ("Object", field ETag) a
 * tag is the MD5 of an object that was uploaded in one request, unless it is encrypted with a key
 * of KMS or of the customer. Other services may give tags that look so and are something else, so a
 * difference alone proves nothing: the object is read again, and its tags are judged together.
 */
final class EntityTags {
  private static final Pattern SUM = Pattern.compile("\"?([0-9a-fA-F]{32})\"?");

  /** After so many that differ and none that is equal, nothing is compared any more. */
  private static final int CONVINCED = 3;

  private long equal;
  private long other;
  private String first = "";

  /** Takes the sum that {@link #differs} compares. */
  static MessageDigest sum() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /**
   * @param sum of the bytes that arrived
   * @return whether the tag is that of other bytes
   */
  boolean differs(GetObjectResponse object, byte[] sum) {
    if (equal == 0 && other >= CONVINCED) {
      return false;
    }
    Optional<String> told = told(object);
    if (told.isEmpty()) {
      return false;
    }
    boolean same = told.get().equals(HexFormat.of().formatHex(sum));
    if (same) {
      equal++;
    }
    return !same;
  }

  private static Optional<String> told(GetObjectResponse object) {
    String encryption = object.serverSideEncryptionAsString();
    boolean byKms = encryption != null && encryption.startsWith("aws:kms");
    if (object.eTag() == null || byKms || object.sseCustomerAlgorithm() != null) {
      return Optional.empty();
    }
    Matcher matcher = SUM.matcher(object.eTag());
    return matcher.matches()
        ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** It was read twice, with the same bytes, and its tag is that of others. */
  void stays(String key) {
    first = other == 0 ? key : first;
    other++;
  }

  /** Objects that changed where they lie; where no tag is a sum, none is known to. */
  Optional<String> warning() {
    return equal == 0 || other == 0
        ? Optional.empty()
        : Optional.of(
            other
                + " objects hold other bytes than their entity tags say, each time they are read"
                + " (the first is "
                + first
                + "): they are in the backup as they are; check the store's disks and its log");
  }
}
