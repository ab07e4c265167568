package io.keepset.drivers.engine.volume;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.Fragile;
import io.keepset.drivers.engine.Newer;
import io.keepset.policy.Options;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Engine;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Directories with everything in them that a file system can hold. */
public final class VolumeLab implements EngineLab {
  private static final String FILL =
      """
      mkdir -p deep/er/and/deeper empty 'with blank' && chmod 0750 deep && chmod 1777 empty
      echo hello > deep/er/file && chmod 0640 deep/er/file && touch -d 2001-02-03T04:05:06.789 deep/er/file
      printf 'x' > "$(printf 'new\\nline')"
      printf 'y' > "$(printf 'latin-\\344')"
      echo z > ./-dash
      echo q > "quote'\\"\\\\back"
      : > zero
      seq 1 20000 > numbers
      ln numbers 'with blank/hard'
      ln -s ../numbers deep/link && ln -s /nowhere/at/all dangling
      mkfifo pipe
      truncate -s 20M sparse && echo end >> sparse
      chmod 4711 zero && echo .hidden > .hidden
      long=$(printf 'n%.0s' $(seq 1 200)); mkdir -p "$long/$long" && echo l > "$long/$long/file"
      """;

  private static final String LIST =
      """
      export LC_ALL=C
      find . -path './.keepset-*' -prune -o -type d -printf '%y %m %U %G %T@ %p\\0' \
        -o -printf '%y %m %U %G %T@ %s %n %l %p\\0' | sort -z | tr '\\0' '\\n'
      find . -path './.keepset-*' -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
      """;

  private final Path root;
  private final AtomicInteger names = new AtomicInteger();

  public VolumeLab(Path root) {
    this.root = root;
    shell(root, "mkdir taken && echo there > taken/file");
  }

  @Override
  public Engine engine() {
    return new VolumeEngine(InstantSource.system(), Reserved.NOTHING);
  }

  @Override
  public Source small() {
    Path directory = make();
    shell(directory, FILL);
    return source(directory, Map.of());
  }

  @Override
  public Source big(long bytes) {
    Path directory = make();
    shell(directory, "head -c " + bytes + " /dev/urandom > big");
    return source(directory, Map.of());
  }

  Path make() {
    Path directory = root.resolve("volume" + names.incrementAndGet());
    shell(root, "mkdir " + directory);
    return directory;
  }

  Source source(Path directory, Map<String, String> options) {
    return new Source(
        directory.getFileName().toString(),
        new Options(new TreeMap<>(Map.of("path", directory.toString()))),
        Options.of(options),
        reference -> new Secret(reference));
  }

  @Override
  public String content(Source source) {
    return shell(Path.of(source.connection().get("path").orElseThrow()), LIST);
  }

  @Override
  public String content(RestoreReport restored) {
    return shell(Path.of(restored.target().substring("directory ".length())), LIST);
  }

  @Override
  public void spoil(Source source) {
    shell(
        Path.of(source.connection().get("path").orElseThrow()),
        "rm -r deep && echo other > numbers && mkdir later && echo x > later/x && chmod 0700 .");
  }

  @Override
  public List<String> inventory() {
    return shell(root, "find . -maxdepth 2 -name '.keepset-*' -o -maxdepth 1 -print | sort")
        .lines()
        .toList();
  }

  @Override
  public String freshName() {
    return root.resolve("fresh" + names.incrementAndGet()).toString();
  }

  @Override
  public String takenName() {
    return root.resolve("taken").toString();
  }

  @Override
  public Optional<ProcessBuilder> reader(Path artifact) {
    return Optional.of(new ProcessBuilder("tar", "-tzf", artifact.toString()));
  }

  @Override
  public List<byte[]> foreign() {
    return List.of(
        "plain text".getBytes(StandardCharsets.UTF_8),
        new byte[10_000],
        gzip("no tar inside".getBytes(StandardCharsets.UTF_8)),
        gzip(new byte[10_240]),
        gzip(new byte[0]));
  }

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public Optional<Runnable> serverDeath(Source source) {
    String path = source.connection().get("path").orElseThrow();
    return Optional.of(() -> tar(path).forEach(ProcessHandle::destroyForcibly));
  }

  private static Stream<ProcessHandle> tar(String path) {
    return ProcessHandle.current().children().filter(child -> commandLine(child).contains(path));
  }

  private static String commandLine(ProcessHandle handle) {
    try {
      return Files.readString(
          Path.of("/proc", String.valueOf(handle.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public Optional<Source> withoutRights(Source source) {
    if (Tar.root()) {
      return Optional.empty(); // root may read everything
    }
    Path directory = Path.of(source.connection().get("path").orElseThrow());
    shell(directory, "chmod 000 numbers");
    return Optional.of(source);
  }

  @Override
  public Optional<String> secret() {
    return Optional.empty();
  }

  @Override
  public Optional<Fragile> fragile(Source source) {
    return Optional.of(fragile(source, source.connection().get("path").orElseThrow(), ""));
  }

  @Override
  public Optional<Fragile> fragileRestore(Source source) {
    String name = freshName();
    // It gets its name only once it is whole.
    String incoming = Path.of(name).resolveSibling(".keepset-restoring-").toString();
    return Optional.of(fragile(source, incoming, name));
  }

  /** What can fail is tar itself. */
  private static Fragile fragile(Source source, String path, String name) {
    return new Fragile(
        EngineLab.changed(
            source, Map.of(), Map.of("silence_limit", "5s", "restore_silence_limit", "5s")),
        name,
        () -> tar(path).forEach(ProcessHandle::destroyForcibly),
        () -> tar(path).forEach(child -> shell(Path.of("/"), "kill -STOP " + child.pid())),
        () -> tar(path).findAny().isEmpty(),
        () -> {});
  }

  /** A tar has no version that matters. */
  @Override
  public Optional<Newer> newer(ArtifactFacts facts) {
    return Optional.empty();
  }

  @Override
  public void close() {
    shell(root, "chmod -R u+rwx . ; rm -rf ./* ./.[!.]*");
  }

  static String shell(Path directory, String script) {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-ec", script)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
