package io.keepset.terraform.objects;

import io.keepset.access.Role;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Validated;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.SourceFile;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code /terraform/v1/objects/{kind}/{name}} as generic REST providers use it: PUT, GET and DELETE
 * by a name that the client chooses. An answer is what was submitted and nothing else; how far it
 * has come is told by {@code …/status} and by headers.
 */
public final class ObjectsSection implements Section {
  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_KEY = 255;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_SECONDS = 120;
  private static final String JSON = "application/json";
  private static final Pattern WAIT = Pattern.compile("\\bwait\\s*=\\s*(\\d{1,6})\\b");

  private final Objects objects;
  private final OnceOnly once;

  public ObjectsSection(Objects objects, OnceOnly once) {
    this.objects = objects;
    this.once = once;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    List<String> path = request.path();
    boolean status = path.size() == 5 && path.get(4).equals("status");
    if (path.size() != 4 && !status) {
      throw new Refusal(404, "there is nothing at this path: objects are at " + places());
    }
    ObjectName object = object(request);
    try {
      if (status) {
        return status(request, object);
      }
      return switch (request.method()) {
        case "GET", "HEAD" -> get(request, object);
        case "PUT" -> put(request, object);
        case "DELETE" -> delete(request, object);
        default -> notAllowed("GET, HEAD, PUT, DELETE");
      };
    } catch (DriverException e) {
      return trouble(e);
    }
  }

  private static String places() {
    return Arrays.stream(io.keepset.terraform.objects.Kind.values())
            .map(kind -> "/terraform/v1/objects/" + kind.word() + "/NAME")
            .collect(Collectors.joining(", "))
        + ", and how far they have come at …/NAME/status";
  }

  private static ObjectName object(Request request) {
    String name = request.path().get(3);
    return io.keepset.terraform.objects.Kind.of(request.path().get(2))
        .map(
            kind -> {
              if (!ObjectName.isGood(name)) {
                throw new Refusal(
                    request.method().equals("PUT") ? 422 : 404,
                    "no " + kind.word() + " can have this name: a name has " + ObjectName.RULE);
              }
              return new ObjectName(kind, name);
            })
        .orElseThrow(
            () ->
                new Refusal(404, "there are no objects of this kind: objects are at " + places()));
  }

  private static Reply notAllowed(String allowed) {
    return Shim.problem(new Refusal(405, "this takes " + allowed)).with("Allow", allowed);
  }

  /** What may be asked again later says so; what must be changed first is a conflict. */
  private static Reply trouble(DriverException e) {
    boolean later = e.kind() == Kind.TRANSIENT;
    Reply reply = Shim.problem(new Refusal(later ? 503 : 409, String.valueOf(e.getMessage())));
    return later ? reply.with("Retry-After", "5") : reply;
  }

  private Reply get(Request request, ObjectName object) throws DriverException {
    Refusal.unless(request, Role.READER);
    MapNode content = objects.read(object, branch(request)).orElseThrow(() -> absent(object));
    String etag = CanonicalJson.etag(content);
    return Preconditions.of(request).unchanged(etag)
        ? Reply.of(304).with("ETag", etag)
        : echo(200, content);
  }

  private static Refusal absent(ObjectName object) {
    return new Refusal(404, object + " was not written here");
  }

  private static Reply echo(int status, MapNode content) {
    return Reply.of(status, JSON, CanonicalJson.write(content))
        .with("ETag", CanonicalJson.etag(content));
  }

