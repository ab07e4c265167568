package io.keepset.app.schedule;

import io.keepset.app.state.ScheduleClock;
import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happens when a schedule wakes up: is a run due, is there a place for it, is it ours; then it
 * is made, or tried again later.
 */
final class DueRuns {
  private static final int MOST_DOUBLINGS = 5;

  private final Catalogue catalogue;
  private final ScheduleClock hands;
  private final RunTrigger trigger;
  private final Slots slots;
  private final InstantSource clock;
  private final Journal journal;
  private final Duration firstRetry;
  private final WakeUp wakeUp;
  private final Map<RunKey, Integer> attempts = new ConcurrentHashMap<>();

  /** Sets the one moment at which a schedule wakes up next. */
  interface WakeUp {
    void at(RunKey key, Instant at);
  }

  DueRuns(
      Catalogue catalogue,
      ScheduleClock hands,
      RunTrigger trigger,
      Slots slots,
      InstantSource clock,
      Journal journal,
      Duration firstRetry,
      WakeUp wakeUp) {
    this.catalogue = catalogue;
    this.hands = hands;
    this.trigger = trigger;
    this.slots = slots;
    this.clock = clock;
    this.journal = journal;
    this.firstRetry = firstRetry;
    this.wakeUp = wakeUp;
  }

  /** Backups are off on purpose at this time. */
  static boolean suspended(Protection protection, Schedule schedule, Instant now) {
    LocalDate today = now.atZone(schedule.zone()).toLocalDate();
    return protection
        .suspension()
        .filter(s -> s.until().isEmpty() || today.isBefore(s.until().get()))
        .isPresent();
  }

  /** Its trigger went off, or the run of a node that died is to be recovered. */
  void due(RunKey key, boolean recovering) {
    Instant now = clock.instant();
    Optional<Protection> protection = catalogue.protection(key.database());
    Schedule schedule = protection.map(p -> p.schedules().get(key.schedule())).orElse(null);
    Optional<Hand> hand = hands.find(key.database(), key.schedule());
    if (schedule == null || hand.isEmpty() || suspended(protection.orElseThrow(), schedule, now)) {
      return;
    }
    wakeUp.at(key, schedule.next(key.database(), now));
    Optional<Instant> due =
        recovering && hand.get().serving().isPresent()
            ? hand.get().serving()
            : schedule.missed(key.database(), hand.get().servedUntil(), now);
    if (due.isPresent()) {
      serve(key, protection.orElseThrow(), due.get(), recovering || hand.get().died());
    } else {
      attempts.remove(key);
      skip(key, schedule, hand.get(), now);
    }
  }

  private void skip(RunKey key, Schedule schedule, Hand hand, Instant now) {
    Instant last = schedule.previous(key.database(), now);
    if (last.isAfter(hand.servedUntil()) && hand.serving().isEmpty()) {
      hands.skip(key.database(), key.schedule(), last);
      journal.tell(
          Severity.WARNING,
          key.database(),
          "the run of schedule "
              + key.schedule()
              + " that was due at "
              + last
              + " is left out, because the next is near: "
              + schedule.next(key.database(), now));
    }
  }

  private void serve(RunKey key, Protection protection, Instant due, boolean recovering) {
    Optional<Slots.Slot> slot = slots.take(protection.store());
    if (slot.isEmpty()) {
      retry(key);
      return;
    }
    if (served(key, due, recovering, slot.get())) {
      try {
        trigger.afterwards(key.database());
      } catch (RuntimeException | StackOverflowError e) {
        journal.tell(Severity.ERROR, key.database(), "keepset has a bug: " + e);
      }
    }
  }

  /**
   * @return whether a run took place
   */
  private boolean served(RunKey key, Instant due, boolean recovering, Slots.Slot slot) {
    try (slot) {
      if (!hands.claim(key.database(), key.schedule(), due, recovering)) {
        return false;
      }
      RunTrigger.Outcome outcome = RunTrigger.Outcome.ENDED;
      try {
        outcome = trigger.run(key.database(), key.schedule(), due, recovering);
      } catch (RuntimeException | StackOverflowError e) {
        journal.tell(Severity.ERROR, key.database(), "keepset has a bug: " + e);
      }
      switch (outcome) {
        case ENDED -> {
          attempts.remove(key);
          hands.served(key.database(), key.schedule(), due);
        }
        case BUSY -> {
          hands.release(key.database(), key.schedule(), due, recovering);
          retry(key);
        }
      }
      return outcome == RunTrigger.Outcome.ENDED;
    }
  }

  /** Soon at first, then ever more seldom, so that many who wait do not keep the node busy. */
  private void retry(RunKey key) {
    int attempt = attempts.merge(key, 1, Integer::sum);
    wakeUp.at(
        key,
        clock.instant().plus(firstRetry.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS))));
  }
}
