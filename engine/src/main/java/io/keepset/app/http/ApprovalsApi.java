package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.SpentCodec;
import io.keepset.plan.Spent;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Approvals that were used: what they agreed to stands in the policy files. */
@RestController
@RequestMapping("/api/v1/approvals")
final class ApprovalsApi {
  private final Keepset keepset;

  ApprovalsApi(Keepset keepset) {
    this.keepset = keepset;
  }

  @GetMapping("/spent")
  Node spent() throws DriverException {
    return SpentCodec.encode(keepset.precedents().spent().values());
  }

  /** Adds to them; what {@code keepset apply} does last. None is ever taken away. */
  @PutMapping("/spent")
  ResponseEntity<Void> spend(@RequestBody MapNode body) throws DriverException {
    List<Spent> spent;
    try {
      spent = SpentCodec.decode(body);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("no list of used approvals: " + e.getMessage());
    }
    keepset.spend(spent);
    return ResponseEntity.noContent().build();
  }
}
