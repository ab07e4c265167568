package io.keepset.app.terraform.objects;

import io.keepset.app.WritablePolicies.Base;
import io.keepset.app.terraform.objects.InForceView.Look;
import io.keepset.diagnostic.Diagnostic;
import io.keepset.source.DiagnosticCodec;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import io.keepset.terraform.objects.CanonicalJson;
import io.keepset.terraform.objects.ObjectName;
import io.keepset.terraform.objects.Objects.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How far an object has come: it is in force when policies that hold it as it is are. */
final class Arrival {
  private static final Duration PAUSE = Duration.ofMillis(25);

  private final InForceView inForce;
  private final ObjectFiles files;
  private final Runnable wake;

  Arrival(InForceView inForce, ObjectFiles files, Runnable wake) {
    this.inForce = inForce;
    this.files = files;
    this.wake = wake;
  }

  /**
   * Has the policies looked at, and waits until that shows what became of the object.
   *
   * @param wanted its file, empty if it is to be gone
   */
  State await(ObjectName object, Optional<byte[]> wanted, Duration patience) {
    State state = state(object, wanted);
    if (state != State.PENDING) {
      return state;
    }
    wake.run();
    long end = System.nanoTime() + patience.toNanos();
    while (state == State.PENDING && System.nanoTime() - end < 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return state;
      }
      state = state(object, wanted);
    }
    return state;
  }

  /** The newest look is asked first: what is in force may be told a moment after it. */
  private State state(ObjectName object, Optional<byte[]> wanted) {
    Optional<Look> newest = inForce.newest().filter(look -> holds(look, object, wanted));
    boolean good = newest.isPresent() && newest.get().problem().isEmpty();
    if (good || inForce.inForce().filter(look -> holds(look, object, wanted)).isPresent()) {
      return State.IN_FORCE;
    }
    return newest.isPresent() ? State.FAILING : State.PENDING;
  }

  private boolean holds(Look look, ObjectName object, Optional<byte[]> wanted) {
    Optional<SourceFile> file = files.find(object, look.files());
    return file.isPresent() == wanted.isPresent()
        && (file.isEmpty() || Arrays.equals(file.get().bytes(), wanted.orElseThrow()));
  }

  /** As {@code schemas/http/object-status.schema.json} describes it. */
  MapNode status(ObjectName object, Base base, SourceFile file) {
    State state = base.followed() ? state(object, Optional.of(file.bytes())) : State.ON_BRANCH;
    MapBuilder status =
        new MapBuilder()
            .put("kind", object.kind().word())
            .put("name", object.name())
            .put("file", file.path())
            .put("revision", base.revision().id())
            .put("state", state.word());
    files
        .content(object, List.of(file))
        .ifPresent(content -> status.put("etag", CanonicalJson.etag(content)));
    Optional<Look> newest = inForce.newest();
    status.putText("revision_in_force", inForce.inForce().flatMap(Look::revision).map(r -> r.id()));
    status.putTime("checked_at", newest.map(Look::at));
    boolean failing = state == State.FAILING;
    status.putText("problem", failing ? newest.flatMap(Look::problem) : Optional.empty());
    List<Diagnostic> why = failing ? newest.map(Look::diagnostics).orElse(List.of()) : List.of();
    return status.put("diagnostics", DiagnosticCodec.encode(why)).build();
  }
}
