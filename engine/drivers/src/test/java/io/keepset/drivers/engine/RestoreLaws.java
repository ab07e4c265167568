package io.keepset.drivers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What every engine promises about restores that are refused, cut off, cancelled or doubled. */
public abstract class RestoreLaws extends FaultLaws {
  private static final RestoreRequest MERGE = new RestoreRequest(Mode.MERGE, Optional.empty());

  @Test
  void anArtifactThatIsTooNewIsRefusedBeforeAnythingIsTouched() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    Optional<Newer> found = lab().newer(made.facts());
    assumeTrue(found.isPresent(), "restores into every version");
    Newer newer = found.get();
    List<String> inventory = lab().inventory();
    RestoreRequest request = into(lab().freshName());

    for (DriverException e :
        List.of(
            catchThrowableOfType(
                DriverException.class,
                () -> engine().checkRestore(newer.refused(), source, request)),
            catchThrowableOfType(
                DriverException.class,
                () ->
                    engine()
                        .restore(made.open(), newer.refused(), NOTHING_BESIDE, source, request)))) {
      assertThat(e.kind()).isEqualTo(Kind.REJECTED);
      assertThat(e.getMessage()).contains(newer.artifact()).contains(newer.server());
    }

    assertThat(lab().inventory()).isEqualTo(inventory);
    engine().checkRestore(newer.allowed(), source, request);
  }

  @Test
  void mergingKeepsWhatIsOnlyThere() throws Exception {
    assumeTrue(engine().facts().restore().contains(Mode.MERGE), "never merges");
    Source source = lab().small();
    String before = lab().content(source);
    Made made = make(source);
    String added = lab().add(source);
    assertThat(before).doesNotContain(added);
    String with = lab().content(source);

    restore(made, source, MERGE);

    assertThat(lab().content(source)).isEqualTo(with).contains(added);
  }

  @Test
  void aServerThatDiesInTheMiddleFailsTheRestore() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    Optional<Fragile> found = lab().fragileRestore(source);
    assumeTrue(found.isPresent(), "there is no server to die");
    List<String> inventory = lab().inventory();
    try (Fragile server = found.get()) {
      DriverException e = failing(made, server, server.death());
      requireUndoneOrTold(e, server, inventory);
    }
    RestoreReport again = restore(made, source, into(lab().freshName()));
    assertThat(lab().content(again)).isEqualTo(lab().content(source));
  }

  @Test
  void aServerThatHangsFailsTheRestoreAfterALimit() throws Exception {
    assumeTrue(lab().restoresKnowSilence(), "the client knows no limit of writing");
    Source source = lab().small();
    Made made = make(source);
    Optional<Fragile> found = lab().fragileRestore(source);
    assumeTrue(found.isPresent(), "there is nothing that could hang");
    List<String> inventory = lab().inventory();
    Set<Long> before = children();
    try (Fragile server = found.get()) {
      DriverException e = failing(made, server, server.hang());
      assertThat(e.getMessage())
          .matches("(?s).*(\\b\\d+ (s|seconds|minutes)\\b|connect_timeout).*");
      requireUndoneOrTold(e, server, inventory);
    }
    assertThat(children()).isSubsetOf(before);
  }

  private DriverException failing(Made made, Fragile server, Runnable event) {
    InputStream artifact =
        new InterruptedArtifact(made.artifact(), made.artifact().length / 2, event::run);
    DriverException e =
        assertTimeoutPreemptively(
            FOR_EVER,
            () ->
                catchThrowableOfType(
                    DriverException.class,
                    () -> restore(artifact, made, server.source(), into(server.name()))));
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    return e;
  }

  /** What is left is named, for whoever has to remove it once the server is back. */
  private void requireUndoneOrTold(DriverException e, Fragile server, List<String> inventory) {
    List<String> left = new ArrayList<>(lab().inventory());
    left.removeAll(inventory);
    for (String each : left) {
      assertThat(e.getMessage()).containsAnyOf(server.name(), lab().nameOf(each));
    }
  }

  @Test
  void aCancelledRestoreLeavesNothing() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String name = lab().freshName();
    List<String> inventory = lab().inventory();
    Set<Long> before = children();
    CountDownLatch reached = new CountDownLatch(1);
    InputStream artifact =
        InterruptedArtifact.stuck(made.artifact(), made.artifact().length / 2, reached);
    FutureTask<DriverException> restoring =
        new FutureTask<>(
            () ->
                catchThrowableOfType(
                    DriverException.class, () -> restore(artifact, made, source, into(name))));
    Thread thread = new Thread(restoring, "restoring");
    thread.start();
    reached.await();
    thread.interrupt();

    DriverException e = assertTimeoutPreemptively(FOR_EVER, () -> restoring.get());

    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(lab().inventory()).isEqualTo(inventory);
    assertThat(children()).isSubsetOf(before);
  }

  @Test
  void ofTwoRestoresAtOnceIntoOneNameAtMostOneIsDone() throws Exception {
    Source source = lab().small();
    List<Made> all = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    all.add(make(source));
    contents.add(lab().content(source));
    lab().change(source);
    all.add(make(source));
    contents.add(lab().content(source));
    String name = lab().freshName();
    List<String> inventory = lab().inventory();

    List<CompletableFuture<Object>> both =
        all.stream()
            .map(made -> CompletableFuture.supplyAsync(() -> attempt(made, source, name)))
            .toList();
    List<Object> ends = both.stream().map(CompletableFuture::join).toList();

    assertThat(ends).as("both say that they made it").anyMatch(DriverException.class::isInstance);
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) instanceof RestoreReport report) {
        assertThat(lab().content(report)).isEqualTo(contents.get(i));
      }
    }
    if (ends.stream().allMatch(DriverException.class::isInstance)) {
      assertThat(lab().inventory()).isEqualTo(inventory);
    }
  }

  private Object attempt(Made made, Source source, String name) {
    try {
      return restore(made, source, into(name));
    } catch (DriverException e) {
      return e;
    }
  }

  @Test
  void aRestoreWithoutRoomSaysWhereAndLeavesNothing() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String name = lab().freshName();
    List<String> inventory = lab().inventory();
    try (FullDisk disk = FullDisk.mount()) {
      DriverException e =
          withTemporaryFilesOn(
              disk,
              () ->
                  catchThrowableOfType(
                      DriverException.class, () -> restore(made, source, into(name))));
      requireSaid(e, disk);
      assertThat(disk.files()).isEmpty();
      if (e != null) {
        assertThat(lab().inventory()).isEqualTo(inventory);
      }
    }
  }
}
