package io.keepset.app.notify;

import io.keepset.app.watch.Outlook;
import io.keepset.policy.Alerting;
import io.keepset.policy.Alerting.Heartbeat;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead man's switch: calls an address while nothing is broken. When something is, it calls the
 * other one or is silent; when the watch itself has not looked for a while, it is silent too.
 */
public final class Pulse {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  /** An outlook older than this says nothing about now. */
  private static final Duration FRESH = Duration.ofMinutes(3);

  private final Courier courier;
  private final Supplier<Alerting> alerting;
  private volatile @Nullable Outlook last;
  private @Nullable Instant beatAt;
  private boolean failing;

  public Pulse(Courier courier, Supplier<Alerting> alerting) {
    this.courier = courier;
    this.alerting = alerting;
  }

  public void hear(Outlook outlook) {
    last = outlook;
  }

  /** Called often; calls the address when it is time. Never throws. */
  public synchronized void beat() {
    Optional<Heartbeat> heartbeat = alerting.get().heartbeat();
    Outlook outlook = last;
    Instant now = courier.now();
    if (heartbeat.isEmpty()
        || outlook == null
        || outlook.at().plus(FRESH).isBefore(now)
        || (beatAt != null && beatAt.plus(heartbeat.get().every()).isAfter(now))) {
      return;
    }
    Optional<String> url =
        outlook.healthy() ? Optional.of(heartbeat.get().url()) : heartbeat.get().fail();
    if (url.isEmpty()) {
      return;
    }
    beatAt = now;
    try {
      courier.call(url.get());
      failing = false;
    } catch (DriverException e) {
      if (!failing) {
        LOG.error("the heartbeat did not get through: {}", e.getMessage());
      }
      failing = true;
    } catch (RuntimeException e) {
      LOG.error("the heartbeat failed", e);
    }
  }
}
