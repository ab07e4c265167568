package io.keepset.app.http;

import io.keepset.access.Caller;
import io.keepset.app.terraform.state.StateOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One state, {@code prod}, with two versions and a lock; remembers what was asked of it. */
final class FakeStates implements StateOperations {
  static final Made FIRST =
      new Made(
          1,
          Instant.parse("2026-11-21T12:00:00Z"),
          "ci",
          "write",
          OptionalLong.empty(),
          Optional.of("lock-1"),
          512,
          OptionalLong.of(4),
          Optional.of("lineage"),
          Optional.of("1.11.4"));
  static final Made SECOND =
      new Made(
          2,
          Instant.parse("2026-11-21T13:00:00Z"),
          "command somebody",
          "rollback",
          OptionalLong.of(1),
          Optional.empty(),
          512,
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty());
  static final Held LOCK =
      new Held(
          "lock-2",
          "ci",
          Optional.of("root@vm"),
          Optional.empty(),
          Instant.parse("2026-11-21T14:00:00Z"),
          true);

  final List<String> asked = new ArrayList<>();

  @Override
  public List<Kept> list() {
    return List.of(new Kept("prod", Optional.of(SECOND), Optional.of(LOCK)));
  }

  @Override
  public List<Made> history(String name) throws DriverException {
    if (!name.equals("prod")) {
      throw new DriverException(Kind.NOT_FOUND, "there is no state " + name);
    }
    return List.of(SECOND, FIRST);
  }

  @Override
  public byte[] content(String name, OptionalLong version) {
    return ("content " + version).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Made rollback(String name, long version, Caller by) {
    asked.add("rollback " + name + " " + version + " by " + by.name());
    return SECOND;
  }

  @Override
  public void unlock(String name, String lockId, Caller by) {
    asked.add("unlock " + name + " " + lockId + " by " + by.name());
  }
}
