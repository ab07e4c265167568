package io.keepset.terraform.read;

import io.keepset.plan.FieldChange;
import io.keepset.reconcile.Drift;
import io.keepset.reconcile.Drift.Item;
import io.keepset.reconcile.Drift.Kind;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.spi.DriverException;
import io.keepset.terraform.Refusal;
import io.keepset.terraform.Reply;
import io.keepset.terraform.Request;
import java.time.Instant;
import java.util.Optional;

/** {@code /terraform/v1/drift}: what the last look found that differs from what was applied. */
public final class DriftSection implements Reading {
  private final Installation installation;

  public DriftSection(Installation installation) {
    this.installation = installation;
  }

  @Override
  public Reply read(Request request) throws DriverException {
    if (request.path().size() != 2) {
      throw new Refusal(404, "there is /terraform/v1/drift alone");
    }
    Optional<Drift> looked = installation.drift();
    Drift drift = looked.orElse(Drift.unknown());
    MapBuilder body =
        DatabasesSection.begin(reason(looked))
            .put("looked", looked.isPresent())
            .put("revision", drift.applied().map(a -> a.revision().id()).orElse(null))
            .put(
                "applied_at", drift.applied().map(a -> a.at()).map(Instant::toString).orElse(null));
    for (Kind kind : Kind.values()) {
      body.put(kind.word(), drift.count(kind));
    }
    body.put("items", drift.items().stream().map(DriftSection::item).toList());
    return Rendered.of(body.build()).answer(request);
  }

  private static Optional<String> reason(Optional<Drift> looked) {
    if (looked.isEmpty()) {
      return Optional.of("the server has not looked for drift yet; it does every ten minutes");
    }
    int items = looked.get().items().size();
    return items == 0
        ? Optional.empty()
        : Optional.of(
            looked.get().items().get(0).target().name()
                + ": "
                + looked.get().items().get(0).kind().word()
                + (items > 1 ? " (and " + (items - 1) + " more)" : ""));
  }

  private static MapNode item(Item item) {
    return new MapBuilder()
        .put("database", item.target().name())
        .put("platform", item.target().platform())
        .put("kind", item.kind().word())
        .put("message", item.message().orElse(null))
        .putTexts("fields", item.fields().stream().map(FieldChange::path).toList())
        .build();
  }
}
