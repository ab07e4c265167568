package io.keepset.policy;

import java.time.Duration;
import java.time.ZoneId;

/**
 * When a backup runs.
 *
 * @param name unique within its policy
 * @param zone whose calendar the cron fields mean
 * @param jitter each database runs at a stable offset in {@code [0, jitter)} after the cron time
 */
public record Schedule(String name, Cron cron, ZoneId zone, Duration jitter) {}
