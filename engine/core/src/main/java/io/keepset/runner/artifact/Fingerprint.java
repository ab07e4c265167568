package io.keepset.runner.artifact;

/**
 * What identifies a run of bytes.
 *
 * @param sha256 in lower-case hex, as {@code sha256sum} prints it
 */
public record Fingerprint(long size, String sha256) {
  @Override
  public String toString() {
    return size + " bytes, sha256 " + sha256;
  }
}
