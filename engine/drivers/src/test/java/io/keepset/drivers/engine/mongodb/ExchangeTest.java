package io.keepset.drivers.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restores over a database whose collections can't change places. */
class ExchangeTest {
  private static final IntPredicate NONE = number -> false;

  private final MongoEngine engine = new MongoEngine(InstantSource.system());
  private final MongoLab lab = new MongoLab();
  private final Source source = lab.source("shop", Map.of("method", "driver"));
  private byte[] artifact = new byte[0];
  private ArtifactFacts facts = new ArtifactFacts("", new java.util.TreeMap<>());
  private String changed = "";

  @BeforeEach
  void twoCollectionsThatHaveChangedSince() throws Exception {
    for (String name : List.of("carts", "orders")) {
      lab.database("shop").getCollection(name).insertOne(new Document("_id", 1));
    }
    try (Dump dump = engine.dump(source)) {
      artifact = dump.stream().readAllBytes();
      facts = dump.finish().facts();
    }
    lab.database("shop").getCollection("orders").insertOne(new Document("_id", 2));
    changed = lab.content("shop");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private DriverException failing(IntPredicate refused, IntPredicate lost) {
    lab.backend().failRenames(refused, lost);
    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                engine.restore(
                    new ByteArrayInputStream(artifact),
                    facts,
                    List.of(),
                    source,
                    new RestoreRequest(Mode.OVER, Optional.empty())));
    lab.backend().failRenames(NONE, NONE);
    assertThat(e).isNotNull();
    return e;
  }

  private List<String> collections() {
    return Server.collections(lab.database("shop")).stream().map(Collection::name).toList();
  }

  @Test
  void aRenameThatIsRefusedTakesBackThoseBeforeIt() {
    for (int refused = 0; refused < 4; refused++) {
      int number = refused;

      failing(rename -> rename == number, NONE);

      assertThat(lab.content("shop")).isEqualTo(changed);
      assertThat(collections()).containsExactly("carts", "orders");
    }
  }

  @Test
  void aRenameWhoseAnswerIsLostIsTakenBackToo() {
    for (int lost = 0; lost < 4; lost++) {
      int number = lost;

      failing(NONE, rename -> rename == number);

      assertThat(lab.content("shop")).isEqualTo(changed);
      assertThat(collections()).containsExactly("carts", "orders");
    }
  }

  @Test
  void nothingIsDroppedWhenWhatWasThereCantBePutBack() {
    for (int first = 1; first < 4; first++) {
      int number = first;

      DriverException e = failing(rename -> rename >= number, NONE);

      assertThat(e)
          .hasMessageContaining("putting back what was there failed too")
          .hasMessageContaining("rename the collections by hand");
      List<String> left = collections();
      for (String collection : List.of("carts", "orders")) {
        assertThat(left)
            .anyMatch(
                name ->
                    name.matches("keepset_before_.*\\." + collection) || name.equals(collection));
        assertThat(left)
            .anyMatch(
                name ->
                    name.matches("keepset_restoring_.*\\." + collection)
                        || name.equals(collection));
      }
      assertThat(left).hasSize(4);
      reset();
    }
  }

  private void reset() {
    lab.database("shop").drop();
    lab.database("shop").getCollection("carts").insertOne(new Document("_id", 1));
    lab.database("shop")
        .getCollection("orders")
        .insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
  }
}
