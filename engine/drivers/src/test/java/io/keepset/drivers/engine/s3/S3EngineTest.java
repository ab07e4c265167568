package io.keepset.drivers.engine.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import io.keepset.drivers.engine.EngineContract;
import io.keepset.drivers.engine.EngineLab;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreSpec;
import io.keepset.runner.Samples;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The laws of every engine, by S3Mock, and what is the engine's own. */
class S3EngineTest extends EngineContract {
  private final S3Engine engine = new S3Engine(InstantSource.system());

  @Override
  protected EngineLab start() {
    return new S3EngineLab();
  }

  private S3EngineLab s3() {
    return (S3EngineLab) lab();
  }

  @Test
  void anObjectThatIsReplacedMeanwhileIsInAsItIsNow() throws Exception {
    Source source = s3().big(3 << 20);
    String prefix = source.connection().get("prefix").orElseThrow();
    s3().put(prefix + "zz-changed", "text/plain", Map.of(), "before");
    s3().put(prefix + "zz-gone", "text/plain", Map.of(), "before");

    byte[] artifact;
    Dump.Report report;
    try (Dump dump = engine.dump(source)) {
      // The listing is read, and the pipe is full of the first object.
      byte[] head = dump.stream().readNBytes(1 << 16);
      s3().put(prefix + "zz-changed", "text/plain", Map.of("new", "yes"), "after, and longer");
      s3().client().deleteObject(r -> r.bucket(s3().bucket()).key(prefix + "zz-gone"));
      byte[] rest = dump.stream().readAllBytes();
      artifact = java.util.Arrays.copyOf(head, head.length + rest.length);
      System.arraycopy(rest, 0, artifact, head.length, rest.length);
      report = dump.finish();
    }

    assertThat(report.warnings())
        .anyMatch(w -> w.contains("1 times an object was replaced"))
        .anyMatch(w -> w.contains("1 objects were deleted"));
    assertThat(names(artifact)).contains("zz-changed=after, and longer").doesNotContain("zz-gone");
  }

  @Test
  void anObjectThatIsListedButNotThereIsLostAndNotDeleted() throws Exception {
    try (Dump dump = engine.dump(s3().listedButLost("photo.jpg"))) {
      dump.stream().readAllBytes();

      assertThatThrownBy(dump::finish)
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessageContaining("1 objects of bucket")
          .hasMessageContaining("photo.jpg");
    }
  }

