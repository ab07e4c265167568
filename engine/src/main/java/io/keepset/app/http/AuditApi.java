package io.keepset.app.http;

import io.keepset.app.AuditCodec;
import io.keepset.app.Keepset;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who changed what. */
@RestController
@RequestMapping("/api/v1/audit")
final class AuditApi {
  private static final int MOST = 10_000;

  private final Keepset keepset;

  AuditApi(Keepset keepset) {
    this.keepset = keepset;
  }

  /** The newest first. */
  @GetMapping
  Node newest(@RequestParam(defaultValue = "100") int limit) throws DriverException {
    if (limit < 1 || limit > MOST) {
      throw Problem.badRequest("limit must be from 1 to " + MOST + ", was " + limit);
    }
    return new MapBuilder()
        .put("entries", keepset.audit().newest(limit).stream().map(AuditCodec::encode).toList())
        .build();
  }
}
