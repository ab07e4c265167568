package io.keepset.terraform.read;

import static io.keepset.terraform.read.Column.count;
import static io.keepset.terraform.read.Column.flag;
import static io.keepset.terraform.read.Column.maybe;
import static io.keepset.terraform.read.Column.number;
import static io.keepset.terraform.read.Column.seconds;
import static io.keepset.terraform.read.Column.text;
import static io.keepset.terraform.read.Column.texts;
import static io.keepset.terraform.read.Column.time;

import io.keepset.policy.Copy;
import io.keepset.policy.Protection;
import io.keepset.policy.Schedule;
import io.keepset.retention.Backup;
import io.keepset.watch.Problem;
import io.keepset.watch.Promises.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The attributes of what is told, the same in state documents and in answers. */
final class Columns {
  static final List<Column<Database>> DATABASE =
      List.of(
          text("name", Database::name),
          maybe("engine", Database::engine),
          text("platform", Database::platform),
          maybe("environment", Database::environment),
          maybe("policy", Database::policy),
          maybe("store", of(Protection::store)),
          text("state", Database::state),
          flag("protected", Database::covered),
          flag("healthy", one -> !one.broken()),
          maybe("suspended_because", of(p -> p.suspension().map(s -> s.reason()))),
          texts("schedules", Columns::schedules),
          time("next_run", Database::nextRun),
          texts("copies", Columns::copies),
          seconds("point_in_time_seconds", of(Protection::pointInTime)),
          seconds("grace_seconds", of(p -> Optional.of(p.grace()))),
          count("backups", Database::backups),
          maybe("latest_backup_id", one -> one.newest().map(Backup::id)),
          time("latest_backup_at", one -> one.newest().map(Backup::time)),
          time("stale_after", Database::staleAfter),
          seconds("rpo_seconds", of(p -> p.objective().rpo())),
          maybe("rpo", promised(Kind.RPO)),
          seconds("rto_seconds", of(p -> p.objective().rto())),
          maybe("rto", promised(Kind.RTO)),
          seconds("verified_within_seconds", of(p -> p.objective().verifiedWithin())),
          maybe("verified_within", promised(Kind.VERIFIED_WITHIN)),
          texts("problems", one -> one.problems().stream().map(Problem::code).toList()));

  static final List<Column<Database>> LATEST_BACKUP =
      List.of(
          text("database", Database::name),
          maybe("id", one -> one.newest().map(Backup::id)),
          maybe("kind", one -> one.newest().map(backup -> backup.kind().word())),
          time("at", one -> one.newest().map(Backup::time)),
          time("finished_at", one -> one.newest().flatMap(Backup::finished)),
          number("size_bytes", one -> one.newest().flatMap(b -> present(b.size()))),
          number("stored_bytes", one -> one.newest().flatMap(b -> present(b.storedSize()))),
          time("verified_at", one -> one.newest().flatMap(Backup::verifiedAt)),
          maybe("store", one -> one.newest().flatMap(Backup::store)),
          time("stale_after", Database::staleAfter));

  static final List<Column<World.Store>> STORE =
      List.of(
          text("name", World.Store::name),
          text("type", World.Store::type),
          count("databases", World.Store::databases),
          number("stored_bytes", store -> Optional.of(store.storedBytes())));

  private Columns() {}

  private static <V> Function<Database, Optional<V>> of(Function<Protection, Optional<V>> value) {
    return one -> one.protection().flatMap(value);
  }

  private static Function<Database, Optional<String>> promised(Kind kind) {
    return one ->
        one.promises().stream()
            .filter(promise -> promise.kind() == kind)
            .map(promise -> promise.state().word())
            .findFirst();
  }

  private static List<String> schedules(Database one) {
    return one.protection().stream()
        .flatMap(p -> p.schedules().values().stream())
        .map(Columns::words)
        .toList();
  }

  private static String words(Schedule schedule) {
    return schedule.cron().text() + " " + schedule.zone().getId();
  }

  private static List<String> copies(Database one) {
    return one.protection().stream()
        .flatMap(p -> p.copies().values().stream())
        .map(Copy::to)
        .sorted()
        .toList();
  }

  private static Optional<Long> present(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
