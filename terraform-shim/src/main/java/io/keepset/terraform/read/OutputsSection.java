package io.keepset.terraform.read;

import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /terraform/outputs} and {@code /terraform/outputs/ENVIRONMENT}: state documents. */
public final class OutputsSection implements Reading {
  private static final String PATH = "/terraform/outputs";

  private final Installation installation;
  private final InstantSource clock;
  private final Map<Optional<String>, Told> told = new ConcurrentHashMap<>();

  /**
   * What was told last.
   *
   * @param without the serial, which alone never makes a document another one
   */
  private record Told(World world, Rendered without, long serial, Rendered document) {}

  public OutputsSection(Installation installation, InstantSource clock) {
    this.installation = installation;
    this.clock = clock;
  }

  @Override
  public Reply read(Request request) throws DriverException {
    if (request.path().size() > 2) {
      throw new Refusal(404, "there is " + PATH + " and " + PATH + "/ENVIRONMENT");
    }
    Optional<String> environment = request.path().stream().skip(1).findFirst();
    World world = installation.world();
    if (environment.isPresent() && !world.environments().contains(environment.get())) {
      told.remove(environment);
      throw new Refusal(
          404,
          "no policy file declares environment "
              + environment.get()
              + "; there are: "
              + String.join(", ", world.environments()));
    }
    return tell(environment, world).answer(request);
  }

  @SuppressWarnings("ReferenceEquality") // the same object as long as nothing changes
  private Rendered tell(Optional<String> environment, World world) {
    Told before = told.get(environment);
    if (before != null && before.world() == world) {
      return before.document();
    }
    return told.compute(environment, (key, last) -> next(key, world, last)).document();
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private Told next(
      Optional<String> environment, World world, @org.jspecify.annotations.Nullable Told last) {
    if (last != null && last.world() == world) {
      return last;
    }
    OutputsDocument document = new OutputsDocument(installation.id(), environment, world);
    Rendered without = Rendered.of(document.withSerial(0));
    if (last != null && Arrays.equals(last.without().body(), without.body())) {
      return new Told(world, without, last.serial(), last.document());
    }
    // Greater than any that was told before, also by a process that ended a moment ago.
    long now = Instant.ofEpochMilli(clock.millis()).getEpochSecond();
    long serial = last == null ? now : Math.max(now, last.serial() + 1);
    return new Told(world, without, serial, Rendered.of(document.withSerial(serial)));
  }
}
