package io.keepset.app;

import io.keepset.app.state.Declarations;
import io.keepset.policy.StoreSpec;
import io.keepset.source.JsonText;
import io.keepset.source.MapNode;
import io.keepset.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What was declared besides databases, as the state remembers it. */
final class KnownDeclarations implements DeclaredStores.Memory {
  private static final String STORE = "store";
  private static final String SETTINGS = "settings";
  private static final String FOOTING = "footing";

  private final Declarations declarations;

  KnownDeclarations(Declarations declarations) {
    this.declarations = declarations;
  }

  Optional<MapNode> settings() {
    return declarations.find(SETTINGS, SETTINGS).flatMap(KnownDeclarations::parse);
  }

  void settings(MapNode settings) {
    declarations.put(SETTINGS, SETTINGS, JsonText.writeCompact(settings));
  }

  Footing footing() {
    return declarations
        .find(SETTINGS, FOOTING)
        .flatMap(KnownDeclarations::parse)
        .map(Footing::decode)
        .orElse(Footing.NONE);
  }

  void footing(Footing footing) {
    declarations.put(SETTINGS, FOOTING, JsonText.writeCompact(footing.encode()));
  }

  @Override
  public Collection<StoreSpec> load() {
    List<StoreSpec> specs = new ArrayList<>();
    for (String document : declarations.all(STORE).values()) {
      parse(document).map(StoreSpecCodec::decode).ifPresent(specs::add);
    }
    return specs;
  }

  @Override
  public void save(StoreSpec spec) {
    declarations.put(STORE, spec.name(), JsonText.writeCompact(StoreSpecCodec.encode(spec)));
  }

  private static Optional<MapNode> parse(String document) {
    return JsonText.read(new SourceFile("state", document.getBytes(StandardCharsets.UTF_8)))
        .valid()
        .map(node -> node instanceof MapNode map ? map : null);
  }
}
