package io.keepset.source;

import java.nio.charset.StandardCharsets;

/**
 * One policy file as it came from a directory or a commit.
 *
 * @param path relative to the policy root, with forward slashes; its extension names the spelling
 * @param bytes as stored, not yet known to be UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the reader of files to the parser, once
public record SourceFile(String path, byte[] bytes) {
  /**
   * The text for showing it to people: bytes that are not UTF-8 become U+FFFD, a byte order mark is
   * left out. Lines and columns of diagnostics fit to it.
   */
  public String text() {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
