package io.keepset.drivers.platform.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.plan.Samples;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionsForTests;
import io.keepset.retention.BackupKind;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import io.keepset.spi.PlatformContract;
import io.keepset.spi.Progress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlatformTest extends PlatformContract {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));

  @Override
  protected Platform open() {
    return new MemoryPlatform("memory", CLOCK);
  }

  @Override
  protected Protection wish(String database) {
    return Samples.on("memory", Samples.nightly(database));
  }

  @Override
  protected Optional<Protection> unsupportedWish(String database) {
    return Optional.of(Samples.on("memory", ProtectionsForTests.full()));
  }

  @Override
  protected boolean putForeign(String database) {
    ((MemoryPlatform) platform()).putForeign(wish(database));
    return true;
  }

  @Test
  void failsAsToldUntilItRecovers() {
    MemoryPlatform platform = new MemoryPlatform("memory", CLOCK);
    DriverException trouble = new DriverException(DriverException.Kind.TRANSIENT, "busy");
    platform.fail("orders", trouble);

    assertThatThrownBy(
            () ->
                platform
                    .operations()
                    .orElseThrow()
                    .create("orders", BackupKind.ON_DEMAND, Progress.NONE))
        .isSameAs(trouble);

    platform.recover("orders");
    assertThatThrownBy(
            () ->
                platform
                    .operations()
                    .orElseThrow()
                    .create("orders", BackupKind.ON_DEMAND, Progress.NONE))
        .hasMessage("orders is not protected on memory");
  }
}
