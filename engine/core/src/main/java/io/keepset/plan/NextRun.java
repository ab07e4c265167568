package io.keepset.plan;

import java.time.ZonedDateTime;

/**
 * A run that lies ahead, the database's jitter included.
 *
 * @param schedule name of the schedule
 */
public record NextRun(String schedule, ZonedDateTime at) {}
