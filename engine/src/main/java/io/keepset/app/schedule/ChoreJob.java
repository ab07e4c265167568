package io.keepset.app.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** A chore, as Quartz knows it. The name of the class is in the state. */
@DisallowConcurrentExecution
public final class ChoreJob implements Job {
  private final BackupScheduler scheduler;

  ChoreJob(BackupScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void execute(JobExecutionContext context) {
    scheduler.chore(context.getJobDetail().getKey().getName());
  }
}
