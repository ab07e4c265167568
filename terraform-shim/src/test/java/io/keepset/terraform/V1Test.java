package io.keepset.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Caller;
import io.keepset.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class V1Test {
  private final V1 v1 =
      new V1(new TreeMap<>(Map.of("status", request -> Reply.of(200), "objects", V1Test::size)));

  @Test
  void theSecondSegmentFindsWhoAnswersAndTheWholePathIsHanded() throws IOException {
    assertThat(v1.answer(request("v1", "status")).status()).isEqualTo(200);
    assertThat(v1.answer(request("v1", "objects", "policy", "gold")).status()).isEqualTo(204);
  }

  @Test
  void whatIsNotThereSaysWhatIs() {
    for (Request unknown : List.of(request("v1"), request("v1", "objekts"))) {
      assertThatThrownBy(() -> v1.answer(unknown))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("/terraform/v1/objects, /terraform/v1/status");
    }
  }

  private static Reply size(Request request) {
    return Reply.of(200 + request.path().size());
  }

  private static Request request(String... path) {
    return new Request(
        "GET",
        List.of(path),
        Map.of(),
        new TreeMap<>(),
        InputStream.nullInputStream(),
        new Caller("ci", Role.READER));
  }
}
