package io.keepset.spi;

import java.io.InputStream;
import java.util.List;

/**
 * A dump under way. Read {@link #stream} to its end, then ask {@link #finish}: only if that returns
 * is the dump good. Closing early ends every process it started.
 */
public interface Dump extends AutoCloseable {
  InputStream stream();

  /**
   * Waits for every process and checks that each said all is well.
   *
   * @throws DriverException if any of them failed, however late
   */
  Report finish() throws DriverException;

  @Override
  void close();

  /**
   * What a good dump has to say.
   *
   * @param warnings for people; the backup counts all the same
   */
  record Report(ArtifactFacts facts, List<Attachment> attachments, List<String> warnings) {
    public Report {
      attachments = List.copyOf(attachments);
      warnings = List.copyOf(warnings);
    }
  }
}
