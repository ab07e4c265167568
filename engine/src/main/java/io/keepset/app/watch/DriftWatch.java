package io.keepset.app.watch;

import io.keepset.app.state.Declarations;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Severity;
import io.keepset.plan.FieldChange;
import io.keepset.plan.Grade;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.DriftJson;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.watch.Problem;
import io.keepset.watch.ProblemSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the last look for drift found. One node looks now and then, because that asks platforms and
 * instances; what it found lies in the state, where all nodes and commands see it.
 */
public final class DriftWatch implements ProblemSource {
  private static final String KIND = "drift";
  private static final String NAME = "found";
  private static final int FIELDS_SHOWN = 3;

  private final Declarations declarations;

  public DriftWatch(Declarations declarations) {
    this.declarations = declarations;
  }

  /** To be told after each look. */
  public void looked(Drift drift) {
    declarations.put(KIND, NAME, JsonText.writeCompact(DriftJson.of(drift)));
  }

  /** What the last look found; empty before the first. */
  public Optional<Drift> found() {
    return declarations.find(KIND, NAME).flatMap(DriftWatch::parse);
  }

  /** Whether the last look found anything. */
  public boolean tells() {
    return found().filter(drift -> drift.found() || !drift.notes().isEmpty()).isPresent();
  }

  @Override
  public List<Problem> problems(Instant now) {
    return found().map(DriftWatch::problems).orElse(List.of());
  }

  private static Optional<Drift> parse(String document) {
    return JsonText.read(new SourceFile("state", document.getBytes(StandardCharsets.UTF_8)))
        .valid()
        .map(node -> DriftJson.read((MapNode) node));
  }

  static List<Problem> problems(Drift drift) {
    List<Problem> problems = new ArrayList<>();
    drift.items().forEach(item -> problems.add(problem(item)));
    for (Diagnostic note : drift.notes()) {
      String pointer = note.pointer();
      problems.add(
          Problem.warning(
                  "watch.discovery",
                  pointer == null ? "server/discovery" : pointer.substring(1),
                  note.message())
              .withHint(note.hint()));
    }
    return problems;
  }

  private static Problem problem(Item item) {
    String name = item.target().name();
    return switch (item.kind()) {
      case CHANGED ->
          new Problem(
                  "watch.drift",
                  name,
                  weakens(item) ? Severity.ERROR : Severity.WARNING,
                  "is not as it was applied: " + fields(item),
                  null,
                  Optional.empty())
              .withHint("keepset drift shows all of it; an apply puts it right");
      case VANISHED ->
          Problem.error(
                  "watch.drift",
                  name,
                  "was protected on " + item.target().platform() + " and is no longer")
              .withHint("an apply protects it again; find out who ended it");
      case APPEARED ->
          Problem.warning(
                  "watch.drift",
                  name,
                  "is protected on " + item.target().platform() + " by no apply")
              .withHint("declare it: keepset adopt " + name);
      case DISOWNED ->
          Problem.warning(
                  "watch.drift",
                  name,
                  "on " + item.target().platform() + ": " + item.message().orElse(""))
              .withHint("an apply takes it over again, if its settings are as declared");
      case IDLE ->
          Problem.error("watch.drift", name, item.message().orElse(""))
              .withHint("restart the server; if that does not help, see its log");
      case UNDECLARED ->
          Problem.warning("watch.undeclared", name, item.message().orElse(""))
              .withHint(
                  name.contains("/") // asked of an instance; what a platform protects has no slash
                      ? "declare it in a database block, or say under excluded of the instance why it"
                          + " needs no backups"
                      : "declare it: keepset adopt " + name);
    };
  }

  private static boolean weakens(Item item) {
    return item.fields().stream().anyMatch(field -> field.grade() == Grade.WEAKENS);
  }

  private static String fields(Item item) {
    int more = item.fields().size() - FIELDS_SHOWN;
    return Stream.concat(
            item.fields().stream().limit(FIELDS_SHOWN).map(DriftWatch::field),
            more > 0 ? Stream.of(more + " more") : Stream.of())
        .collect(Collectors.joining(", "));
  }

  private static String field(FieldChange field) {
    return field.path()
        + " "
        + field.before().orElse("none")
        + " -> "
        + field.after().orElse("none");
  }
}
