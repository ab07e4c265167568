package io.keepset.app.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** One schedule of one database, as Quartz knows it. The name of the class is in the state. */
@DisallowConcurrentExecution
public final class RunJob implements Job {
  private final BackupScheduler scheduler;

  RunJob(BackupScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void execute(JobExecutionContext context) {
    scheduler.due(RunKey.of(context.getJobDetail().getKey()), context.isRecovering());
  }
}
