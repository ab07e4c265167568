package io.keepset.drivers.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.policy.Options;
import io.keepset.policy.PolicyLoader;
import io.keepset.policy.PolicySet;
import io.keepset.policy.Protection;
import io.keepset.policy.Resolved;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.source.SourceFile;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no volume, whatever a policy calls it. */
class ReservedTest {
  @TempDir static Path root;

  @Test
  void aLinkFromTheVolumeToItsOwnStoreIsFound() throws Exception {
    Path real = Files.createDirectories(root.resolve("linked/real"));
    Path link = Files.createSymbolicLink(root.resolve("linked/link"), real);
    assertThat(ownStore(real, link.resolve("store"))).containsExactly("volume.own-store");
    assertThat(ownStore(link, real)).containsExactly("volume.own-store");
    assertThat(ownStore(link.resolve("deep/er"), real.resolve("deep")))
        .containsExactly("volume.own-store");
    assertThat(ownStore(link, root.resolve("linked/realer"))).isEmpty();
    assertThat(ownStore(root.resolve("nowhere/a"), root.resolve("nowhere/b"))).isEmpty();
  }

  @Test
  void keepsetsOwnDataIsNoVolume() throws Exception {
    Path data = Files.createDirectories(root.resolve("own/data"));
    Path link = Files.createSymbolicLink(root.resolve("own-link"), root.resolve("own"));

    assertThat(ownData(data, data)).containsExactly("volume.own-data");
    assertThat(ownData(data, data.resolve("keys"))).containsExactly("volume.own-data");
    assertThat(ownData(data, root.resolve("own"))).containsExactly("volume.own-data");
    assertThat(ownData(data, link)).containsExactly("volume.own-data");
    assertThat(ownData(data, root.resolve("own/database"))).isEmpty();
  }

  @Test
  void noStoreOfOthersIsAVolumeHoweverItIsReached() throws Exception {
    Path store = Files.createDirectories(root.resolve("others/store/orders"));
    Path link = Files.createSymbolicLink(root.resolve("others-link"), root.resolve("others"));

    for (Path volume :
        List.of(
            store.getParent(), store, root.resolve("others"), link, link.resolve("store/orders"))) {
      assertThat(codes(Reserved.NOTHING, volume, List.of(others())))
          .as("planned beside %s", volume)
          .containsExactly("volume.store");
      assertThat(codes(inForce(), volume, List.of()))
          .as("in force at %s", volume)
          .containsExactly("volume.store");
    }
    assertThat(codes(inForce(), root.resolve("others/storeroom"), List.of(others()))).isEmpty();
  }

  @Test
  void aLinkThatLeadsIntoAStoreByNowIsNeitherReadNorReplaced() throws Exception {
    Path store = Files.createDirectories(root.resolve("others/store"));
    Files.writeString(store.resolve("kept"), "of others");
    Path link = Files.createSymbolicLink(root.resolve("swapped"), store);
    VolumeLab lab = new VolumeLab(root);
    VolumeEngine guarded = new VolumeEngine(Clock.systemUTC(), inForce());
    Source source = lab.source(link, Map.of());
    ArtifactFacts facts = new ArtifactFacts("tar.gz", new TreeMap<>());

    assertThatThrownBy(() -> guarded.dump(source)).hasMessageContaining("store others");
    assertThatThrownBy(
            () ->
                guarded.checkRestore(
                    facts, source, new RestoreRequest(Mode.OVER, Optional.empty())))
        .hasMessageContaining("store others");
    assertThatThrownBy(
            () ->
                guarded.checkRestore(
                    facts,
                    lab.source(root.resolve("beside"), Map.of()),
                    new RestoreRequest(Mode.NEW, Optional.of(store.resolve("new").toString()))))
        .hasMessageContaining("store others");
    assertThat(store.resolve("kept")).hasContent("of others");
  }

  private StoreSpec others() {
    return new StoreSpec(
        "others",
        "directory",
        new Options(new TreeMap<>(Map.of("path", root.resolve("others/store").toString()))),
        new Location("stores.yaml", 1, 1));
  }

  private Reserved inForce() {
    return new Reserved(Optional.empty(), () -> List.of(others()));
  }

  private static List<String> codes(Reserved reserved, Path volume, List<StoreSpec> planned) {
    return new VolumeEngine(Clock.systemUTC(), reserved)
        .unsupported(desired(volume, Path.of("/nowhere/store")), planned).stream()
            .map(Diagnostic::code)
            .toList();
  }

  private List<String> ownData(Path data, Path volume) {
    return codes(
        new VolumeEngine(Clock.systemUTC(), new Reserved(Optional.of(data), List::of)),
        volume,
        Path.of("/nowhere/store"));
  }

  private List<String> ownStore(Path volume, Path store) {
    return codes(new VolumeEngine(Clock.systemUTC(), Reserved.NOTHING), volume, store);
  }

  private static List<String> codes(VolumeEngine engine, Path volume, Path store) {
    return engine.unsupported(desired(volume, store)).stream().map(Diagnostic::code).toList();
  }

  private static Protection desired(Path volume, Path store) {
    String policies =
        """
        store: {main: {type: directory, path: "%s"}}
        database:
          up: {engine: volume, policy: compose, store: main, connection: {path: "%s"}}
        """
            .formatted(store, volume);
    SourceFile file = new SourceFile("a.yaml", policies.getBytes(StandardCharsets.UTF_8));
    PolicySet set = new PolicyLoader().load(List.of(file)).valid().orElseThrow();
    Resolved resolved = set.protections().get("up");
    return StoreFields.add(resolved, set.stores().get("main")).protection();
  }
}
