package io.keepset.terraform.objects;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a request says beyond its method: in its path, its query, its headers and its body. */
final class ObjectRequest {
  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_KEY = 255;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_SECONDS = 120;
  private static final Pattern WAIT = Pattern.compile("\\bwait\\s*=\\s*(\\d{1,6})\\b");

  private final Request request;

  ObjectRequest(Request request) {
    this.request = request;
  }

  /** True if it asks how far an object has come. */
  boolean asksForStatus() {
    return request.path().size() == 5 && request.path().get(4).equals("status");
  }

  /**
   * @throws Refusal 404, or 422 for what can't be written
   */
  ObjectName object() {
    List<String> path = request.path();
    if (path.size() != 4 && !asksForStatus()) {
      throw new Refusal(404, "there is nothing at this path: objects are at " + places());
    }
    String name = path.get(3);
    Kind kind =
        Kind.of(path.get(2))
            .orElseThrow(
                () ->
                    new Refusal(
                        404, "there are no objects of this kind: objects are at " + places()));
    if (!ObjectName.isGood(name)) {
      throw new Refusal(
          request.method().equals("PUT") ? 422 : 404,
          "no " + kind.word() + " can have this name: a name has " + ObjectName.RULE);
    }
    return new ObjectName(kind, name);
  }

  private static String places() {
    return Arrays.stream(Kind.values())
            .map(kind -> "/terraform/v1/objects/" + kind.word() + "/NAME")
            .collect(Collectors.joining(", "))
        + ", and how far they have come at …/NAME/status";
  }

  boolean isDryRun() {
    String word = request.query("dry_run").orElse("false");
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Refusal(400, "dry_run is true or false, was " + quoted(word));
    };
  }

  private static String quoted(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return '"' + (plain.length() > 80 ? plain.substring(0, 80) + "…" : plain) + '"';
  }

  Optional<String> branch() {
    return asked("branch");
  }

  Optional<String> message() {
    return asked("message");
  }

  /** In the query, or in a header for providers that set headers once for all. */
  private Optional<String> asked(String name) {
    return request
        .query(name)
        .or(() -> request.header("keepset-" + name))
        .filter(value -> !value.isBlank());
  }

  /** {@code Prefer: wait=5} and {@code Prefer: respond-async} (RFC 7240). */
  Duration patience() {
    String prefer = request.header("prefer").orElse("");
    Matcher wait = WAIT.matcher(prefer);
    if (wait.find()) {
      return Duration.ofSeconds(Math.min(MOST_SECONDS, Integer.parseInt(wait.group(1))));
    }
    return prefer.contains("respond-async") ? Duration.ZERO : PATIENCE;
  }

  /** True for whoever reads answers at a terminal. */
  boolean wantsText() {
    return request.header("accept").orElse("").startsWith("text/plain");
  }

  Optional<String> key() {
    Optional<String> key = request.header("idempotency-key");
    if (key.isPresent() && (key.get().isBlank() || key.get().length() > LONGEST_KEY)) {
      throw new Refusal(400, "an Idempotency-Key has 1 to " + LONGEST_KEY + " characters");
    }
    return key;
  }

  /** All that makes a request this one, but for its body. */
  String identity() {
    return String.join(
        "\n",
        request.method(),
        object().toString(),
        branch().orElse(""),
        request.header("if-match").orElse(""),
        request.header("if-none-match").orElse(""),
        "");
  }

  /**
   * The object that is submitted, whatever its content type says: curl says a form.
   *
   * @throws Refusal 413, 400 or 422 if it is none
   */
  MapNode content() throws IOException {
    byte[] bytes = request.body().readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw new Refusal(413, "an object has at most 1 MiB");
    }
    Validated<Node> read = JsonText.read(new SourceFile("body", bytes));
    Node node = read.valid().orElseThrow(() -> new Refusal(400, first(read), read.diagnostics()));
    if (!(node instanceof MapNode map)) {
      throw new Refusal(
          422, "the body must be a JSON object: the block as a policy file has it", List.of());
    }
    return map;
  }

  private static String first(Validated<Node> read) {
    return "the body is no JSON: "
        + read.diagnostics().stream().findFirst().map(Diagnostic::message).orElse("it is empty");
  }
}
