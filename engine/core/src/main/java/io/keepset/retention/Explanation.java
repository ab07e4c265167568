package io.keepset.retention;

import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Retention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that retention has to say about the backups of a protected database.
 *
 * @param groups the originals, then the copies of each name in each store
 */
public record Explanation(List<Group> groups) {
  /**
   * Backups that are decided about together.
   *
   * @param copies empty for the originals
   * @param governed false for copies that the policy no longer speaks of, which stay
   * @param frozen why nothing of them expires now
   * @param forecasts oldest first
   */
  public record Group(
      Optional<Copies.Group> copies,
      boolean governed,
      Optional<String> frozen,
      List<Forecast> forecasts) {
    public Group {
      forecasts = List.copyOf(forecasts);
    }
  }

  public Explanation {
    groups = List.copyOf(groups);
  }

  /**
   * @param backups originals and copies, any state
   * @param holds what holds a backup, whoever made the hold
   */
  public static Explanation of(
      Protection protection,
      Collection<Backup> backups,
      Function<Backup, List<String>> holds,
      Instant now) {
    List<Group> groups = new ArrayList<>();
    Forecaster forecaster = new Forecaster(protection, holds, now);
    groups.add(forecaster.group(Optional.empty(), protection.rules(), Copies.originals(backups)));
    for (Map.Entry<Copies.Group, List<Backup>> copies : Copies.groups(backups).entrySet()) {
      Optional<Retention> rules =
          protection.copies().values().stream()
              .filter(copy -> Copies.Group.of(copy).equals(copies.getKey()))
              .map(Copy::retention)
              .findFirst();
      groups.add(
          rules.isPresent()
              ? forecaster.group(Optional.of(copies.getKey()), rules.get(), copies.getValue())
              : forgotten(copies.getKey(), copies.getValue()));
    }
    return new Explanation(groups);
  }

  private static Group forgotten(Copies.Group name, List<Backup> copies) {
    List<Forecast> forecasts = new ArrayList<>();
    for (Backup copy : copies) {
      if (copy.state() != BackupState.FAILED && copy.state() != BackupState.CREATING) {
        forecasts.add(
            new Forecast(
                new Decision(copy, List.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.of("no policy names this copy: it stays")));
      }
    }
    return new Group(Optional.of(name), false, Optional.empty(), forecasts);
  }

  private record Forecaster(
      Protection protection, Function<Backup, List<String>> holds, Instant now) {
    Group group(Optional<Copies.Group> copies, Retention rules, List<Backup> backups) {
      List<Forecast> forecasts =
          new RetentionForecast(
                  protection.name(),
                  protection.schedules().values(),
                  rules,
                  protection.zone(),
                  protection.grace(),
                  holds,
                  RetentionForecast.USUAL_HORIZON)
              .of(backups, now);
      Optional<String> frozen =
          KeepSet.decide(backups, rules, protection.zone(), now, holds).frozen();
      return new Group(copies, true, frozen, forecasts);
    }
  }
}
