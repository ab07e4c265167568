package io.keepset.app.schedule;

import io.keepset.app.LastResort;
import io.keepset.diagnostic.Severity;
import io.keepset.runner.Journal;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/** Chores, each again and again on one of the nodes that share the state. */
final class ChoreSchedule {
  private static final String GROUP = "chores";

  private final Map<String, Chore> chores = new TreeMap<>();
  private final Running running;
  private final Journal journal;

  ChoreSchedule(Collection<Chore> chores, Running running, Journal journal) {
    chores.forEach(chore -> this.chores.put(chore.name(), chore));
    this.running = running;
    this.journal = journal;
  }

  /** Makes the scheduler's chores these. Harmless to repeat, on any node. */
  void putInto(Scheduler quartz) throws SchedulerException {
    for (Chore chore : chores.values()) {
      TriggerKey key = new TriggerKey(chore.name(), GROUP);
      long every = chore.every().toMillis();
      Trigger present = quartz.getTrigger(key);
      if (present instanceof SimpleTrigger same && same.getRepeatInterval() == every) {
        continue; // a restart must not put off what is due once a day
      }
      JobDetail job =
          JobBuilder.newJob(ChoreJob.class)
              .withIdentity(chore.name(), GROUP)
              .storeDurably()
              .build();
      Trigger repeated =
          TriggerBuilder.newTrigger()
              .withIdentity(key)
              .startNow()
              .withSchedule(
                  SimpleScheduleBuilder.simpleSchedule()
                      .withIntervalInMilliseconds(every)
                      .repeatForever()
                      .withMisfireHandlingInstructionNowWithExistingCount())
              .build();
      quartz.scheduleJobs(Map.of(job, Set.of(repeated)), true);
    }
    for (JobKey job : quartz.getJobKeys(GroupMatcher.jobGroupEquals(GROUP))) {
      if (!chores.containsKey(job.getName())) {
        quartz.deleteJob(job);
      }
    }
  }

  /** Does one now, unless a stop is under way. What goes wrong is told, and tried again in time. */
  void work(String name) {
    Chore chore = chores.get(name);
    if (chore == null) {
      return; // of another version of this program on the same state
    }
    Running.Run begun = running.begin().orElse(null);
    if (begun == null) {
      return;
    }
    try (Running.Run run = begun) {
      chore.work().run();
    } catch (RuntimeException | StackOverflowError e) {
      journal.tell(Severity.ERROR, name, "failed: " + e.getMessage());
    } catch (Error e) {
      LastResort.hear(e);
    }
  }
}
