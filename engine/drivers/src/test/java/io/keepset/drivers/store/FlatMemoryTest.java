package io.keepset.drivers.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.SyntheticBackup;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatMemoryTest {
  @TempDir private Path folder;

  @Test
  void aBackupOfManyTimesTheHeapPasses() throws Exception {
    Path log = folder.resolve("log");

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SyntheticBackup.class.getName(),
                "300",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();

    assertThat(code).as(Files.readString(log)).isZero();
  }
}
