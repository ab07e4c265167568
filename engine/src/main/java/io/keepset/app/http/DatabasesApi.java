package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.app.LiveTargetCodec;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.plan.Change;
import io.keepset.plan.Desired;
import io.keepset.plan.Inventory;
import io.keepset.plan.LiveTarget;
import io.keepset.plan.Plan;
import io.keepset.plan.Planner;
import io.keepset.plan.Revision;
import io.keepset.policy.Mode;
import io.keepset.policy.Protection;
import io.keepset.policy.ProtectionCodec;
import io.keepset.policy.Resolved;
import io.keepset.policy.SecretReferences;
import io.keepset.policy.TargetId;
import io.keepset.retention.BackupCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.Node;
import io.keepset.spi.DriverException;
import io.keepset.spi.Platform;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Databases as they are protected now. */
@RestController
@RequestMapping("/api/v1/databases")
final class DatabasesApi {
  private static final Location NOWHERE = new Location("request", 1, 1);

  private final Keepset keepset;
  private final Finder finder;

  DatabasesApi(Keepset keepset) {
    this.keepset = keepset;
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

  /** What {@code keepset apply} sends: one database's protection, new or changed. */
  @PutMapping("/{name}/protection")
  ResponseEntity<Void> protect(
      @PathVariable String name, @RequestBody MapNode body, HttpServletRequest request)
      throws DriverException {
    Protection wanted = decode(body);
    if (!wanted.name().equals(name)) {
      throw Problem.badRequest("the path says " + name + ", the body says " + wanted.name());
    }
    List<Diagnostic> literal = SecretReferences.check(wanted, NOWHERE);
    if (!literal.isEmpty()) {
      throw Problem.invalidPolicies(literal);
    }
    apply(wanted.target(), Optional.of(wanted), TokenFilter.actor(request));
    return ResponseEntity.noContent().build();
  }

  /** Ends the schedule; backups stay. */
  @DeleteMapping("/{name}/protection")
  ResponseEntity<Void> unprotect(@PathVariable String name, HttpServletRequest request)
      throws DriverException {
    apply(finder.database(name).live().target(), Optional.empty(), TokenFilter.actor(request));
    return ResponseEntity.noContent().build();
  }

  /** Decided elsewhere, compared here: what is there already is not written again. */
  private void apply(TargetId target, Optional<Protection> wanted, String by)
      throws DriverException {
    Platform platform = platform(target.platform());
    SortedMap<String, LiveTarget> live = new TreeMap<>(platform.read().targets());
    live.keySet().retainAll(Set.of(target.name()));
    SortedMap<String, Resolved> desired = new TreeMap<>();
    wanted.ifPresent(
        protection ->
            desired.put(
                target.name(), new Resolved(protection, "request", new TreeMap<>(), NOWHERE)));
    Plan plan =
        Planner.compare(
            new Desired(Revision.DIRECTORY, desired, new TreeMap<>(), List.of()),
            Map.of(target.platform(), new Inventory(live)),
            Mode.FULL);
    for (Change change : plan.changes()) {
      if (!change.findings().isEmpty()) {
        throw Problem.invalidPolicies(change.findings());
      }
    }
    for (Change change : plan.applicable()) {
      platform.apply(change);
      keepset
          .audit()
          .note(
              by,
              "apply." + change.action().name().toLowerCase(Locale.ROOT),
              target.toString(),
              change.fields().size() + " fields");
    }
  }

  private static Protection decode(MapNode body) {
    try {
      return ProtectionCodec.decode(body);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("not a protection: " + e.getMessage());
    }
  }

  private Platform platform(String name) throws DriverException {
    Platform platform = keepset.platforms().get(name);
    if (platform == null) {
      throw Problem.badRequest("there is no platform " + name);
    }
    return platform;
  }
}
