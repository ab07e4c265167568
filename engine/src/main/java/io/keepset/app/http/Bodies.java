package io.keepset.app.http;

import io.keepset.source.MapNode;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Bodies that are read whole. */
final class Bodies {
  /** The plan of ten thousand databases has 40 MB. */
  static final int LARGEST = 48 * 1024 * 1024;

  private Bodies() {}

  /**
   * @throws Problem 413 if there is more than is taken
   */
  static byte[] read(HttpServletRequest request) throws IOException {
    return read(request.getInputStream());
  }

  /** The same, whoever has it. */
  static byte[] read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw Problem.tooLarge(LARGEST);
    }
    return bytes;
  }

  /**
   * Refuses what nobody would hear: a limit misspelt must not be none.
   *
   * @throws Problem 400 that names the first key that is not known
   */
  static void onlyKnown(MapNode body, String... keys) {
    Set<String> known = new TreeSet<>(List.of(keys));
    body.keys().stream()
        .filter(key -> !known.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw Problem.unknown("body", key, known);
            });
  }
}
