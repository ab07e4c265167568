package io.keepset.policy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.source.ListNode;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.jspecify.annotations.Nullable;

/** Everit's findings about one tree as diagnostics, at the key or value that each is about. */
final class Findings {
  private static final Pattern KEY_IN_BRACKETS = Pattern.compile("key \\[(.*)\\] ", Pattern.DOTALL);

  private final Place start;
  private final List<Diagnostic> found = new ArrayList<>();

  Findings(Place start) {
    this.start = start;
  }

  List<Diagnostic> of(Schema schema) {
    try {
      schema.validate(SchemaFile.json(start.node()));
    } catch (ValidationException e) {
      collect(e);
    }
    return found;
  }

  private void collect(ValidationException e) {
    if (e.getCausingExceptions().isEmpty()) {
      Place place = start.follow(e.getPointerToViolation());
      // Of several types everit reports each that is not met, though one of them may be.
      boolean otherBranch = "type".equals(e.getKeyword()) && place.shape().hasTypeOf(place.node());
      if (!otherBranch && !place.shape().judgesItself(place.node())) {
        found.add(diagnostic(e, place).withPointer(place.path().pointer()));
      }
    } else {
      e.getCausingExceptions().forEach(this::collect);
    }
  }

  private static Diagnostic diagnostic(ValidationException e, Place place) {
    Node node = place.node();
    Shape shape = place.shape();
    String key = place.label();
    String keyword = e.getKeyword() == null ? "" : e.getKeyword();
    return switch (keyword) {
      case "required" -> missing(bracketed(e), place);
      case "additionalProperties" -> surplus(bracketed(e), place);
      case "type" -> wrongType(place);
      case "enum" -> notAllowed(place);
      case "minimum", "maximum" ->
          Diagnostic.error(
              "value.range", key + " must be " + range(shape) + ", was " + found(node), node.at());
      case "minLength" -> Diagnostic.error("value.empty", key + " must not be empty", node.at());
      case "maxLength" ->
          Diagnostic.error(
              "value.length",
              key + " must have at most " + shape.maxLength() + " characters, was " + found(node),
              node.at());
      case "minItems" ->
          Diagnostic.error("value.empty", key + " must not be an empty list", node.at());
      case "uniqueItems" -> repeated(place);
      case "pattern" -> place.badName() ? badName(place) : badForm(place);
      default -> Diagnostic.error("schema." + keyword, key + ": " + e.getErrorMessage(), node.at());
    };
  }

  private static String bracketed(ValidationException e) {
    Matcher matcher = KEY_IN_BRACKETS.matcher(e.getErrorMessage());
    return matcher.find() ? matcher.group(1) : e.getErrorMessage();
  }

  private static Diagnostic missing(String key, Place place) {
    return Diagnostic.error("key.missing", place.label() + " has no " + key, place.keyAt())
        .withHint("add " + key + place.shape().child(key).map(Findings::example).orElse(""));
  }

  private static String example(Shape shape) {
    return shape.allowed().isEmpty() ? "" : ": " + allowed(shape);
  }

  private static Diagnostic surplus(String key, Place place) {
    Location at =
        place.node() instanceof MapNode map
            ? map.entry(key).map(MapNode.Entry::keyAt).orElse(map.at())
            : place.node().at();
    var known = place.shape().properties().keySet();
    String where = place.path().parent() == null ? "a policy file" : place.label();
    return Diagnostic.error("key.unknown", Quote.text(key) + " is not a key of " + where, at)
        .withHint(
            Nearest.to(key, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(known.isEmpty() ? null : "known keys: " + String.join(", ", known)));
  }

  private static Diagnostic wrongType(Place place) {
    Node node = place.node();
    if (node instanceof ScalarNode scalar && scalar.value() == null) {
      return Diagnostic.error("value.missing", place.label() + " has no value", node.at())
          .withHint("write " + types(place.shape()) + ", or remove the key");
    }
    String hint =
        node instanceof ScalarNode && place.shape().has("string")
            ? "put it in quotes"
            : keys(place.shape());
    return Diagnostic.error(
            "value.type",
            place.label() + " must be " + types(place.shape()) + ", was " + found(node),
            node.at())
        .withHint(hint);
  }

  /** What a map of this shape has in it, if that is one and known. */
  private static @Nullable String keys(Shape shape) {
    if (!shape.properties().isEmpty()) {
      return "known keys: " + String.join(", ", shape.properties().keySet());
    }
    Shape named = shape.others();
    return named == null || named.properties().isEmpty()
        ? null
        : "write names, each with a map; known keys: "
            + String.join(", ", named.properties().keySet());
  }

  private static Diagnostic notAllowed(Place place) {
    Optional<String> nearest =
        place.node() instanceof ScalarNode scalar
            ? Nearest.to(
                scalar.text(),
                place.shape().allowed().stream().map(n -> ((ScalarNode) n).text()).toList())
            : Optional.empty();
    String allowed = "allowed: " + allowed(place.shape());
    return Diagnostic.error(
            "value.choice", place.label() + " can't be " + found(place.node()), place.node().at())
        .withHint(nearest.map(word -> "did you mean " + word + "? " + allowed).orElse(allowed));
  }

  private static Diagnostic badForm(Place place) {
    String what = place.shape().expects().map(form -> "be " + form).orElse("have another form");
    return Diagnostic.error(
        "value.form",
        place.label() + " must " + what + ", was " + found(place.node()),
        place.node().at());
  }

  private static Diagnostic badName(Place place) {
    return Diagnostic.error(
            "name.form", Quote.text(place.path().key()) + " can't be a name", place.keyAt())
        .withHint(
            "use letters, digits, dash and underscore, at most 63, beginning with a letter or"
                + " digit");
  }

  private static Diagnostic repeated(Place place) {
    Location at = place.node().at();
    String what = "an item";
    if (place.node() instanceof ListNode list) {
      List<Node> seen = new ArrayList<>();
      for (Node item : list.items()) {
        if (seen.contains(item)) {
          at = item.at();
          what = found(item);
          break;
        }
        seen.add(item);
      }
    }
    return Diagnostic.error("value.repeated", place.label() + " lists " + what + " twice", at);
  }

  private static String allowed(Shape shape) {
    StringJoiner words = new StringJoiner(", ");
    shape.allowed().forEach(node -> words.add(((ScalarNode) node).text()));
    return words.toString();
  }

  private static String range(Shape shape) {
    return "from " + shape.minimum().orElseThrow() + " to " + shape.maximum().orElseThrow();
  }

  private static String types(Shape shape) {
    StringJoiner words = new StringJoiner(" or ");
    for (String type : shape.types()) {
      words.add(
          switch (type) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type;
          });
    }
    return words.toString();
  }

  private static String found(Node node) {
    return node instanceof ScalarNode scalar ? Quote.value(scalar) : node.kind();
  }
}