  @Test
  void nothingIsDeletedWhereGatheredObjectsAreMissing() throws Exception {
    Source source = s3().big(3 << 20);
    String prefix = source.connection().get("prefix").orElseThrow();
    s3().put(prefix + "!first", "text/plain", Map.of(), "in the backup");
    Made made = make(source);
    s3().put(prefix + "later", "text/plain", Map.of(), "not in the backup");
    int half = made.artifact().length / 2;
    InputStream second =
        new ByteArrayInputStream(made.artifact(), half, made.artifact().length - half) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            loseFirst(prefix + Bucket.STAGING);
            return super.read(bytes, offset, length);
          }
        };
    InputStream artifact =
        new SequenceInputStream(new ByteArrayInputStream(made.artifact(), 0, half), second);

    assertThatThrownBy(
            () ->
                engine.restore(
                    artifact,
                    made.facts(),
                    List.of(),
                    source,
                    new RestoreRequest(Mode.OVER, Optional.empty())))
        .hasMessageContaining("2 objects were in the backup, 1 were put in their places")
        .hasMessageContaining("nothing was deleted");
    assertThat(keys(prefix)).contains(prefix + "!first", prefix + "later");
  }

  private void loseFirst(String staging) {
    for (String key : keys(staging)) {
      if (key.endsWith("/!first")) {
        s3().client().deleteObject(r -> r.bucket(s3().bucket()).key(key));
      }
    }
  }

  private List<String> keys(String prefix) {
    return s3()
        .client()
        .listObjectsV2Paginator(r -> r.bucket(s3().bucket()).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private static List<String> names(byte[] artifact) throws Exception {
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(artifact)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        byte[] content = tar.readAllBytes();
        names.add(
            entry.getName() + (content.length < 100 ? "=" + new String(content, "UTF-8") : ""));
      }
    }
    return names;
  }

  @Test
  void keysThatAreNoPathsHaveNamesThatEveryTarMayUnpack() throws Exception {
    Made made = make(lab().small());

    assertThat(names(made.artifact()))
        .noneMatch(name -> name.startsWith("/") || name.contains("..") || name.endsWith("/"))
        .contains("dir/Größe 😀 +%&?#.txt")
        .anyMatch(name -> name.matches("\\.keepset/object-\\d+=slash"));
  }

  @Test
  void aNewBucketIsCreatedAndGoesAgainIfTheRestoreFails() throws Exception {
    Source source = lab().small();
    Made made = make(source);
    String name = "made-" + UUID.randomUUID();

    RestoreReport report = restore(made, source, into(name));

    assertThat(report.target()).isEqualTo("bucket " + name);
    assertThat(report.notes()).anyMatch(note -> note.contains(name + " was created"));
    byte[] half = java.util.Arrays.copyOf(made.artifact(), made.artifact().length / 2);
    String other = "half-" + UUID.randomUUID();
    assertThatThrownBy(
            () ->
                engine.restore(
                    new ByteArrayInputStream(half), made.facts(), List.of(), source, into(other)))
        .hasMessageContaining("could not be read");
    assertThat(s3().client().listBuckets().buckets()).noneMatch(b -> b.name().equals(other));
  }

  @Test
  void aWholeBucketIsNotCopiedIntoItself() throws Exception {
    Made made = make(lab().small());
    Source whole = s3().source(Map.of());

    assertThatThrownBy(
            () ->
                engine.checkRestore(
                    made.facts(), whole, new RestoreRequest(Mode.NEW, Optional.empty())))
        .hasMessageContaining("name another bucket");
  }

  @Test
  void aBucketThatHoldsItsOwnBackupsIsRefused() {
    assertThat(codes("photos", "", "photos", "backups")).containsExactly("s3.own-store");
    assertThat(codes("photos", "a", "photos", "a/b/")).containsExactly("s3.own-store");
    assertThat(codes("photos", "a/b", "photos", "/a")).containsExactly("s3.own-store");
    assertThat(codes("photos", "a", "photos", "ab")).isEmpty();
    assertThat(codes("photos", "", "others", "")).isEmpty();
  }

  @Test
  void aBucketThatHoldsTheStoreOfOthersIsRefused() {
    Protection whole = desired("photos", "", "elsewhere", "");
    assertThat(engine.unsupported(whole, List.of(store("photos", "backups"))))
        .extracting(Diagnostic::code)
        .containsExactly("s3.store");
    assertThat(engine.unsupported(whole, List.of(store("others", "")))).isEmpty();
    assertThat(
            engine.unsupported(
                desired("photos", "a", "elsewhere", ""), List.of(store("photos", "b"))))
        .isEmpty();
  }

  private static StoreSpec store(String bucket, String prefix) {
    return new StoreSpec(
        "others",
        "s3",
        new Options(new TreeMap<>(Map.of("bucket", bucket, "prefix", prefix))),
        new Location("stores.yaml", 1, 1));
  }

  private List<String> codes(String bucket, String prefix, String store, String storePrefix) {
    return engine.unsupported(desired(bucket, prefix, store, storePrefix)).stream()
        .map(Diagnostic::code)
        .toList();
  }

  private static Protection desired(
      String bucket, String prefix, String store, String storePrefix) {
    Protection sample = Samples.protection("photos");
    return new Protection(
        sample.target(),
        "s3",
        sample.schedules(),
        sample.retention(),
        Optional.empty(),
        sample.copies(),
        true,
        sample.grace(),
        sample.objective(),
        Optional.empty(),
        sample.labels(),
        Optional.of("main"),
        new Options(new TreeMap<>(Map.of("bucket", bucket, "prefix", prefix))),
        new Options(new TreeMap<>(Map.of("store.bucket", store, "store.prefix", storePrefix))));
  }
}
