package io.keepset.app.schedule;

import io.keepset.app.state.ScheduleClock;
import io.keepset.app.state.ScheduleClock.Hand;
import io.keepset.app.state.StateDatabase;
import io.keepset.diagnostic.Severity;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.policy.TargetId;
import io.keepset.retention.BackupState;
import io.keepset.runner.Catalogue;
import io.keepset.runner.Journal;
import io.keepset.runner.RunnerPlatform;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.matchers.GroupMatcher;

/**
 * Lets every schedule in the catalogue run when it is due, once, on one of the nodes that share the
 * state. Quartz keeps the next moment of each schedule and finds nodes that died; what is due, and
 * whether a late run is still wanted, {@link Schedule} decides at the moment itself.
 *
 * <p>No database has two runs at once. A run that can't begin (the database or all places are busy)
 * waits and is tried again, until the next one is nearer than half the interval.
 */
public final class BackupScheduler implements AutoCloseable {
  private static final String MISSING = "is missing in the scheduler";
  private static final Duration SYNCHRONISE = Duration.ofMinutes(1);

  /** Beside the runs themselves: for chores, and to find out that there is no place. */
  private static final int SPARE_THREADS = 2;

  private final Catalogue catalogue;
  private final ScheduleClock hands;
  private final InstantSource clock;
  private final Journal journal;
  private final Duration patience;
  private final Scheduler quartz;
  private final Running running = new Running();
  private final ChoreSchedule chores;
  private final DueRuns runs;

  /**
   * What the scheduler works with.
   *
   * @param threads runs that this node can do at once
   * @param checkIn how often a node says that it lives; one that has not for about twice that long
   *     is taken for dead
   * @param retry after which time a run that could not begin is tried again at first
   * @param patience how long {@link #close} waits for runs under way
   */
  public record Settings(int threads, Duration checkIn, Duration retry, Duration patience) {
    public static Settings usual(int threads) {
      return new Settings(
          threads, Duration.ofSeconds(7), Duration.ofSeconds(5), Duration.ofSeconds(20));
    }
  }

  public BackupScheduler(
      StateDatabase state,
      RunTrigger trigger,
      Collection<Chore> chores,
      RunLimits limits,
      InstantSource clock,
      Journal journal,
      Settings settings) {
    this.catalogue = state.catalogue();
    this.hands = state.scheduleClock();
    this.clock = clock;
    this.journal = journal;
    this.patience = settings.patience();
    this.runs =
        new DueRuns(
            catalogue,
            hands,
            trigger,
            new Slots(state.leases(), limits),
            clock,
            journal,
            settings.retry(),
            this::wake);
    List<Chore> all = new ArrayList<>(chores);
    all.add(new Chore("synchronise", SYNCHRONISE, this::synchronise));
    this.chores = new ChoreSchedule(all, running, journal);
    try {
      this.quartz =
          QuartzFactory.create(state, settings.threads() + SPARE_THREADS, settings.checkIn());
      this.quartz.setJobFactory(
          (bundle, scheduler) ->
              bundle.getJobDetail().getJobClass() == RunJob.class
                  ? new RunJob(this)
                  : new ChoreJob(this));
    } catch (SchedulerException e) {
      throw failed(e);
    }
  }

  /** Catches up what was missed, takes over what a dead process left, and goes on from there. */
  public void start() {
    try {
      chores.putInto(quartz);
      synchronise();
      quartz.start();
    } catch (SchedulerException e) {
      throw failed(e);
    }
  }

  /**
   * Makes the jobs those of the protections in force now. Called after each apply, and once a
   * minute for what changes by itself: suspensions that end. Harmless to repeat, on any node.
   */
  public synchronized void synchronise() {
    Instant now = clock.instant();
    Map<RunKey, Schedule> wanted = wanted(now);
    Map<RunKey, Hand> known = new HashMap<>();
    hands.all().forEach(hand -> known.put(new RunKey(hand.database(), hand.schedule()), hand));
    try {
      Set<JobKey> present = quartz.getJobKeys(GroupMatcher.jobGroupEquals(RunKey.GROUP));
      begin(wanted, known, now);
      Map<String, Instant> waking = hands.wakeUps(QuartzFactory.NAME, RunKey.GROUP);
      Map<JobDetail, Set<? extends Trigger>> jobs = new HashMap<>();
      for (Map.Entry<RunKey, Schedule> entry : wanted.entrySet()) {
        RunKey key = entry.getKey();
        Instant since = known.containsKey(key) ? known.get(key).servedUntil() : now;
        Instant at = wakeUp(entry.getValue(), key.database(), since, now);
        Instant waiting = waking.get(key.trigger().getName());
        // One that waits for an earlier moment is a run that is tried again, or finds nothing due.
        // A second of grace, because the two clocks are not read in one instant.
        Instant next = entry.getValue().next(key.database(), now).plusSeconds(1);
        if (waiting == null || waiting.isAfter(date(next).toInstant())) {
          jobs.put(job(key), Set.of(once(key, at)));
        }
      }
      quartz.scheduleJobs(jobs, true);
      for (JobKey job : present) {
        if (!wanted.containsKey(RunKey.of(job))) {
          quartz.deleteJob(job);
        }
      }
    } catch (SchedulerException e) {
      throw failed(e);
    }
    for (RunKey key : known.keySet()) {
      if (!wanted.containsKey(key)) {
        hands.end(key.database(), key.schedule());
      }
    }
  }

