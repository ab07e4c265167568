package io.keepset.bench;

import io.keepset.spi.Source;
import java.nio.file.Path;
import java.util.Map;

/**
 * A database to back up, and how somebody without Keepset would.
 *
 * @param engine as policies name it
 * @param data what is in it, for the report
 * @param tool what somebody would call, in short, for the report
 * @param command the same for the shell, up to a packed file that was read once
 */
record Subject(
    String engine,
    String data,
    Source source,
    String tool,
    Map<String, String> environment,
    String command) {

  /** The end of a pipe: packed as Keepset packs, and read once as Keepset does. */
  static String packed(Path file) {
    return " | zstd -q -3 -f -o " + file + " && cat " + file + " > /dev/null";
  }

  /** A setting of the connection that must be there. */
  String connection(String key) {
    return source.connection().get(key).orElseThrow();
  }
}
