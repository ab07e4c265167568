package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.ListingCodec;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Instance;
import io.keepset.policy.InstanceCodec;
import io.keepset.policy.SecretReferences;
import io.keepset.reconcile.DriftJson;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is live against what was applied. */
@RestController
@RequestMapping("/api/v1")
final class DriftApi {
  private static final Location NOWHERE = new Location("request", 1, 1);

  private final Keepset keepset;

  DriftApi(Keepset keepset) {
    this.keepset = keepset;
  }

  @GetMapping("/drift")
  Node drift() throws DriverException {
    return DriftJson.of(keepset.drift());
  }

  /** Asks instances for their databases, with the secrets that this server can resolve. */
  @PostMapping("/discovery")
  Node discovery(@RequestBody MapNode body) throws DriverException {
    List<Instance> instances = new ArrayList<>();
    List<Diagnostic> literal = new ArrayList<>();
    try {
      for (MapNode item : body.maps("instances")) {
        instances.add(InstanceCodec.decode(item));
      }
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
    instances.forEach(i -> literal.addAll(SecretReferences.check(i, NOWHERE)));
    if (!literal.isEmpty()) {
      throw Problem.invalidPolicies(literal);
    }
    return ListingCodec.encode(keepset.planner().discover(instances));
  }
}
