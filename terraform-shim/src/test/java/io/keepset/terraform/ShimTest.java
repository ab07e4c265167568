package io.keepset.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShimTest {
  private final Shim shim =
      new Shim(
          new TreeMap<>(
              Map.of(
                  "state",
                  request -> {
                    Refusal.unless(request, Role.OPERATOR);
                    return Reply.of(200);
                  })));

  @Test
  void theFirstSegmentFindsWhoAnswers() throws IOException {
    assertThat(call(Role.OPERATOR, "state", "prod").status()).isEqualTo(200);
  }

  @Test
  void whatIsNotThereSaysWhatIs() throws IOException {
    Reply reply = call(Role.ADMIN, "sate");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.headers()).containsEntry("Content-Type", "application/problem+json");
    assertThat(text(reply)).contains("/terraform/state");
    assertThat(call(Role.ADMIN).status()).isEqualTo(404);
  }

  @Test
  void aRoleThatIsTooSmallIsToldWhichOneIsNeeded() throws IOException {
    Reply reply = call(Role.PLANNER, "state", "prod");

    assertThat(reply.status()).isEqualTo(403);
    assertThat(text(reply)).contains("role operator").contains("role planner");
  }

  private Reply call(Role role, String... path) throws IOException {
    return shim.answer(
        new Request(
            "LOCK",
            List.of(path),
            Map.of(),
            new TreeMap<>(),
            InputStream.nullInputStream(),
            new Caller("ci", role)));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }
}
