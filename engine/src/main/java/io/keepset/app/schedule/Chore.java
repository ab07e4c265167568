package io.keepset.app.schedule;

import java.time.Duration;

/**
 * Work that is done now and then, on one node at a time: retention, verification, tidying up.
 *
 * @param work never ends the process; what it throws is told to the journal
 */
public record Chore(String name, Duration every, Runnable work) {}
