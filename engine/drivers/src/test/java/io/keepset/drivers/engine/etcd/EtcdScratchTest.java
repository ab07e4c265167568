package io.keepset.drivers.engine.etcd;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.ScratchContract;
import io.keepset.spi.ArtifactFacts;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Snapshots restored into an etcd that lives only for that. */
class EtcdScratchTest extends ScratchContract {
  private static final int PAGES_KEPT = 3;
  private static final int PAGE = 4096;
  private static final int TRAILER = 32;

  @Override
  protected EngineLab start() {
    return new EtcdEngineLab();
  }

  /** A snapshot's facts count no keys. */
  @Override
  protected String counted() {
    return "";
  }

  /** A snapshot does not say of which version it is. */
  @Override
  protected Optional<ArtifactFacts> ofTheFuture(ArtifactFacts facts) {
    return Optional.empty();
  }

  /** Its tree is gone, and the checksum is right. */
  @Override
  protected Optional<byte[]> hollow(byte[] good) throws Exception {
    byte[] hollow = good.clone();
    Arrays.fill(hollow, PAGES_KEPT * PAGE, hollow.length - TRAILER, (byte) 0x55);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(hollow, 0, hollow.length - TRAILER);
    System.arraycopy(digest.digest(), 0, hollow, hollow.length - TRAILER, TRAILER);
    return Optional.of(hollow);
  }
}
