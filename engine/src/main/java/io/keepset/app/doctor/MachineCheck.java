package io.keepset.app.doctor;

import io.keepset.diagnostic.Diagnostic;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.List;

/** Java and its time zones. */
final class MachineCheck {
  /** Governments move their clocks; after two years some schedule is likely to be an hour off. */
  private static final int OLD_YEARS = 2;

  private MachineCheck() {}

  static Checkup run(Instant now) {
    return new Checkup("this machine", List.of(java(), zones(now, dataVersion())));
  }

  private static Diagnostic java() {
    return Diagnostic.note(
        "doctor.java",
        "Java "
            + Runtime.version()
            + ", user "
            + System.getProperty("user.name")
            + ", "
            + Runtime.getRuntime().maxMemory() / (1 << 20)
            + " MiB of memory at most",
        null);
  }

  private static String dataVersion() {
    return ZoneRulesProvider.getVersions("Europe/Berlin").lastKey();
  }

  /** Versions are called 2025a, 2025b and so on. */
  static Diagnostic zones(Instant now, String version) {
    int age =
        version.matches("\\d{4}[a-z]*")
            ? now.atZone(ZoneOffset.UTC).getYear() - Integer.parseInt(version.substring(0, 4))
            : 0;
    String message = "time zone data " + version;
    return age > OLD_YEARS
        ? Diagnostic.warning("doctor.timezones", message + " is " + age + " years old", null)
            .withHint("update Java: newer rules for summer time come with it")
        : Diagnostic.note("doctor.timezones", message, null);
  }
}
