package io.keepset.runner;

import io.keepset.runner.artifact.Manifest;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.Dump;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** What goes into a backup: a dump under way, or a file that somebody hands in. */
interface Content extends AutoCloseable {
  InputStream stream();

  /** After the end of the stream: was that all, and what belongs to it? */
  Extras finish() throws DriverException;

  @Override
  void close();

  /**
   * @param facts empty if only the artifact itself can tell
   */
  record Extras(
      Optional<ArtifactFacts> facts, List<Attachment> attachments, List<String> warnings) {}

  static Content of(Dump dump) {
    return new Content() {
      @Override
      public InputStream stream() {
        return dump.stream();
      }

      @Override
      public Extras finish() throws DriverException {
        Dump.Report report = dump.finish();
        return new Extras(Optional.of(report.facts()), report.attachments(), report.warnings());
      }

      @Override
      public void close() {
        dump.close();
      }
    };
  }

  /** A backup that is there already, in the words of its manifest; whoever opened it closes it. */
  static Content of(InputStream artifact, Manifest manifest, Attached attached) {
    return new Content() {
      @Override
      public InputStream stream() {
        return artifact;
      }

      @Override
      public Extras finish() throws DriverException {
        return new Extras(Optional.of(manifest.facts()), attached.read(), manifest.warnings());
      }

      @Override
      public void close() {}
    };
  }

  /** Brings the attachments. */
  @FunctionalInterface
  interface Attached {
    List<Attachment> read() throws DriverException;
  }

  /** A file; whoever opened it closes it. */
  static Content of(InputStream file) {
    return new Content() {
      @Override
      public InputStream stream() {
        return file;
      }

      @Override
      public Extras finish() {
        return new Extras(Optional.empty(), List.of(), List.of());
      }

      @Override
      public void close() {}
    };
  }
}