  /**
   * Schedules in force that will not run, and why. Quartz never pauses one by itself, so whoever
   * did it went behind our back. One that is missing may be so new that nobody has scheduled it
   * yet: that is put right first, and what is still missing is told.
   */
  public SortedMap<TargetId, String> idle() {
    SortedMap<TargetId, String> idle = findIdle();
    if (idle.values().stream().anyMatch(what -> what.contains(MISSING))) {
      synchronise();
      return findIdle();
    }
    return idle;
  }

  private SortedMap<TargetId, String> findIdle() {
    SortedMap<TargetId, String> idle = new TreeMap<>();
    try {
      for (RunKey key : wanted(clock.instant()).keySet()) {
        String what =
            switch (quartz.getTriggerState(key.trigger())) {
              case PAUSED -> "is paused in the scheduler";
              case ERROR -> "can't run: the scheduler has set it aside after an error";
              case NONE ->
                  quartz.checkExists(key.job()) || isUnderWay(key.database()) ? "" : MISSING;
              case NORMAL, COMPLETE, BLOCKED -> "";
            };
        if (!what.isEmpty()) {
          idle.merge(
              new TargetId(RunnerPlatform.NAME, key.database()),
              "schedule " + key.schedule() + " " + what,
              (one, other) -> one + "; " + other);
        }
      }
    } catch (SchedulerException e) {
      throw failed(e);
    }
    return idle;
  }

  private boolean isUnderWay(String database) {
    return catalogue.backups(database).stream().anyMatch(b -> b.state() == BackupState.CREATING);
  }

  private Map<RunKey, Schedule> wanted(Instant now) {
    Map<RunKey, Schedule> wanted = new HashMap<>();
    for (Protection protection : catalogue.protections().values()) {
      for (Schedule schedule : protection.schedules().values()) {
        if (!DueRuns.suspended(protection, schedule, now)) {
          wanted.put(new RunKey(protection.name(), schedule.name()), schedule);
        }
      }
    }
    return wanted;
  }

  /** A schedule that is new, or means other times than before, has missed nothing yet. */
  private void begin(Map<RunKey, Schedule> wanted, Map<RunKey, Hand> known, Instant now) {
    Map<RunKey, String> fresh = new HashMap<>();
    wanted.forEach(
        (key, schedule) -> {
          String rule = schedule.cron() + " " + schedule.zone() + " " + schedule.jitter();
          Hand hand = known.get(key);
          if (hand == null || !hand.rule().equals(rule)) {
            fresh.put(key, rule);
            known.remove(key);
          }
        });
    hands.begin(
        fresh.entrySet().stream()
            .map(
                e ->
                    new Hand(
                        e.getKey().database(),
                        e.getKey().schedule(),
                        e.getValue(),
                        now,
                        Optional.empty(),
                        false))
            .toList());
  }

  private static Instant wakeUp(Schedule schedule, String database, Instant since, Instant now) {
    return schedule.missed(database, since, now).isPresent() ? now : schedule.next(database, now);
  }

  /** A trigger of a schedule went off, or the run of a node that died is to be recovered. */
  void due(RunKey key, boolean recovering) {
    Running.Run begun = running.begin().orElse(null);
    if (begun == null) {
      return; // its hand has not moved: the next start finds it due
    }
    try (Running.Run run = begun) {
      runs.due(key, recovering);
    }
  }

  private void wake(RunKey key, Instant at) {
    try {
      Trigger next = once(key, at);
      if (quartz.rescheduleJob(key.trigger(), next) == null && quartz.checkExists(key.job())) {
        quartz.scheduleJob(next);
      }
    } catch (SchedulerException e) {
      // The next synchronisation puts it right.
      journal.tell(
          Severity.WARNING, key.database(), "could not be rescheduled yet: " + e.getMessage());
    }
  }

  private static JobDetail job(RunKey key) {
    return JobBuilder.newJob(RunJob.class)
        .withIdentity(key.job())
        .storeDurably()
        .requestRecovery()
        .build();
  }

  private Trigger once(RunKey key, Instant at) {
    return TriggerBuilder.newTrigger()
        .withIdentity(key.trigger())
        .forJob(key.job())
        .startAt(date(at))
        // A late one is no special case: what to do is decided when it goes off.
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
        .build();
  }

  /** Quartz has the system's clock; ours may be another. */
  @SuppressWarnings("JavaUtilDate") // Quartz speaks it
  private Date date(Instant at) {
    return new Date(System.currentTimeMillis() + Duration.between(clock.instant(), at).toMillis());
  }

  /** A chore is due. */
  void chore(String name) {
    chores.work(name);
  }

  /**
   * Starts nothing more and waits for what is under way. What has not ended in time is interrupted;
   * if even that does not end it, it is left, and taken up again as the run of a dead process is.
   */
  @Override
  public void close() {
    try {
      quartz.standby();
      running.end();
      if (!running.await(patience)) {
        journal.tell(Severity.WARNING, "scheduler", "stops while runs are under way");
        running.interrupt();
        running.await(patience);
      }
      quartz.shutdown(false);
    } catch (SchedulerException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(SchedulerException e) {
    return new IllegalStateException("the scheduler failed: " + e.getMessage(), e);
  }
}
