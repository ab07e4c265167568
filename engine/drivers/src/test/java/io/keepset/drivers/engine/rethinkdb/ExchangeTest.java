package io.keepset.drivers.engine.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restores over a database whose renames fail, or are done though nobody hears of it. */
class ExchangeTest {
  private static final IntPredicate NONE = number -> false;

  private final FakeRethink fake = new FakeRethink();
  private final RethinkEngine engine = new RethinkEngine(InstantSource.system(), fake::open);
  private byte[] artifact = new byte[0];
  private ArtifactFacts facts = new ArtifactFacts("", new TreeMap<>());
  private String then = "";
  private String changed = "";

  @BeforeEach
  void aDatabaseThatHasChangedSince() throws Exception {
    fake.database("shop");
    fake.table("shop", "items", "id", FakeRethink.INFO);
    fake.put("shop", "items", "1", "{\"id\":1}");
    then = fake.content("shop");
    try (Dump dump = engine.dump(fake.source("shop"))) {
      artifact = dump.stream().readAllBytes();
      facts = dump.finish().facts();
    }
    fake.put("shop", "items", "2", "{\"id\":2}");
    changed = fake.content("shop");
  }

  private RestoreReport restore() throws DriverException {
    return engine.restore(
        new ByteArrayInputStream(artifact),
        facts,
        List.of(),
        fake.source("shop"),
        new RestoreRequest(Mode.OVER, Optional.empty()));
  }

  private DriverException failing(IntPredicate refused, IntPredicate lost) {
    fake.failRenames(refused, lost);
    DriverException e = catchThrowableOfType(DriverException.class, this::restore);
    assertThat(e).isNotNull();
    return e;
  }

  private String kept(String pattern) {
    List<String> found = fake.names().stream().filter(name -> name.matches(pattern)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void aRenameThatIsRefusedLeavesTheDatabaseAsItWas() {
    for (int refused = 0; refused < 2; refused++) {
      int number = refused;
      int[] begun = {0};

      DriverException e = failing(any -> begun[0]++ == number, NONE);

      assertThat(e).hasMessageEndingWith("; database shop is as it was");
      assertThat(fake.content("shop")).isEqualTo(changed);
      assertThat(fake.names()).containsExactly("shop");
    }
  }

  @Test
  void aFirstRenameWhoseAnswerIsLostIsTakenBackAndNothingDropped() {
    DriverException e = failing(NONE, rename -> rename == 0);

    assertThat(fake.content("shop")).isEqualTo(changed);
    String incoming = kept("shop_restoring_.*");
    assertThat(fake.content(incoming)).isEqualTo(then);
    assertThat(e)
        .hasMessageContaining("database shop is as it was")
        .hasMessageContaining("r.dbDrop(\"" + incoming + "\")");
  }

  @Test
  void aSecondRenameWhoseAnswerIsLostIsDone() throws Exception {
    fake.failRenames(NONE, rename -> rename == 1);

    RestoreReport report = restore();

    assertThat(fake.content("shop")).isEqualTo(then);
    String before = kept("shop_before_.*");
    assertThat(fake.content(before)).isEqualTo(changed);
    assertThat(report.notes()).anyMatch(note -> note.contains(before));
  }

  @Test
  void nothingIsDroppedWhenTheOldOneCantBePutBack() {
    DriverException e = failing(rename -> rename >= 1, NONE);

    String before = kept("shop_before_.*");
    String incoming = kept("shop_restoring_.*");
    assertThat(fake.content(before)).isEqualTo(changed);
    assertThat(fake.content(incoming)).isEqualTo(then);
    assertThat(e)
        .hasMessageContaining("so nothing was dropped")
        .hasMessageContaining(before)
        .hasMessageContaining(incoming)
        .hasMessageContaining("r.db(\"" + before + "\").config().update({name: \"shop\"})");
  }
}
