package io.keepset.drivers.engine.elasticsearch;

import io.keepset.spi.DriverException;

/**
 * Of a product that keeps its indices in snapshots of this format.
 *
 * @param number {@code 8.19.21}
 */
record Version(String product, String number) {
  static final String ELASTICSEARCH = "Elasticsearch";
  static final String OPENSEARCH = "OpenSearch";

  /** OpenSearch began anew with 1.0; Elasticsearch below 5 is none that we speak to. */
  static Version live(String number) {
    return new Version(major(number) < 5 ? OPENSEARCH : ELASTICSEARCH, number);
  }

  /** {@code Elasticsearch 8.19.21}. */
  String name() {
    return product + " " + number;
  }

  /** Settings of an index by which the cluster deletes it some day. */
  String lifecycleSettings() {
    return product.equals(ELASTICSEARCH)
        ? "index.lifecycle.*"
        : "index.plugins.index_state_management.*";
  }

  private static int major(String number) {
    return part(number, 0);
  }

  private static int part(String number, int index) {
    String[] parts = number.split("[.-]", -1);
    return index < parts.length && parts[index].matches("[0-9]{1,4}")
        ? Integer.parseInt(parts[index])
        : 0;
  }

  private int release() {
    return part(number, 0) * 10_000 + part(number, 1);
  }

  /**
   * Whether a backup of this version may go into a cluster of that one: the same or a newer
   * release, up to the next major.
   *
   * @throws DriverException REJECTED with both versions
   */
  void requireReadableBy(Version cluster, String where) throws DriverException {
    boolean same = product.equals(cluster.product);
    boolean readable =
        same
            ? cluster.release() >= release() && major(cluster.number) <= major(number) + 1
            // OpenSearch is a fork of Elasticsearch 7.10.
            : product.equals(ELASTICSEARCH)
                && major(number) == 7
                && release() <= 70_010
                && major(cluster.number) <= 2;
    if (!readable) {
      throw Failures.rejected(
          "the backup is of "
              + name()
              + ", "
              + where
              + " is "
              + cluster.name()
              + ": a snapshot restores into the same or a newer version up to the next major, and"
              + " into OpenSearch 1 and 2 from Elasticsearch 7.0 to 7.10");
    }
  }
}
