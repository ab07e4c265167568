package io.keepset.drivers.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.store.directory.DirectorySettings;
import io.keepset.drivers.store.directory.DirectoryStore;
import io.keepset.drivers.store.s3.S3Store;
import io.keepset.retention.Backup;
import io.keepset.runner.Copying;
import io.keepset.runner.InMemoryCatalogue;
import io.keepset.runner.Places;
import io.keepset.runner.RunnerLab;
import io.keepset.runner.RunnerPlatform;
import io.keepset.runner.Samples;
import io.keepset.spi.Progress;
import io.keepset.spi.StoreOperations.Report;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a directory into a bucket, each with a key of its own. */
class CopyToS3Test {
  @TempDir private Path directory;

  @Test
  void aBackupInADirectoryIsCopiedIntoABucketAndComesBackFromThere() throws Exception {
    RunnerLab lab = new RunnerLab();
    lab.stores.put(
        "main",
        new DirectoryStore(new DirectorySettings(directory.resolve("main"), false, () -> true)));
    try (S3Store bucket = new S3Store(S3Lab.bucket("copies/"))) {
      lab.stores.put("far", bucket);
      lab.ownKeys.put("far", RunnerLab.FAR_KEYS);
      lab.protect(Samples.copied(Samples.protection("orders"), "dr", "far", Samples.keepLast(2)));
      lab.engine.databases.put("orders", severalParts());
      Backup original = lab.backup("orders");
      Copying.Report report = new Copying(lab.ports(), Places.UNLIMITED).of("orders");

      assertThat(report.failed()).isEmpty();
      assertThat(report.made()).hasSize(1);
      Backup copy = report.made().get(0);
      assertThat(copy.storedSize().orElseThrow()).isGreaterThan(2L * (5 << 20));
      assertThat(download(lab, copy)).isEqualTo(download(lab, original));
      Report check = new RunnerPlatform(lab.ports()).stores().check("far", true, Progress.NONE);
      assertThat(check.findings()).extracting(Diagnostic::message).isEmpty();

      lab.catalogue = new InMemoryCatalogue();
      new RunnerPlatform(lab.ports()).stores().rescan("far", Progress.NONE);
      assertThat(lab.catalogue.backups("orders")).containsExactly(copy);
    }
  }

  /** Packs badly, so that it takes several parts of an upload. */
  private static String severalParts() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder(20_000_000);
    for (int i = 0; i < 20_000_000; i++) {
      text.append((char) (' ' + random.nextInt(95)));
    }
    return text.toString();
  }

  private static String download(RunnerLab lab, Backup backup) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new RunnerPlatform(lab.ports())
        .operations()
        .orElseThrow()
        .download(backup.id(), bytes, Progress.NONE);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