  private Reply status(Request request, ObjectName object) throws DriverException {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return notAllowed("GET, HEAD");
    }
    Refusal.unless(request, Role.READER);
    return json(objects.status(object, branch(request)).orElseThrow(() -> absent(object)));
  }

  private static Reply json(MapNode body) {
    return Reply.of(200, JSON, JsonText.write(body).getBytes(StandardCharsets.UTF_8));
  }

  private Reply put(Request request, ObjectName object) throws IOException, DriverException {
    allow(request);
    MapNode content = content(request);
    Preconditions conditions = Preconditions.of(request);
    Writing writing =
        new Writing(object, Optional.of(content), there -> conditions.check(object, there));
    return isDryRun(request) ? dryRun(request, writing) : once(request, writing);
  }

  private Reply delete(Request request, ObjectName object) throws DriverException {
    allow(request);
    Preconditions conditions = Preconditions.of(request);
    Writing writing =
        new Writing(
            object,
            Optional.empty(),
            there -> {
              conditions.check(object, there);
              if (there.isEmpty()) {
                throw absent(object);
              }
            });
    return isDryRun(request) ? dryRun(request, writing) : once(request, writing);
  }

  private static void allow(Request request) {
    Refusal.unless(request, isDryRun(request) ? Role.PLANNER : Role.OPERATOR);
  }

  private static boolean isDryRun(Request request) {
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

  /** What is to be written, before it is known whether it was begun before. */
  private record Writing(
      ObjectName object, Optional<MapNode> content, Objects.Condition condition) {}

  private Reply dryRun(Request request, Writing writing) throws DriverException {
    return json(objects.plan(change(request, writing, false)));
  }

  private Objects.Change change(Request request, Writing writing, boolean again) {
    return new Objects.Change(
        writing.object(),
        writing.content(),
        branch(request),
        request.caller(),
        asked(request, "message"),
        writing.condition(),
        again,
        patience(request));
  }

  private static Optional<String> branch(Request request) {
    return asked(request, "branch");
  }

  /** In the query, or in a header for providers that set headers once for all. */
  private static Optional<String> asked(Request request, String name) {
    return request
        .query(name)
        .or(() -> request.header("keepset-" + name))
        .filter(value -> !value.isBlank());
  }

  /** {@code Prefer: wait=5} and {@code Prefer: respond-async} (RFC 7240). */
  private static Duration patience(Request request) {
    String prefer = request.header("prefer").orElse("");
    Matcher wait = WAIT.matcher(prefer);
    if (wait.find()) {
      return Duration.ofSeconds(Math.min(MOST_SECONDS, Integer.parseInt(wait.group(1))));
    }
    return prefer.contains("respond-async") ? Duration.ZERO : PATIENCE;
  }

  private Reply once(Request request, Writing writing) throws DriverException {
    Optional<String> given = request.header("idempotency-key");
    if (given.isEmpty()) {
      return write(change(request, writing, false));
    }
    String key = given.get();
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new Refusal(400, "an Idempotency-Key has 1 to " + LONGEST_KEY + " characters");
    }
    String actor = request.caller().name();
    OnceOnly.Claim claim = once.claim(actor, key, digest(request, writing));
    if (claim.found() == OnceOnly.Found.OTHER) {
      throw new Refusal(
          409, "this Idempotency-Key was used for another request: give each request its own");
    }
    if (claim.answer().isPresent()) {
      return reply(claim.answer().get()).with("Idempotency-Replayed", "true");
    }
    try {
      boolean again = claim.found() == OnceOnly.Found.BEGUN;
      Reply reply = write(change(request, writing, again));
      return reply(once.settle(actor, key, answer(reply)));
    } catch (Refusal e) {
      once.forget(actor, key);
      throw e;
    }
  }

  private static String digest(Request request, Writing writing) {
    String head =
        String.join(
            "\n",
            request.method(),
            writing.object().toString(),
            branch(request).orElse(""),
            request.header("if-match").orElse(""),
            request.header("if-none-match").orElse(""),
            "");
    byte[] body = writing.content().map(CanonicalJson::write).orElse(new byte[0]);
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(first, first.length + body.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return HexFormat.of().formatHex(CanonicalJson.sha256(all));
  }

  private static OnceOnly.Answer answer(Reply reply) {
    return new OnceOnly.Answer(
        reply.status(), reply.headers(), new String(reply.body(), StandardCharsets.UTF_8));
  }

  private static Reply reply(OnceOnly.Answer answer) {
    return new Reply(
        answer.status(),
        new TreeMap<>(answer.headers()),
        answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private Reply write(Objects.Change change) throws DriverException {
    Objects.Landed landed = objects.write(change);
    boolean waits =
        landed.state() == Objects.State.PENDING || landed.state() == Objects.State.FAILING;
    Reply reply;
    if (change.content().isPresent()) {
      reply = echo(waits ? 202 : landed.created() ? 201 : 200, change.content().get());
    } else {
      reply = waits ? Reply.of(202, JSON, pending(landed)) : Reply.of(204);
    }
    return reply
        .with("Keepset-Commit", landed.revision())
        .with("Keepset-State", landed.state().word());
  }

  private static byte[] pending(Objects.Landed landed) {
    return JsonText.write(new MapBuilder().put("state", landed.state().word()).build())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static MapNode content(Request request) throws IOException {
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
