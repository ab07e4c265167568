package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.LiveTargetCodec;
import io.keepset.retention.BackupCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Databases as they are protected now. */
@RestController
@RequestMapping("/api/v1/databases")
final class DatabasesApi {
  private final Finder finder;

  DatabasesApi(Keepset keepset) {
    this.finder = new Finder(keepset);
  }

  @GetMapping
  Node list(@RequestParam(required = false) Optional<String> platform) throws DriverException {
    return new MapBuilder()
        .put(
            "databases",
            finder.databases(platform).stream().map(f -> LiveTargetCodec.encode(f.live())).toList())
        .build();
  }

  @GetMapping("/{name}")
  Node show(@PathVariable String name) throws DriverException {
    return LiveTargetCodec.encode(finder.database(name).live());
  }

  @GetMapping("/{name}/backups")
  Node backups(@PathVariable String name) throws DriverException {
    Finder.Found found = finder.database(name);
    return new MapBuilder()
        .put("database", name)
        .put("platform", found.platform())
        .put("backups", finder.backups(List.of(name)).stream().map(BackupCodec::encode).toList())
        .build();
  }
}
