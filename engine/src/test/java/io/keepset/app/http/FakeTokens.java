package io.keepset.app.http;

import io.keepset.access.Role;
import io.keepset.app.security.TokenOperations;
import io.keepset.spi.DriverException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** None, ever. */
final class FakeTokens implements TokenOperations {
  @Override
  public List<Known> list() {
    return List.of();
  }

  @Override
  public Made add(String name, Role role, Optional<Duration> lasting, String by) {
    return new Made(
        new Known(name, role.toString(), Instant.EPOCH, Optional.empty()), "shown once");
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    throw new DriverException(DriverException.Kind.NOT_FOUND, "there is no token " + name);
  }
}
