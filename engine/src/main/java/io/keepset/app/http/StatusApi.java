package io.keepset.app.http;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the server follows, what it would change, and whether it could. */
@RestController
@RequestMapping("/api/v1")
final class StatusApi {
  private final Following following;

  StatusApi(Following following) {
    this.following = following;
  }

  @GetMapping("/status")
  Node status() throws DriverException {
    return following.status();
  }

  /** What the newest commit would change now. */
  @GetMapping("/plan")
  Node plan() throws DriverException {
    Following.Planned planned = following.plan();
    return planned.plan().orElseThrow(() -> Problem.invalidPolicies(planned.diagnostics()));
  }

  /** One database's part of it. */
  @GetMapping("/plan/{database}")
  Node plan(@PathVariable String database) throws DriverException {
    Following.Planned planned = following.plan(database);
    if (planned.plan().isEmpty() && planned.diagnostics().stream().anyMatch(Diagnostic::isError)) {
      throw Problem.invalidPolicies(planned.diagnostics());
    }
    return planned
        .plan()
        .orElseThrow(() -> Problem.notFound("the plan says nothing about " + database));
  }

  /** For webhooks: look at the policies now instead of at the next turn. Comes back at once. */
  @PostMapping("/refresh")
  ResponseEntity<Void> refresh() {
    following.refresh();
    return ResponseEntity.status(HttpStatus.ACCEPTED).build();
  }

  /** Sends a test message; the answer says who took it. */
  @PostMapping("/notify/test")
  Node testNotifications(@RequestParam Optional<String> receiver) throws DriverException {
    return following.testNotifications(receiver);
  }

  @GetMapping(value = "/openapi.json")
  Node openapi() {
    return OpenApi.document();
  }
}
