package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.app.security.TokenCodec;
import io.keepset.app.security.TokenOperations;
import io.keepset.policy.Durations;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who may call. */
@RestController
@RequestMapping("/api/v1/tokens")
final class TokensApi {
  private final TokenOperations tokens;

  TokensApi(TokenOperations tokens) {
    this.tokens = tokens;
  }

  @GetMapping
  Node list() throws DriverException {
    return new MapBuilder()
        .put("tokens", tokens.list().stream().map(TokenCodec::encode).toList())
        .build();
  }

  /** Makes one. The answer has its secret, which is nowhere else. */
  @PostMapping
  ResponseEntity<Node> add(@RequestBody MapNode body, HttpServletRequest request)
      throws DriverException {
    Bodies.onlyKnown(body, "name", "role", "expires", "person");
    String name = body.text("name").orElseThrow(() -> Problem.badRequest("name is missing"));
    Role role =
        body.text("role")
            .flatMap(Role::of)
            .orElseThrow(
                () -> Problem.badRequest("role must be reader, planner, operator or admin"));
    Optional<Duration> lasting = Optional.empty();
    if (body.text("expires").isPresent()) {
      lasting = body.text("expires").flatMap(Durations::parse).filter(time -> !time.isZero());
      if (lasting.isEmpty()) {
        throw Problem.badRequest("expires must be a duration such as 12h or 90d");
      }
    }
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(
            TokenCodec.encode(
                tokens.add(
                    new TokenOperations.Wish(name, role, lasting, body.text("person")),
                    TokenFilter.actor(request))));
  }

  @DeleteMapping("/{name}")
  ResponseEntity<Void> remove(@PathVariable String name, HttpServletRequest request)
      throws DriverException {
    tokens.remove(name, TokenFilter.actor(request));
    return ResponseEntity.noContent().build();
  }
}
