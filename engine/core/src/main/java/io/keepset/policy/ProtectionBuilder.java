package io.keepset.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/** A {@linkplain Protection#change() protection} of which something changes. */
public final class ProtectionBuilder {
  private TargetId target;
  private String engine;
  private SortedMap<String, Schedule> schedules;
  private Retention retention;
  private Optional<Duration> pointInTime;
  private SortedMap<String, Copy> copies;
  private boolean finalBackup;
  private Duration grace;
  private final Objective objective;
  private Optional<Suspension> suspension;
  private SortedMap<String, String> labels;
  private Optional<String> store;
  private Options connection;
  private Options options;

  ProtectionBuilder(Protection p) {
    target = p.target();
    engine = p.engine();
    schedules = p.schedules();
    retention = p.retention();
    pointInTime = p.pointInTime();
    copies = p.copies();
    finalBackup = p.finalBackup();
    grace = p.grace();
    objective = p.objective();
    suspension = p.suspension();
    labels = p.labels();
    store = p.store();
    connection = p.connection();
    options = p.options();
  }

  public ProtectionBuilder target(TargetId newTarget) {
    target = newTarget;
    return this;
  }

  public ProtectionBuilder engine(String newEngine) {
    engine = newEngine;
    return this;
  }

  public ProtectionBuilder schedules(SortedMap<String, Schedule> newSchedules) {
    schedules = newSchedules;
    return this;
  }

  public ProtectionBuilder retention(Retention newRetention) {
    retention = newRetention;
    return this;
  }

  public ProtectionBuilder pointInTime(Optional<Duration> newPointInTime) {
    pointInTime = newPointInTime;
    return this;
  }

  public ProtectionBuilder copies(SortedMap<String, Copy> newCopies) {
    copies = newCopies;
    return this;
  }

  public ProtectionBuilder finalBackup(boolean newFinalBackup) {
    finalBackup = newFinalBackup;
    return this;
  }

  public ProtectionBuilder grace(Duration newGrace) {
    grace = newGrace;
    return this;
  }

  public ProtectionBuilder suspension(Optional<Suspension> newSuspension) {
    suspension = newSuspension;
    return this;
  }

  public ProtectionBuilder labels(SortedMap<String, String> newLabels) {
    labels = newLabels;
    return this;
  }

  public ProtectionBuilder store(Optional<String> newStore) {
    store = newStore;
    return this;
  }

  public ProtectionBuilder connection(Options newConnection) {
    connection = newConnection;
    return this;
  }

  public ProtectionBuilder options(Options newOptions) {
    options = newOptions;
    return this;
  }

  public Protection build() {
    return new Protection(
        target,
        engine,
        schedules,
        retention,
        pointInTime,
        copies,
        finalBackup,
        grace,
        objective,
        suspension,
        labels,
        store,
        connection,
        options);
  }
}
