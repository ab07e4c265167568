package io.keepset.runner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalLeasesTest {
  private final Leases leases = new LocalLeases();

  @Test
  void oneHolderAtATime() {
    try (Leases.Lease lease = leases.tryAcquire("run/orders").orElseThrow()) {
      assertThat(lease.held()).isTrue();
      assertThat(leases.tryAcquire("run/orders")).isEmpty();
      assertThat(leases.tryAcquire("run/billing")).isPresent();
    }
    assertThat(leases.tryAcquire("run/orders")).isPresent();
  }

  @Test
  void closingTwiceDoesNotEndTheNextHoldersLease() {
    Leases.Lease first = leases.tryAcquire("run/orders").orElseThrow();
    first.close();
    Leases.Lease second = leases.tryAcquire("run/orders").orElseThrow();
    first.close();

    assertThat(first.held()).isFalse();
    assertThat(second.held()).isTrue();
    assertThat(leases.tryAcquire("run/orders")).isEmpty();
  }
}
