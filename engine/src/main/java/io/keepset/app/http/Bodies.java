package io.keepset.app.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

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
}
