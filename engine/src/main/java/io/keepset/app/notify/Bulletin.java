package io.keepset.app.notify;

import io.keepset.app.watch.StatusJson;
import io.keepset.plan.Figures;
import io.keepset.source.JsonText;
import io.keepset.source.ListNode;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.watch.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One message.
 *
 * @param id the same at every attempt to deliver it, so that a receiver can tell repetitions
 * @param problems that it is about; none in a test
 */
record Bulletin(String id, Kind kind, Instant at, List<Problem> problems) {
  Bulletin {
    problems = List.copyOf(problems);
  }

  /** What it says about its problems. */
  enum Kind {
    BEGUN,
    /** They last, a day after they were last told. */
    LASTING,
    ENDED,
    TEST
  }

  /** In one line. */
  String subject() {
    String what =
        problems.size() == 1
            ? problems.get(0).target() + ": " + problems.get(0).message()
            : Figures.count(problems.size(), "problem");
    return Figures.plain(
        switch (kind) {
          case BEGUN -> what;
          case LASTING -> "still: " + what;
          case ENDED ->
              "ended: " + (problems.size() == 1 ? what : Figures.count(problems.size(), "problem"));
          case TEST -> "this is a test; nothing is wrong";
        });
  }

  /** For a chat, where one problem is told in one line. */
  String chat() {
    if (problems.size() != 1) {
      return subject() + "\n" + text();
    }
    return switch (kind) {
      case BEGUN, TEST -> text();
      case LASTING -> "still: " + text();
      case ENDED -> "ended: " + text();
    };
  }

  /** For people, without the subject's line. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems) {
      text.append(problem.severity().word())
          .append(": ")
          .append(Figures.plain(problem.target() + ": " + problem.message()))
          .append(" [")
          .append(problem.code())
          .append(']');
      problem
          .since()
          .ifPresent(
              since -> text.append(", since ").append(since.truncatedTo(ChronoUnit.SECONDS)));
      text.append('\n');
      if (problem.hint() != null && kind != Kind.ENDED) {
        text.append("  hint: ").append(Figures.plain(problem.hint())).append('\n');
      }
    }
    return text.toString();
  }

  MapNode json() {
    return new MapBuilder()
        .put("version", 1)
        .put("id", id)
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("at", at)
        .put("summary", subject())
        .put("problems", problems.stream().map(StatusJson::problem).toList())
        .build();
  }

  /** What {@link #json} wrote. */
  static Bulletin parse(String json) {
    Node node =
        JsonText.read(new SourceFile("letter", json.getBytes(StandardCharsets.UTF_8)))
            .valid()
            .orElseThrow();
    MapNode map = (MapNode) node;
    List<Problem> problems = new ArrayList<>();
    for (Node item : ((ListNode) map.get("problems").orElseThrow()).items()) {
      problems.add(StatusJson.problem((MapNode) item));
    }
    return new Bulletin(
        map.text("id").orElseThrow(),
        Kind.valueOf(map.text("kind").orElseThrow().toUpperCase(Locale.ROOT)),
        Instant.parse(map.text("at").orElseThrow()),
        problems);
  }
}
