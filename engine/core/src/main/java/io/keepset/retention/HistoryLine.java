package io.keepset.retention;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Nearest;
import io.keepset.policy.Sizes;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the maps that {@link HistoryLines} finds. */
final class HistoryLine {
  private static final List<String> OWN =
      List.of("time", "size", "state", "kind", "suspicious", "verified", "id");

  /** What {@code --json} of other commands writes besides; it may be fed back as it is. */
  private static final List<String> OTHERS =
      List.of(
          "database",
          "engine",
          "finished",
          "stored_size",
          "verified_at",
          "expired_at",
          "delete_after",
          "store",
          "error",
          "kept",
          "reasons",
          "copy_of",
          "copy");

  private static final int LOOKED_AT = 5;

  private final ZoneId zone;
  private final Consumer<Diagnostic> report;
  private final Set<String> unknown = new HashSet<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> told = new HashSet<>();
  private int linesBefore;
  private boolean sound;

  HistoryLine(ZoneId zone, Consumer<Diagnostic> report) {
    this.zone = zone;
    this.report = report;
  }

  /** What is read next begins after so many lines of the text. */
  void beginsAfter(int lines) {
    linesBefore = lines;
  }

  Diagnostic moved(Diagnostic diagnostic) {
    Location at = diagnostic.at();
    return at == null
        ? diagnostic
        : new Diagnostic(
            diagnostic.severity(),
            diagnostic.code(),
            diagnostic.message(),
            diagnostic.hint(),
            at(at),
            diagnostic.pointer());
  }

  private Location at(Location at) {
    return new Location(at.file(), at.line() + linesBefore, at.column());
  }

  /** Empty if it says something that can't be understood, which was reported. */
  Optional<Backup> read(MapNode map) {
    sound = true;
    map.entries().forEach(this::known);
    if (map.get("time").isEmpty()) {
      mistake(
          Diagnostic.error("key.missing", "a backup without time", at(map.at()))
              .withHint("add \"time\": \"2026-11-21T02:00:00Z\""));
    }
    Optional<Instant> time = time(map, "time");
    OptionalLong size = size(map, "size");
    Optional<BackupState> state = choice(map, "state", BackupState.values(), BackupState::name);
    Optional<BackupKind> kind = choice(map, "kind", BackupKind.values(), BackupKind::word);
    Optional<Boolean> suspicious = flag(map, "suspicious");
    boolean complete = state.orElse(BackupState.CREATED) != BackupState.FAILED;
    boolean verified = flag(map, "verified").orElse(complete);
    Optional<Instant> expired = time(map, "expired_at");
    Optional<Instant> deleteAfter = time(map, "delete_after");
    if (!sound || time.isEmpty()) {
      return Optional.empty();
    }
    String id = unique(map.text("id").orElse(time.get().toString()));
    suspicious.ifPresent(yes -> told.add(id));
    return Optional.of(
        new BackupBuilder(
                id,
                map.text("database").orElse(""),
                map.text("engine").orElse(""),
                kind.orElse(BackupKind.SCHEDULED),
                state.orElse(BackupState.CREATED),
                time.get())
            .finished(time)
            .size(size)
            .storedSize(size(map, "stored_size"))
            .verifiedAt(verified ? time : Optional.empty())
            .expiredAt(expired)
            .deleteAfter(deleteAfter)
            .suspicious(suspicious.orElse(false))
            .store(map.text("store"))
            .error(map.text("error"))
            .build());
  }

  /** Judges those whose lines say nothing about it, each beside its like before it. */
  List<Backup> withSuspicion(List<Backup> inOrder, double threshold) {
    ArrayDeque<Backup> originals = new ArrayDeque<>();
    ArrayDeque<Backup> copies = new ArrayDeque<>();
    List<Backup> judged = new ArrayList<>(inOrder.size());
    for (Backup backup : inOrder) {
      ArrayDeque<Backup> earlier = backup.kind() == BackupKind.COPY ? copies : originals;
      boolean judgeable =
          backup.size().isPresent()
              && backup.state() != BackupState.FAILED
              && backup.kind() != BackupKind.UPLOADED;
      boolean odd =
          told.contains(backup.id())
              ? backup.suspicious()
              : judgeable
                  && threshold > 0
                  && Suspicion.of(backup.size().getAsLong(), List.copyOf(earlier), threshold)
                      .isPresent();
      judged.add(backup.change().suspicious(odd).build());
      if (judgeable) {
        earlier.addLast(backup);
        if (earlier.size() > LOOKED_AT) {
          earlier.removeFirst();
        }
      }
    }
    return List.copyOf(judged);
  }

