package io.keepset.runner.artifact;

/**
 * What identifies a run of bytes.
 *
 * @param sum in lower-case hex, as the usual tools print it
 */
public record Fingerprint(long size, Kind kind, String sum) {
  /** How the sum was taken. */
  public enum Kind {
    /** Withstands malice: for what lies with others. */
    SHA256("sha256"),
    /** Notices accidents, at the speed of memory: for what seals and stores vouch for otherwise. */
    CRC32C("crc32c");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** In manifests and messages. */
    public String word() {
      return word;
    }
  }

  public static Fingerprint sha256(long size, String sum) {
    return new Fingerprint(size, Kind.SHA256, sum);
  }

  public static Fingerprint crc32c(long size, String sum) {
    return new Fingerprint(size, Kind.CRC32C, sum);
  }

  @Override
  public String toString() {
    return size + " bytes, " + kind.word() + " " + sum;
  }
}
