package io.keepset.plan;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settings by which less of what is kept can be read later weaken, as those of a database do. */
final class SettingsGuard implements Guard {
  static final String CODE = "guard.settings";

  @Override
  public List<Objection> check(Plan plan, Circumstances circumstances) {
    if (plan.mode() == Mode.OBSERVE) {
      return List.of();
    }
    return circumstances.precedents().settings().stream()
        .filter(change -> change.grade() == Grade.WEAKENS)
        .map(
            change ->
                Objection.unless(
                    change.name(),
                    CODE,
                    "",
                    change.path(),
                    " " + change.words() + " weakens how Terraform's states are kept",
                    Optional.empty()))
        .toList();
  }

  /** All that changes: no database's entry tells of it. */
  static List<Diagnostic> notes(Circumstances circumstances) {
    return circumstances.precedents().settings().stream()
        .map(
            change ->
                Diagnostic.note(
                    "settings.changed",
                    change.path()
                        + " "
                        + change.words()
                        + " "
                        + change.grade().name().toLowerCase(Locale.ROOT),
                    null))
        .toList();
  }
}