  private String unique(String id) {
    String unique = id;
    for (int n = 2; !ids.add(unique); n++) {
      unique = id + "#" + n;
    }
    return unique;
  }

  private void known(MapNode.Entry entry) {
    if (!OWN.contains(entry.key()) && !OTHERS.contains(entry.key()) && unknown.add(entry.key())) {
      report.accept(
          Diagnostic.warning(
                  "key.unknown",
                  "\"" + entry.key() + "\" means nothing in a history",
                  at(entry.keyAt()))
              .withHint(
                  Nearest.to(entry.key(), OWN)
                      .map(near -> "did you mean " + near + "?")
                      .orElse("known are " + String.join(", ", OWN))));
    }
  }

  private Optional<Instant> time(MapNode map, String key) {
    Optional<String> text = text(map, key, "a time");
    Optional<Instant> time = text.flatMap(t -> Moment.parse(t, zone));
    if (text.isPresent() && time.isEmpty()) {
      mistake(
          Diagnostic.error(
                  "value.form", key + " is not a point in time: " + text.get(), place(map, key))
              .withHint(Moment.FORMS));
    }
    return time;
  }

  private OptionalLong size(MapNode map, String key) {
    Node node = map.get(key).orElse(null);
    if (node instanceof ScalarNode scalar && scalar.value() == null) {
      return OptionalLong.empty();
    }
    if (node instanceof ScalarNode scalar) {
      if (scalar.value() instanceof Long number && number >= 0) {
        return OptionalLong.of(number);
      }
      OptionalLong size = Sizes.parse(scalar.text());
      if (size.isPresent()) {
        return size;
      }
    }
    if (node != null) {
      mistake(
          Diagnostic.error("value.size", key + " is not a size", place(map, key))
              .withHint("write a number of bytes, or 10MB, 2GiB"));
    }
    return OptionalLong.empty();
  }

  private <T> Optional<T> choice(MapNode map, String key, T[] values, Function<T, String> word) {
    Optional<String> text = text(map, key, "a word");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String folded = text.get().toLowerCase(Locale.ROOT).replace('_', '-');
    for (T value : values) {
      if (word.apply(value).toLowerCase(Locale.ROOT).replace('_', '-').equals(folded)) {
        return Optional.of(value);
      }
    }
    TreeSet<String> words = new TreeSet<>(Arrays.stream(values).map(word).toList());
    mistake(
        Diagnostic.error(
                "value.choice",
                key + " must be one of " + String.join(", ", words) + ", was " + text.get(),
                place(map, key))
            .withHint(
                Nearest.to(text.get(), words)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("leave it out for the usual")));
    return Optional.empty();
  }

  private Optional<Boolean> flag(MapNode map, String key) {
    Node node = map.get(key).orElse(null);
    if (node instanceof ScalarNode scalar && scalar.value() instanceof Boolean flag) {
      return Optional.of(flag);
    }
    if (node != null) {
      mistake(Diagnostic.error("value.type", key + " must be true or false", place(map, key)));
    }
    return Optional.empty();
  }

  private Optional<String> text(MapNode map, String key, String what) {
    Node node = map.get(key).orElse(null);
    if (node == null || (node instanceof ScalarNode empty && empty.value() == null)) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar && scalar.value() instanceof String text) {
      return Optional.of(text);
    }
    mistake(
        Diagnostic.error(
            "value.type",
            key + " must be " + what + " in quotes, was " + node.kind(),
            place(map, key)));
    return Optional.empty();
  }

  private Location place(MapNode map, String key) {
    return at(map.get(key).orElseThrow().at());
  }

  private void mistake(Diagnostic diagnostic) {
    sound = false;
    report.accept(diagnostic);
  }
}
