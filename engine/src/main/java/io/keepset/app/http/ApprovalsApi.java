package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.SpentCodec;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import org.springframework.web.bind.annotation.GetMapping;
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
    return SpentCodec.encode(keepset.spentApprovals().values());
  }
}
