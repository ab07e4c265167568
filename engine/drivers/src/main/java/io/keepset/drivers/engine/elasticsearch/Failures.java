package io.keepset.drivers.engine.elasticsearch;

import io.keepset.drivers.http.Endpoint;
import io.keepset.drivers.http.Refused;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;

/** What a cluster refuses, with cause and fix. */
final class Failures {
  private Failures() {}

  static DriverException explain(String doing, Refused refused, Endpoint endpoint) {
    String said = refused.text();
    String at = doing + " at " + endpoint.product() + " " + endpoint.where() + ": ";
    if (refused.status() == 401) {
      return of(
          Kind.DENIED,
          at
              + "the user or its password is wrong; check connection.user and what"
              + " connection.password refers to",
          said);
    }
    if (said.contains("index_not_found_exception")) {
      return of(
          Kind.REJECTED,
          at
              + "an index that options.indices names is not there; correct the list, or see whether a"
              + " restore that broke off left it as keepset-former-…: restore over again then",
          said);
    }
    if (said.contains("cluster_block_exception")) {
      return of(
          Kind.REJECTED,
          at
              + "the index, or the whole cluster, is blocked; see index.blocks.* in its settings, and"
              + " whether a disk is full",
          said);
    }
    if (refused.status() == 403) {
      return of(
          Kind.DENIED,
          at + "the user lacks a privilege; the least role is in docs/ENGINES.md",
          said);
    }
    if (said.contains("doesn't match any of the locations")) {
      return of(
          Kind.REJECTED,
          at
              + "the server may not write there; add options.repository.path to path.repo in its"
              + " configuration, on every node, and start it anew",
          said);
    }
    if (said.contains("access_denied_exception") || said.contains("AccessDeniedException")) {
      return of(
          Kind.DENIED,
          at
              + "the user that the server runs as may not write into (or read from)"
              + " options.repository.path; give it that directory",
          said);
    }
    if (said.contains("No space left on device")) {
      return of(Kind.TRANSIENT, at + "the disk of options.repository.path is full", said);
    }
    if (said.contains("same name already exists")) {
      return of(
          Kind.REJECTED,
          at + "an index of this name is there already; choose another name, or restore over",
          said);
    }
    if (said.contains("concurrent_snapshot_execution") || refused.status() == 429) {
      return of(Kind.TRANSIENT, at + "the cluster is busy with another snapshot", said);
    }
    return of(
        refused.status() >= 500 ? Kind.TRANSIENT : Kind.REJECTED,
        at + "the cluster refused (HTTP " + refused.status() + ")",
        said);
  }

  static DriverException rejected(String message) {
    return new DriverException(Kind.REJECTED, message);
  }

  private static DriverException of(Kind kind, String message, String said) {
    return new DriverException(kind, message + ". It said: " + said);
  }
}
