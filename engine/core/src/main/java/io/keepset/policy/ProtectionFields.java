package io.keepset.policy;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A protection as a flat map from field path to canonical text, the form in which two protections
 * are compared and printed: {@code retention.daily -> 30}, {@code schedule.nightly.cron -> 0 2 * *
 * *}, {@code connection.host -> db1}. Absent fields have no entry.
 */
public final class ProtectionFields {
  private ProtectionFields() {}

  public static SortedMap<String, String> of(Protection protection) {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("engine", protection.engine());
    fields.put("platform", protection.target().platform());
    return fields;
  }
}
