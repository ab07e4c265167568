package io.keepset.terraform.state;

import io.keepset.access.Role;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import io.keepset.terraform.Section;
import io.keepset.terraform.Shim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /terraform/state/{name}}: what the {@code http} backend of Terraform and OpenTofu speaks.
 * It takes 200 for yes, shows the holder that comes with 423, and shows no other body; those are
 * for people with curl. States hold secrets, so that reading one takes the same role as writing it.
 */
public final class StateSection implements Section {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final String JSON = "application/json";
  private static final String METHODS = "GET, POST, PUT, DELETE, LOCK, UNLOCK";

  /** As it is kept, as it is read, and what the database takes on its way. */
  private static final int IN_MEMORY = 4;

  private static final String MD5 = "Content-MD5";

  private final States states;

  public StateSection(States states) {
    this.states = states;
  }

  @Override
  public Reply answer(Request request) throws IOException {
    Refusal.unless(request, Role.OPERATOR);
    String name = name(request);
    try {
      return switch (request.method()) {
        case "GET" -> read(name, request);
        case "POST", "PUT" -> write(name, request);
        case "DELETE" -> done(states.delete(name, id(request), request.caller()), name);
        case "LOCK" -> lock(name, request);
        case "UNLOCK" -> unlock(name, request);
        default ->
            Shim.problem(new Refusal(405, "a state answers to " + METHODS)).with("Allow", METHODS);
      };
    } catch (DriverException e) {
      // Of the 5xx Terraform repeats all but one, which is right for trouble that may pass.
      int status =
          switch (e.kind()) {
            case TRANSIENT -> 503;
            case REJECTED -> 422;
            case NOT_FOUND -> 404;
            case DENIED, DAMAGED -> 500;
          };
      return Shim.problem(new Refusal(status, e.getMessage()));
    }
  }

  private static String name(Request request) {
    if (request.path().size() != 2) {
      throw new Refusal(
          404, "a state is at /terraform/state/NAME, with nothing before or after it");
    }
    String name = request.path().get(1);
    if (!NAME.matcher(name).matches()) {
      throw new Refusal(
          400,
          "a state's name has letters, digits, points, - and _, begins with a letter or digit, and"
              + " is at most 100 long");
    }
    return name;
  }

  private static Optional<String> id(Request request) {
    return request.query("ID").filter(id -> !id.isEmpty());
  }

  private Reply read(String name, Request request) throws DriverException {
    request.memory().take(states.size(name) * IN_MEMORY);
    Optional<byte[]> content = states.read(name);
    if (content.isEmpty()) {
      return Shim.problem(new Refusal(404, "there is no state " + name + " yet"));
    }
    byte[] sum = md5(content.get());
    return Reply.of(200, JSON, content.get()).with(MD5, Base64.getEncoder().encodeToString(sum));
  }

  private Reply write(String name, Request request) throws IOException, DriverException {
    byte[] content = body(request, states.largest(), "a state");
    if (content.length == 0) {
      throw new Refusal(400, "the body is empty; to remove the state " + name + " use DELETE");
    }
    return done(states.write(name, content, id(request), request.caller()), name);
  }

  private Reply lock(String name, Request request) throws IOException, DriverException {
    StateLock lock = StateLock.parse(body(request, StateLock.LONGEST, "a lock"));
    return done(states.lock(name, lock, request.caller()), name);
  }

  /** Terraform's force-unlock sends no body at all, OpenTofu's a lock that is only its ID. */
  private Reply unlock(String name, Request request) throws IOException, DriverException {
    byte[] body = body(request, StateLock.LONGEST, "a lock");
    if (body.length == 0) {
      return done(states.unlock(name, Optional.empty(), true, request.caller()), name);
    }
    StateLock lock = StateLock.parse(body);
    return done(states.unlock(name, Optional.of(lock.id()), lock.bare(), request.caller()), name);
  }

  private static Reply done(Outcome outcome, String name) {
    return switch (outcome.kind()) {
      case DONE -> Reply.of(200);
      case HELD -> Reply.of(423, JSON, bytes(outcome.holder().orElseThrow().lock().json()));
      case OVERTAKEN ->
          Shim.problem(
              new Refusal(
                  409,
                  "the lock that this was to be written under is gone, and state "
                      + name
                      + " is not what it was then: take the lock again"));
      case FOREIGN ->
          Shim.problem(
              new Refusal(
                  403,
                  "the lock on state "
                      + name
                      + " was taken with the token "
                      + outcome.holder().orElseThrow().by()
                      + "; only that token, or one with the role "
                      + Role.ADMIN
                      + ", can write under it or take it away"));
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The whole body, checked: whoever goes away in the middle of it has sent nothing. */
  private static byte[] body(Request request, long largest, String what) throws IOException {
    long announced = request.header("content-length").map(StateSection::length).orElse(-1L);
    if (announced > largest) {
      throw tooLarge(what, largest);
    }
    byte[] body = announced < 0 ? unannounced(request, largest, what) : new byte[(int) announced];
    if (announced > 0) {
      int read = request.body().readNBytes(body, 0, body.length);
      if (read < announced) {
        throw new IOException("the body ended after " + read + " of " + announced + " bytes");
      }
    }
    Optional<String> sum = request.header("content-md5");
    if (sum.isPresent() && !MessageDigest.isEqual(decoded(sum.get()), md5(body))) {
      throw new Refusal(
          400, "the body is not what its Content-MD5 says: it was changed on its way here");
    }
    return body;
  }

  private static byte[] unannounced(Request request, long largest, String what) throws IOException {
    int most = Math.toIntExact(Math.min(largest, Integer.MAX_VALUE - 16L));
    byte[] body = request.body().readNBytes(most + 1);
    if (body.length > most) {
      throw tooLarge(what, largest);
    }
    return body;
  }

  private static long length(String header) {
    return header.matches("[0-9]{1,18}") ? Long.parseLong(header) : -1;
  }

  private static Refusal tooLarge(String what, long largest) {
    return new Refusal(
        413,
        what
            + " is at most "
            + largest
            + " bytes here; for states see keepset.terraform.state.largest in the policies");
  }

  private static byte[] decoded(String sum) {
    try {
      return Base64.getDecoder().decode(sum.strip());
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "Content-MD5 must be base64");
    }
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
