package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import java.util.List;
import java.util.Optional;

/** Rules about one database as a whole. */
final class DatabaseRules {
  private DatabaseRules() {}

  /** Backups that are off say how, and a pause says until when. */
  static final class SuspensionIsPlain implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      Optional<Suspension> off = subject.protection().flatMap(Protection::suspension);
      return off.isPresent() && !off.get().disabled() && off.get().until().isEmpty()
          ? List.of(
              Diagnostic.error(
                      "backups.until",
                      "backups are paused, but nothing says until when",
                      subject.at("backups.paused"))
                  .withHint("add until, the first day on which they run again; or use disabled"))
          : List.of();
    }
  }

  /** A copy beside the original is lost with it. */
  static final class CopyElsewhere implements PolicyRule {
    @Override
    public List<Diagnostic> check(Subject subject) {
      return subject
          .protection()
          .flatMap(Protection::store)
          .map(
              store ->
                  subject.rules().copies().values().stream()
                      .filter(copy -> copy.to().equals(store))
                      .map(
                          copy ->
                              Diagnostic.error(
                                      "copy.same-store",
                                      "copy "
                                          + copy.name()
                                          + " goes to "
                                          + store
                                          + ", where the backups of "
                                          + subject.name()
                                          + " already are",
                                      subject.at("copy." + copy.name() + ".to"))
                                  .withHint("name another store"))
                      .toList())
          .orElse(List.of());
    }
  }
}
