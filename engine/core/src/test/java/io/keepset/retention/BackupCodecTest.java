package io.keepset.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BackupCodecTest {
  private static final Instant TIME = Instant.parse("2026-11-21T02:07:00Z");

  @Test
  void nothingIsLostOnTheWay() {
    Backup full =
        new Backup(
            "orders-20261121T020700Z-x7k2",
            "orders",
            "postgresql",
            BackupKind.COPY,
            BackupState.EXPIRED,
            TIME,
            Optional.of(TIME.plusSeconds(90)),
            OptionalLong.of(8_400_000_000L),
            OptionalLong.of(1),
            Optional.of(TIME.plusSeconds(91)),
            Optional.of(TIME.plusSeconds(92)),
            Optional.of(TIME.plusSeconds(93)),
            true,
            Optional.of("main"),
            Optional.of("a \"quoted\" reason"),
            Optional.of(new CopyOf("orders-20261121T020700Z-aaaa", "dr")),
            Optional.of(TIME.plusSeconds(94)));
    Backup bare =
        new BackupBuilder("b", "orders", "volume", BackupKind.SCHEDULED, BackupState.CREATING, TIME)
            .build();

    assertThat(BackupCodec.decode(BackupCodec.encode(full))).isEqualTo(full);
    assertThat(BackupCodec.decode(BackupCodec.encode(bare))).isEqualTo(bare);
  }
}
