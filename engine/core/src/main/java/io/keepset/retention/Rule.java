package io.keepset.retention;

import io.keepset.policy.Durations;
import io.keepset.policy.Retention.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a retention while it walks over candidates from the newest to the oldest. Holds the
 * places it has given away, so an instance serves one walk.
 *
 * <p>A candidate that does not count is judged in the same way but takes no place: it is kept where
 * it is the newest of its period and the rule has places left, beside the one that counts.
 */
abstract class Rule {
  private static final long NONE = Long.MIN_VALUE;

  private final String key;
  private long lastPeriod = NONE;
  private long lastUncounted = NONE;

  private Rule(String key) {
    this.key = key;
  }

  /** The n newest. */
  static Rule last(String key, String word, int n) {
    return new Counted(key, word, null, n);
  }

  /** The newest of each of the n newest periods that hold a backup. */
  static Rule tier(Tier tier, int n) {
    return new Counted(tier.word(), tier.word(), tier, n);
  }

  /** The newest of each period that is not older than an age, or all of that age. */
  static Rule within(Tier tier, Duration age, @Nullable Instant newest, ZoneId zone) {
    return new Within(tier, age, newest == null ? Instant.MIN : before(newest, age, zone));
  }

  /** All since a moment, and the newest that was complete before it. */
  static Rule window(Duration window, Instant begin) {
    return new Window(window, begin);
  }

  /** Whole days are days of the calendar, which may have 23 or 25 hours. */
  private static Instant before(Instant time, Duration age, ZoneId zone) {
    long days = age.toDays();
    return time.atZone(zone).minusDays(days).toInstant().minus(age.minusDays(days));
  }

  String key() {
    return key;
  }

  /** How a candidate fares; the next one asked about must be older. */
  final Place judge(Candidate candidate, boolean oldest) {
    if (!open(candidate)) {
      return Place.NONE;
    }
    long period = period(candidate);
    boolean begins = period == NONE || period != lastPeriod;
    if (!candidate.counts()) {
      boolean newest = begins && (period == NONE || period != lastUncounted);
      lastUncounted = period;
      return newest ? Place.UNCOUNTED : Place.NONE;
    }
    if (!begins && !oldest) {
      return Place.NONE;
    }
    lastPeriod = period;
    taken();
    return begins ? Place.COUNTED : Place.OLDEST;
  }

  /** The reason for the place that was just given, in words. */
  final Reason reason(Place place) {
    return new Reason(
        key,
        switch (place) {
          case COUNTED -> words();
          case OLDEST -> "oldest kept for " + name();
          case UNCOUNTED -> name() + ", not counted";
          case NONE -> throw new IllegalArgumentException("no reason without a place");
        });
  }

  abstract boolean open(Candidate candidate);

  /** NONE if every candidate is a period of its own. */
  abstract long period(Candidate candidate);

  abstract void taken();

  abstract String words();

  abstract String name();

  /** What a rule says about a candidate. */
  enum Place {
    NONE,
    COUNTED,
    /** Not the newest of its period, but the oldest of all while places are left. */
    OLDEST,
    UNCOUNTED
  }

  private static final class Counted extends Rule {
    private final String word;
    private final @Nullable Tier tier;
    private final int places;
    private int used;

    private Counted(String key, String word, @Nullable Tier tier, int places) {
      super(key);
      this.word = word;
      this.tier = tier;
      this.places = places;
    }

    @Override
    boolean open(Candidate candidate) {
      return used < places;
    }

    @Override
    long period(Candidate candidate) {
      return tier == null ? NONE : candidate.period().of(tier);
    }

    @Override
    void taken() {
      used++;
    }

    @Override
    String words() {
      return word + " " + used + "/" + places;
    }

    @Override
    String name() {
      return word;
    }
  }

  private static final class Window extends Rule {
    private final Duration window;
    private final Instant begin;
    private boolean before;
    private boolean covered;

    private Window(Duration window, Instant begin) {
      super("point_in_time");
      this.window = window;
      this.begin = begin;
    }

    @Override
    boolean open(Candidate candidate) {
      before = !candidate.complete().isAfter(begin);
      return !covered;
    }

    @Override
    long period(Candidate candidate) {
      return NONE;
    }

    @Override
    void taken() {
      covered = before;
    }

    @Override
    String words() {
      return name();
    }

    @Override
    String name() {
      return "point in time " + Durations.format(window);
    }
  }

  private static final class Within extends Rule {
    private final Tier tier;
    private final Duration age;
    private final Instant after;

    private Within(Tier tier, Duration age, Instant after) {
      super(tier.withinKey());
      this.tier = tier;
      this.age = age;
      this.after = after;
    }

    @Override
    boolean open(Candidate candidate) {
      return candidate.backup().time().isAfter(after);
    }

    @Override
    long period(Candidate candidate) {
      return tier == Tier.ALL ? NONE : candidate.period().of(tier);
    }

    @Override
    void taken() {
      // Age alone is the limit.
    }

    @Override
    String words() {
      return name();
    }

    @Override
    String name() {
      return (tier == Tier.ALL ? "" : tier.word() + " ") + "within " + Durations.format(age);
    }
  }
}
