package io.keepset.plan;

import io.keepset.policy.Copy;
import io.keepset.policy.Durations;
import io.keepset.policy.Protection;
import io.keepset.policy.Suspension;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupState;
import io.keepset.retention.Copies;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What comes along with a change besides the backups that it costs, a sentence each. */
final class SideEffects {
  private static final int MOST_RUNS_COUNTED = 10_000;

  private final List<String> sentences = new ArrayList<>();
  private final Change change;
  private final Stock stock;
  private final List<Backup> backups;
  private final List<Backup> originals;
  private final Instant now;

  private SideEffects(Change change, Stock stock, Instant now) {
    this.change = change;
    this.stock = stock;
    this.backups = stock.of(change.target());
    this.originals = Copies.originals(backups);
    this.now = now;
  }

  /** In a stable order; none contains a line break. */
  static List<String> of(Change change, Impact impact, Stock stock, Instant now) {
    SideEffects effects = new SideEffects(change, stock, now);
    switch (change.action()) {
      case CREATE -> {
        effects.moved();
        effects.off(Optional.empty(), change.after().orElseThrow());
        effects.logInCopies(Optional.empty(), change.after().orElseThrow());
      }
      case UPDATE -> effects.updated(impact);
      case DELETE -> effects.ended();
      case NONE, ADOPT, UNDECLARED, UNSUPPORTED -> {}
    }
    return effects.sentences;
  }

  private void updated(Impact impact) {
    Protection before = change.before().orElseThrow();
    Protection after = change.after().orElseThrow();
    source();
    store(impact, before, after);
    schedule(before, after);
    off(before.suspension(), after);
    reach(before, after);
    grace(before, after);
    pointInTime(before, after);
    logInCopies(Optional.of(before), after);
    copies(before, after);
  }

  /** What can be restored between two backups, by the log. */
  private void pointInTime(Protection before, Protection after) {
    Optional<Duration> old = before.pointInTime();
    Optional<Duration> wanted = after.pointInTime();
    if (old.isEmpty() && wanted.isPresent()) {
      sentences.add(
          "any instant of the last "
              + Durations.format(wanted.get())
              + " can be restored once there is a base backup: runs back up the whole server, not"
              + " this database alone");
    } else if (old.isPresent() && wanted.isEmpty()) {
      sentences.add(
          "only the moments of backups can be restored, no instant between them: receiving the log"
              + " ends, and the log of "
              + Durations.format(old.get())
              + " goes after "
              + Durations.format(after.grace())
              + " of grace");
      slot(before);
    } else if (old.isPresent() && wanted.get().compareTo(old.get()) < 0) {
      sentences.add(
          "instants that are older than "
              + Durations.format(wanted.get())
              + " can no longer be restored: their log goes after "
              + Durations.format(after.grace())
              + " of grace");
    }
  }

  /** A slot that nobody reads would fill the server's disk. */
  private void slot(Protection before) {
    if (before.pointInTime().isPresent() && !"push".equals(before.options().get("wal", ""))) {
      sentences.add(
          "the server keeps no log for us any more: the replication slot there is dropped");
    }
  }

  /** Copies are made of backups, and log is none. */
  private void logInCopies(Optional<Protection> before, Protection after) {
    boolean both = both(after);
    if (both && before.filter(SideEffects::both).isEmpty()) {
      sentences.add(
          "copies hold the base backups, not the log: from "
              + String.join(", ", after.copies().keySet())
              + " alone each base backup can be restored, no instant between them");
    }
  }

  private static boolean both(Protection protection) {
    return protection.pointInTime().isPresent() && !protection.copies().isEmpty();
  }

  /** Another database may be behind it from now on. */
  private void source() {
    List<String> fields = new ArrayList<>();
    for (FieldChange field : change.fields()) {
      String head = Grading.head(field.path());
      boolean source = head.equals("connection") || head.equals("options") || head.equals("engine");
      if (source && field.grade() == Grade.WEAKENS) {
        fields.add(field.path());
      }
    }
    long earlier = Toll.restorable(originals).size();
    if (!fields.isEmpty() && earlier > 0) {
      sentences.add(
          "what is backed up changes ("
              + String.join(", ", fields)
              + "): "
              + (earlier == 1
                  ? "the earlier backup shows"
                  : "the " + earlier + " earlier backups show")
              + " what it was before, and "
              + (earlier == 1 ? "goes" : "go")
              + " by the same rules as new ones come");
    }
  }

