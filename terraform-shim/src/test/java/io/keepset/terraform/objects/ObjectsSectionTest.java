package io.keepset.terraform.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObjectsSectionTest {
  private final Memory memory = new Memory();
  private final ObjectsSection section = new ObjectsSection(memory, new Keys());
  private final SortedMap<String, String> headers = new TreeMap<>();
  private Role role = Role.OPERATOR;

  @Test
  void eachMethodNeedsItsRole() throws IOException {
    role = Role.READER;
    assertThatThrownBy(() -> call("PUT", "{}")).hasMessageContaining("role operator");
    assertThatThrownBy(() -> call("DELETE", "")).hasMessageContaining("role operator");
    assertThatThrownBy(() -> call("PUT", "{}", "dry_run", "true"))
        .hasMessageContaining("role planner");
    role = Role.PLANNER;
    assertThat(call("PUT", "{}", "dry_run", "true").status()).isEqualTo(200);
    assertThatThrownBy(() -> call("PUT", "{}")).hasMessageContaining("role operator");
    role = Role.OPERATOR;
    assertThat(call("PUT", "{}").status()).isEqualTo(201);
    role = Role.READER;
    assertThat(call("GET", "").status()).isEqualTo(200);
  }

  @Test
  void whatIsNotInForceYetIsAccepted() throws IOException {
    memory.state = Objects.State.PENDING;

    Reply put = call("PUT", "{\"b\": 1, \"a\": 2.0}");

    assertThat(put.status()).isEqualTo(202);
    assertThat(text(put)).isEqualTo("{\"a\":2,\"b\":1}");
    assertThat(put.headers()).containsEntry("Keepset-State", "pending");
    assertThat(call("DELETE", "").status()).isEqualTo(202);
  }

  @Test
  void aPlaceThatCannotBeReachedIsAskedAgainLater() throws IOException {
    memory.trouble = new DriverException(DriverException.Kind.TRANSIENT, "nobody answers");

    Reply put = call("PUT", "{}");

    assertThat(put.status()).isEqualTo(503);
    assertThat(put.headers()).containsKey("Retry-After");
    memory.trouble = new DriverException(DriverException.Kind.DENIED, "read only");
    assertThat(call("PUT", "{}").status()).isEqualTo(409);
  }

  @Test
  void aKeyIsOfItsOwnerAndOfOneRequest() throws IOException {
    headers.put("idempotency-key", "one");
    assertThat(call("PUT", "{}").status()).isEqualTo(201);

    Reply again = call("PUT", "{}");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(memory.writes).isEqualTo(1);
    assertThatThrownBy(() -> call("PUT", "{\"a\":1}")).hasMessageContaining("another request");
    headers.put("idempotency-key", " ");
    assertThatThrownBy(() -> call("PUT", "{}")).hasMessageContaining("1 to 255");
  }

  @Test
  void aKeyOfWhatWasRefusedIsFreeAgain() throws IOException {
    headers.put("idempotency-key", "one");
    headers.put("if-match", "*");
    assertThatThrownBy(() -> call("PUT", "{}")).isInstanceOf(Refusal.class);
    headers.remove("if-match");

    assertThat(call("PUT", "{\"a\":1}").status()).isEqualTo(201);
  }

  @Test
  void aKeyWhoseRequestWasCutOffFindsItDone() throws IOException {
    headers.put("idempotency-key", "one");
    memory.trouble = new DriverException(DriverException.Kind.TRANSIENT, "cut off");
    assertThat(call("PUT", "{}").status()).isEqualTo(503);
    memory.trouble = null;

    call("PUT", "{}");

    assertThat(memory.again).isTrue();
  }

  @Test
  void peopleGetTextAndTooMuchIsNotRead() throws IOException {
    headers.put("accept", "text/plain");

    Reply wrong = call("PUT", "[]");

    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.headers().get("Content-Type")).startsWith("text/plain");
    assertThat(text(wrong)).startsWith("the body must be a JSON object");
    assertThat(call("PUT", " ".repeat((1 << 20) + 1)).status()).isEqualTo(413);
  }

  private Reply call(String method, String body, String... query) throws IOException {
    Map<String, List<String>> parameters = new HashMap<>();
    if (query.length > 0) {
      parameters.put(query[0], List.of(query[1]));
    }
    return section.answer(
        new Request(
            method,
            List.of("v1", "objects", "database", "orders"),
            parameters,
            headers,
            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
            new Caller("ci", role)));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static final class Memory implements Objects {
    private Optional<MapNode> there = Optional.empty();
    private State state = State.IN_FORCE;
    private DriverException trouble;
    private boolean again;
    private int writes;

    @Override
    public Optional<MapNode> read(ObjectName object, Optional<String> branch) {
      return there;
    }

    @Override
    public Optional<MapNode> status(ObjectName object, Optional<String> branch) {
      return there;
    }

    @Override
    public MapNode plan(Change change) {
      return new MapBuilder().put("ok", true).build();
    }

    @Override
    public Landed write(Change change) throws DriverException {
      if (trouble != null) {
        throw trouble;
      }
      change.condition().check(there);
      boolean created = there.isEmpty();
      there = change.content();
      again = change.again();
      writes++;
      return new Landed(created, "abc", state);
    }
  }

  private static final class Keys implements OnceOnly {
    private final Map<String, String> digests = new HashMap<>();
    private final Map<String, Answer> answers = new HashMap<>();

    @Override
    public Claim claim(String actor, String key, String digest) {
      String before = digests.putIfAbsent(actor + key, digest);
      if (before == null) {
        return new Claim(Found.FRESH, Optional.empty());
      }
      Optional<Answer> answer = Optional.ofNullable(answers.get(actor + key));
      return before.equals(digest)
          ? new Claim(answer.isPresent() ? Found.ANSWERED : Found.BEGUN, answer)
          : new Claim(Found.OTHER, Optional.empty());
    }

    @Override
    public Answer settle(String actor, String key, Answer answer) {
      answers.put(actor + key, answer);
      return answer;
    }

    @Override
    public void forget(String actor, String key) {
      digests.remove(actor + key);
    }
  }
}
