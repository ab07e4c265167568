package io.keepset.app.http;

import io.keepset.app.HoldInForceCodec;
import io.keepset.app.Keepset;
import io.keepset.policy.Hold;
import io.keepset.policy.HoldCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Holds: what keeps backups whatever the policies say. */
@RestController
@RequestMapping("/api/v1/holds")
final class HoldsApi {
  private final Keepset keepset;

  HoldsApi(Keepset keepset) {
    this.keepset = keepset;
  }

  @GetMapping
  Node list() throws DriverException {
    return new MapBuilder()
        .put("holds", keepset.holds().list().stream().map(HoldInForceCodec::encode).toList())
        .build();
  }

  /** Makes one by hand. */
  @PostMapping
  ResponseEntity<Void> add(@RequestBody MapNode body, HttpServletRequest request)
      throws DriverException {
    Bodies.onlyKnown(body, "name", "databases", "labels", "from", "to", "reason", "review_by");
    Hold hold =
        HoldCodec.decode(body)
            .filter(read -> read.name().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}"))
            .orElseThrow(
                () ->
                    Problem.badRequest(
                        "a hold has a name of letters, digits, - and _, a reason, review_by as a"
                            + " day, databases or labels, and may have from and to as days"));
    keepset.holds().add(hold, TokenFilter.actor(request));
    return ResponseEntity.status(HttpStatus.CREATED).build();
  }

  @DeleteMapping("/{name}")
  ResponseEntity<Void> end(
      @PathVariable String name, @RequestParam String reason, HttpServletRequest request)
      throws DriverException {
    if (reason.isBlank()) {
      throw Problem.badRequest("say the reason for the end of the hold");
    }
    keepset.holds().end(name, reason, TokenFilter.actor(request));
    return ResponseEntity.noContent().build();
  }
}
