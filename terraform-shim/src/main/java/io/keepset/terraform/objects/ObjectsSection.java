package io.keepset.terraform.objects;

import io.keepset.access.Role;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.JsonText;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.source.ScalarNode;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code /terraform/v1/objects/{kind}/{name}} as generic REST providers use it: PUT, GET and DELETE
 * by a name that the client chooses. An answer is what was submitted and nothing else; how far it
 * has come is told by {@code …/status} and by headers.
 */
public final class ObjectsSection implements Section {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Objects objects;
  private final OnceOnly once;

  public ObjectsSection(Objects objects, OnceOnly once) {
    this.objects = objects;
    this.once = once;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    ObjectRequest asked = new ObjectRequest(request);
    try {
      return answer(request, asked);
    } catch (DriverException e) {
      return trouble(e);
    } catch (Refusal e) {
      if (asked.wantsText()) {
        return text(e.status(), plain(e));
      }
      throw e;
    }
  }

  private Reply answer(Request request, ObjectRequest asked) throws IOException, DriverException {
    ObjectName object = asked.object();
    String method = request.method();
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (asked.asksForStatus()) {
      return reads ? status(request, asked, object) : notAllowed("GET, HEAD");
    }
    if (reads) {
      return get(request, asked, object);
    }
    if (!method.equals("PUT") && !method.equals("DELETE")) {
      return notAllowed("GET, HEAD, PUT, DELETE");
    }
    Refusal.unless(request, asked.isDryRun() ? Role.PLANNER : Role.OPERATOR);
    Writing writing = method.equals("PUT") ? put(request, asked) : delete(request, asked);
    return asked.isDryRun() ? dryRun(asked, writing) : once(request, asked, writing);
  }

  private static Reply notAllowed(String allowed) {
    return Shim.problem(new Refusal(405, "this takes " + allowed)).with("Allow", allowed);
  }

  /** What may be asked again later says so; what must be changed first is a conflict. */
  private static Reply trouble(DriverException e) {
    boolean later = e.kind() == DriverException.Kind.TRANSIENT;
    Reply reply = Shim.problem(new Refusal(later ? 503 : 409, String.valueOf(e.getMessage())));
    return later ? reply.with("Retry-After", "5") : reply;
  }

  private static Reply text(int status, String text) {
    return Reply.of(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The plan as the command prints it if there is one; else what is wrong, a line each. */
  private static String plain(Refusal refusal) {
    Node plan = refusal.members().get("text");
    if (plan instanceof ScalarNode text) {
      return text.text();
    }
    StringBuilder lines = new StringBuilder(String.valueOf(refusal.getMessage())).append('\n');
    for (Diagnostic diagnostic : refusal.diagnostics()) {
      Object place = diagnostic.at() == null ? diagnostic.pointer() : diagnostic.at();
      lines
          .append(place == null ? "" : place + ": ")
          .append(diagnostic.message())
          .append(" [")
          .append(diagnostic.code())
          .append("]\n");
      if (diagnostic.hint() != null) {
        lines.append("  hint: ").append(diagnostic.hint()).append('\n');
      }
    }
    return lines.toString();
  }

  private Reply get(Request request, ObjectRequest asked, ObjectName object)
      throws DriverException {
    Refusal.unless(request, Role.READER);
    MapNode content = objects.read(object, asked.branch()).orElseThrow(() -> absent(object));
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

  private Reply status(Request request, ObjectRequest asked, ObjectName object)
      throws DriverException {
    Refusal.unless(request, Role.READER);
    return json(objects.status(object, asked.branch()).orElseThrow(() -> absent(object)));
  }

  private static Reply json(MapNode body) {
    return Reply.of(200, JSON, JsonText.write(body).getBytes(StandardCharsets.UTF_8));
  }

  /** What is to be written, before it is known whether it was begun before. */
  private record Writing(
      ObjectName object,
      Optional<MapNode> content,
      Objects.Condition condition,
      Objects.Asked asked) {
    Objects.Change change(boolean again) {
      return new Objects.Change(object, content, condition, asked, again);
    }
  }

  private static Writing put(Request request, ObjectRequest asked) throws IOException {
    ObjectName object = asked.object();
    Preconditions conditions = Preconditions.of(request);
    return new Writing(
        object,
        Optional.of(asked.content()),
        there -> conditions.check(object, there),
        how(request, asked));
  }

  private static Writing delete(Request request, ObjectRequest asked) {
    ObjectName object = asked.object();
    Preconditions conditions = Preconditions.of(request);
    return new Writing(
        object,
        Optional.empty(),
        there -> {
          conditions.check(object, there);
          if (there.isEmpty()) {
            throw absent(object);
          }
        },
        how(request, asked));
  }

  private static Objects.Asked how(Request request, ObjectRequest asked) {
    return new Objects.Asked(request.caller(), asked.branch(), asked.message(), asked.patience());
  }

  private Reply dryRun(ObjectRequest asked, Writing writing) throws DriverException {
    MapNode plan = objects.plan(writing.change(false));
    return asked.wantsText() ? text(200, plan.text("text").orElse("")) : json(plan);
  }

  private Reply once(Request request, ObjectRequest asked, Writing writing) throws DriverException {
    Optional<String> given = asked.key();
    if (given.isEmpty()) {
      return write(writing.change(false));
    }
    String key = given.get();
    String actor = request.caller().name();
    OnceOnly.Claim claim = once.claim(actor, key, digest(asked, writing));
    if (claim.found() == OnceOnly.Found.OTHER) {
      throw new Refusal(
          409, "this Idempotency-Key was used for another request: give each request its own");
    }
    if (claim.answer().isPresent()) {
      return reply(claim.answer().get()).with("Idempotency-Replayed", "true");
    }
    try {
      Reply reply = write(writing.change(claim.found() == OnceOnly.Found.BEGUN));
      return reply(once.settle(actor, key, answer(reply)));
    } catch (Refusal e) {
      once.forget(actor, key);
      throw e;
    }
  }

  private static String digest(ObjectRequest asked, Writing writing) {
    byte[] body = writing.content().map(CanonicalJson::write).orElse(new byte[0]);
    byte[] first = asked.identity().getBytes(StandardCharsets.UTF_8);
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
}