  private void store(Impact impact, Protection before, Protection after) {
    List<Backup> behind = impact.outOfReach();
    if (StoreGrading.moves(change)) {
      sentences.add(
          "store "
              + String.join(", ", StoreGrading.moved(change))
              + " moves: "
              + (behind.isEmpty()
                  ? "its earlier backups stay"
                  : Figures.count(behind.size(), "earlier backup")
                      + " ("
                      + Figures.size(Impact.bytes(behind))
                      + (behind.size() == 1 ? ") stays" : ") stay"))
              + " in the old place, out of reach under this name");
    }
    if (StoreGrading.turnsEncryptionOff(change)) {
      sentences.add("new backups lie in clear text");
    } else if (StoreGrading.changesKey(change)) {
      sentences.add("earlier backups open only if their key is among those at the new reference");
    }
    if (!before.store().equals(after.store()) && before.store().isPresent()) {
      sentences.add(
          "new backups go to "
              + after.store().orElse("no store")
              + "; earlier ones stay in "
              + before.store().get()
              + ", where they are found only as long as that store is declared");
    }
  }

  private void schedule(Protection before, Protection after) {
    if (!before.schedules().isEmpty() && after.schedules().isEmpty()) {
      sentences.add("nothing is scheduled any more: no new backups, and nothing replaces old ones");
    }
  }

  private void off(Optional<Suspension> before, Protection after) {
    if (after.suspension().isEmpty() || after.suspension().equals(before)) {
      return;
    }
    Optional<LocalDate> until = after.suspension().get().until();
    int missed = until.isEmpty() ? 0 : Runs.missed(after, now, MOST_RUNS_COUNTED);
    sentences.add(
        "no scheduled backups "
            + until
                .map(day -> "until " + day + ": " + runs(missed) + " left out")
                .orElse("until somebody ends this"));
  }

  private static String runs(int missed) {
    return missed >= MOST_RUNS_COUNTED
        ? "more than " + MOST_RUNS_COUNTED + " runs are"
        : Figures.count(missed, "run") + (missed == 1 ? " is" : " are");
  }

  private void reach(Protection before, Protection after) {
    RetentionReach reach = stock.reach(change.target());
    boolean rules =
        !before.retention().equals(after.retention()) || !before.zone().equals(after.zone());
    if (rules && reach != RetentionReach.REACHES_BACK) {
      sentences.add("retention on " + change.target().platform() + " " + reach.words());
    }
  }

  private void grace(Protection before, Protection after) {
    int inGrace = inGrace();
    if (!before.grace().equals(after.grace()) && inGrace > 0) {
      sentences.add(
          Figures.count(inGrace, "backup")
              + (inGrace == 1
                  ? " in grace keeps the day it was given"
                  : " in grace keep the days they were given"));
    }
  }

  private void copies(Protection before, Protection after) {
    for (Copy copy : before.copies().values()) {
      Copies.Group group = Copies.Group.of(copy);
      boolean goesOn =
          after.copies().values().stream().map(Copies.Group::of).anyMatch(group::equals);
      if (!goesOn) {
        int there = Copies.of(backups, copy).size();
        sentences.add(
            "no more copies go to "
                + copy.to()
                + "; "
                + (there == 0 ? "none is there" : Figures.count(there, "copy", "copies"))
                + (there == 0 ? "" : there == 1 ? " stays there" : " stay there")
                + (there == 0 ? "" : ", and nothing lets them go"));
      }
    }
  }

  private void moved() {
    for (FieldChange field : change.fields()) {
      if (field.path().equals("platform") && field.grade() == Grade.WEAKENS) {
        sentences.add(
            "it moves here from another platform: the backups there stay there, and the two histories"
                + " do not become one");
      }
    }
  }

  private void ended() {
    slot(change.before().orElseThrow());
    int inGrace = inGrace();
    if (inGrace > 0) {
      sentences.add(
          Figures.count(inGrace, "backup")
              + (inGrace == 1 ? " in grace stays" : " in grace stay")
              + " too: nothing deletes them while the database is not declared");
    }
  }

  private int inGrace() {
    int count = 0;
    for (Backup backup : backups) {
      count += backup.state() == BackupState.EXPIRED ? 1 : 0;
    }
    return count;
  }
}
