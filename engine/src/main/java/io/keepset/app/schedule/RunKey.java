package io.keepset.app.schedule;

import org.quartz.JobKey;
import org.quartz.TriggerKey;

/** A database and one of its schedules; neither name has a slash. */
record RunKey(String database, String schedule) {
  static final String GROUP = "runs";

  static RunKey of(JobKey key) {
    int slash = key.getName().indexOf('/');
    return new RunKey(key.getName().substring(0, slash), key.getName().substring(slash + 1));
  }

  JobKey job() {
    return new JobKey(database + "/" + schedule, GROUP);
  }

  TriggerKey trigger() {
    return new TriggerKey(database + "/" + schedule, GROUP);
  }
}
