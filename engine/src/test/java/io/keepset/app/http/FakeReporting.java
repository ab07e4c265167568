package io.keepset.app.http;

import io.keepset.app.Keepset;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import java.util.List;
import java.util.Optional;

final class FakeReporting implements Keepset.Reporting {
  @Override
  public MapNode status() {
    return new MapBuilder().put("version", "test").build();
  }

  @Override
  public MapNode testNotifications(Optional<String> receiver) {
    return new MapBuilder().putTexts("receivers", List.of()).build();
  }
}
