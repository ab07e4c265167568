package io.keepset.app.http;

import io.keepset.app.security.TokenOperations;
import io.keepset.spi.DriverException;
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
  public Made add(Wish wish, String by) {
    return new Made(
        new Known(
            wish.name(), wish.role().toString(), Instant.EPOCH, Optional.empty(), wish.person()),
        "shown once");
  }

  @Override
  public void remove(String name, String by) throws DriverException {
    throw new DriverException(DriverException.Kind.NOT_FOUND, "there is no token " + name);
  }
}
