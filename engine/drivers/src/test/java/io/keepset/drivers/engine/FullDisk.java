package io.keepset.drivers.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A disk with no room left: a small file system in memory, which only root can mount. */
public final class FullDisk implements AutoCloseable {
  private static final int PAGE = 4096;
  private final Path directory;

  private FullDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounts one that is full already; skips the test where that can't be done. */
  public static FullDisk mount() throws IOException {
    return mount("64k").fill();
  }

  /** Mounts one of this size, on which everybody may write. */
  public static FullDisk mount(String size) throws IOException {
    Path directory = Files.createTempDirectory("keepset-full");
    FullDisk disk = new FullDisk(directory);
    String options = "size=" + size + ",mode=1777";
    if (!run("mount", "-t", "tmpfs", "-o", options, "keepset-test", directory.toString())) {
      Files.delete(directory);
      Assumptions.abort("only root can mount a small file system, and not in every container");
    }
    return disk;
  }

  private FullDisk fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("filling"))) {
      while (true) {
        out.write(new byte[PAGE]);
      }
    } catch (IOException e) {
      return this; // It is.
    }
  }

  public Path directory() {
    return directory;
  }

  /** What lies on it, without what fills it. */
  public List<String> files() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.map(path -> directory.relativize(path).toString())
          .filter(name -> !name.isEmpty() && !name.equals("filling"))
          .sorted()
          .toList();
    }
  }

  private static boolean run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", directory.toString());
    Files.delete(directory);
  }
}
