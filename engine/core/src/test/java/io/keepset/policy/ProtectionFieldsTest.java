package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProtectionFieldsTest {
  @Test
  void printsEveryFieldOnce() {
    assertThat(ProtectionFields.of(ProtectionsForTests.full()))
        .containsExactly(
            java.util.Map.entry("backups.disabled", "true"),
            java.util.Map.entry("backups.reason", "a reason"),
            java.util.Map.entry("backups.until", "2027-03-31"),
            java.util.Map.entry("connection.host", "db1"),
            java.util.Map.entry("connection.tls.ca", "/ca"),
            java.util.Map.entry("copy.dr.retention.minimum", "0"),
            java.util.Map.entry("copy.dr.retention.on_demand", "forever"),
            java.util.Map.entry("copy.dr.to", "frankfurt"),
            java.util.Map.entry("engine", "postgresql"),
            java.util.Map.entry("final_backup", "false"),
            java.util.Map.entry("grace", "100h"),
            java.util.Map.entry("labels.tier", "prod"),
            java.util.Map.entry("objective.rpo", "26h"),
            java.util.Map.entry("objective.rto", "90s"),
            java.util.Map.entry("objective.verified_within", "30d"),
            java.util.Map.entry("options.exclude[0]", "tmp"),
            java.util.Map.entry("platform", "runner"),
            java.util.Map.entry("point_in_time", "7d"),
            java.util.Map.entry("retention.daily", "30"),
            java.util.Map.entry("retention.last", "2"),
            java.util.Map.entry("retention.minimum", "3"),
            java.util.Map.entry("retention.on_demand", "forever"),
            java.util.Map.entry("retention.within", "3d"),
            java.util.Map.entry("retention.within_weekly", "60d"),
            java.util.Map.entry("retention.yearly", "6"),
            java.util.Map.entry("schedule.nightly.cron", "0 2 * * *"),
            java.util.Map.entry("schedule.nightly.jitter", "20m"),
            java.util.Map.entry("schedule.nightly.timezone", "Europe/Berlin"),
            java.util.Map.entry("store", "main"));
  }

  /** Whatever somebody adds to these records later must reach the comparison, or this fails. */
  @Test
  void everyComponentTakesPartInTheComparison() throws ReflectiveOperationException {
    Protection full = ProtectionsForTests.full();
    SortedMap<String, String> before = ProtectionFields.of(full);

    for (Record changed : variants(full)) {
      Protection protection = (Protection) changed;
      if (!protection.equals(full) && protection.name().equals(full.name())) {
        assertThat(ProtectionFields.of(protection)).as(changed.toString()).isNotEqualTo(before);
      }
    }
    assertThat(variants(full)).hasSizeGreaterThan(25);
  }

  @Test
  void encodedProtectionsReadBackTheSame() throws ReflectiveOperationException {
    for (Record variant : variants(ProtectionsForTests.full())) {
      Protection protection = (Protection) variant;
      assertThat(ProtectionCodec.decode(ProtectionCodec.encode(protection))).isEqualTo(protection);
    }
  }

  /** Copies of a record, each with one component, at whatever depth, replaced by another value. */
  private static List<Record> variants(Record record) throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      components[i].getAccessor().setAccessible(true);
      values[i] = components[i].getAccessor().invoke(record);
    }
    Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    List<Record> variants = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      for (Object other : others(components[i].getName(), values[i])) {
        Object[] changed = values.clone();
        changed[i] = other;
        variants.add((Record) constructor.newInstance(changed));
      }
    }
    return variants;
  }

  private static List<?> others(String name, Object value) throws ReflectiveOperationException {
    if (value instanceof Cron) {
      return List.of(new Cron("5 5 * * *"));
    } else if (value instanceof Record record) {
      return variants(record);
    } else if (value instanceof SortedMap<?, ?> map) {
      return changedMaps(map);
    } else if (name.equals("window")) {
      return List.of(); // made of another component, and in no field of its own
    } else if (value instanceof Optional<?> optional) {
      List<Object> all = new ArrayList<>(List.of(Optional.empty()));
      for (Object other : others(name, optional.orElseThrow())) {
        all.add(Optional.of(other));
      }
      return all;
    } else if (value instanceof String text) {
      // The names of schedules and copies are those of their keys.
      return name.equals("name") ? List.of() : List.of(text + "x");
    } else if (value instanceof Integer number) {
      return List.of(number == Retention.FOREVER ? 9 : number + 1);
    } else if (value instanceof Boolean flag) {
      return List.of(!flag);
    } else if (value instanceof Duration duration) {
      return List.of(duration.plusSeconds(1));
    } else if (value instanceof ZoneId) {
      return List.of(ZoneId.of("Asia/Tokyo"));
    } else if (value instanceof LocalDate day) {
      return List.of(day.plusDays(1));
    }
    throw new AssertionError("teach this test to vary " + value.getClass());
  }

  private static List<Object> changedMaps(SortedMap<?, ?> map) throws ReflectiveOperationException {
    List<Object> all = new ArrayList<>(List.of(new TreeMap<>()));
    for (Object key : map.keySet()) {
      for (Object other : others("value", map.get(key))) {
        TreeMap<Object, Object> changed = new TreeMap<>();
        changed.putAll(map);
        changed.put(key, other);
        all.add(changed);
      }
    }
    return all;
  }
}
