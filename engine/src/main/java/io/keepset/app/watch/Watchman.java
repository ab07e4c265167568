package io.keepset.app.watch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a minute and tells everybody who listens. A turn that fails is logged and nobody is
 * told that all is well; the next one is tried all the same.
 */
public final class Watchman {
  private static final Logger LOG = LoggerFactory.getLogger(Watchman.class);

  private final Lookout lookout;
  private final InstantSource clock;
  private final List<Consumer<Outlook>> listeners = new ArrayList<>();
  private volatile @Nullable Outlook last;
  private volatile boolean failing;

  public Watchman(Lookout lookout, InstantSource clock) {
    this.lookout = lookout;
    this.clock = clock;
  }

  /** Hears every outlook, in the watch's own thread; to be called before the first turn. */
  public void tell(Consumer<Outlook> listener) {
    listeners.add(listener);
  }

  /** One turn. Never throws. */
  public void turn() {
    try {
      Instant now = clock.instant();
      Outlook outlook = lookout.look(now);
      last = outlook;
      for (Consumer<Outlook> listener : listeners) {
        listener.accept(outlook);
      }
      if (failing) {
        LOG.info("the watch works again");
      }
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.error("the watch failed, so nobody is told that all is well", e);
      }
      failing = true;
    }
  }

  /** As of now. */
  public Outlook look() {
    return lookout.look(clock.instant());
  }

  /** What the last turn saw. */
  public Optional<Outlook> last() {
    return Optional.ofNullable(last);
  }
}
