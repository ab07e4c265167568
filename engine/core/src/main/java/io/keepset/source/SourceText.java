package io.keepset.source;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.diagnostic.Location;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file's text, and the way from an offset in it to a line and column. Lines end in LF, CR LF or
 * CR. A leading byte order mark is not part of the text. Every look-up costs log n, also in a file
 * that is one long line.
 */
final class SourceText {
  private static final char REPLACEMENT = '\uFFFD';

  private final String path;
  private final String text;
  private final int[] lineStarts;

  /** Char offsets of the high surrogates: where one character takes two chars. */
  private final int[] pairs;

  SourceText(String path, String text) {
    this.path = path;
    this.text = text;
    int[] lines = new int[16];
    int lineCount = 1;
    int[] high = new int[0];
    int highCount = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'))) {
        lines = withRoom(lines, lineCount);
        lines[lineCount++] = i + 1;
      } else if (Character.isHighSurrogate(c)) {
        high = withRoom(high, highCount);
        high[highCount++] = i;
      }
    }
    this.lineStarts = Arrays.copyOf(lines, lineCount);
    this.pairs = Arrays.copyOf(high, highCount);
  }

  private static int[] withRoom(int[] array, int used) {
    return used < array.length ? array : Arrays.copyOf(array, Math.max(16, used * 2));
  }

  /** The text, or null after the reason was added to the problems. */
  static @Nullable SourceText decode(SourceFile file, Limits limits, Problems problems) {
    byte[] bytes = file.bytes();
    if (bytes.length > limits.bytes()) {
      problems.addBreaking(
          Diagnostic.error(
                  "source.size",
                  "the file has more than the " + limits.size() + " that are allowed",
                  new Location(file.path(), 1, 1))
              .withHint("split it: all files of the policy set count together"));
      return null;
    }
    String sound = new String(bytes, StandardCharsets.UTF_8);
    if (sound.indexOf(REPLACEMENT) < 0) {
      return new SourceText(file.path(), sound.startsWith("\uFEFF") ? sound.substring(1) : sound);
    }
    // The character may stand there, or for bytes that are none: this way costs four times as much.
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    out.flip();
    boolean marked = out.length() > 0 && out.charAt(0) == '\uFEFF';
    SourceText text = new SourceText(file.path(), out.toString().substring(marked ? 1 : 0));
    if (result.isError()) {
      int bad = bytes[in.position()] & 0xFF;
      problems.addBreaking(
          Diagnostic.error(
                  "source.encoding",
                  String.format(
                      Locale.ROOT, "byte %,d (0x%02X) is not UTF-8", in.position() + 1, bad),
                  text.at(text.text.length()))
              .withHint(
                  bad >= 0xFE && in.position() == 0
                      ? "the file looks like UTF-16: save it as UTF-8"
                      : "save the file as UTF-8"));
      return null;
    }
    return text;
  }

  String path() {
    return path;
  }

  String text() {
    return text;
  }

  /** The place of a char offset; the end of the text counts as a place. */
  Location at(int offset) {
    int line = floor(lineStarts, offset);
    int start = lineStarts[line];
    return new Location(
        path, line + 1, offset - start - (pairsBefore(offset) - pairsBefore(start)) + 1);
  }

  /** The char offset of a code point index. */
  int offset(int codePointIndex) {
    if (pairs.length == 0) {
      return codePointIndex;
    }
    // The n-th pair stands at code point pairs[n] - n: those are rising, so they can be searched.
    int low = 0;
    int high = pairs.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pairs[middle] - middle < codePointIndex) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return codePointIndex + low;
  }

  Location atCodePoint(int codePointIndex) {
    return at(Math.min(offset(codePointIndex), text.length()));
  }

  private int pairsBefore(int offset) {
    int found = Arrays.binarySearch(pairs, offset);
    return found < 0 ? -found - 1 : found;
  }

  private static int floor(int[] rising, int value) {
    int found = Arrays.binarySearch(rising, value);
    return found < 0 ? -found - 2 : found;
  }

  /**
   * Characters that have no business in a file which people review: control characters, and marks
   * that make text look other than it is.
   */
  void checkCharacters(Problems problems) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t') {
        continue;
      }
      if (Character.isISOControl(c)) {
        problems.addBreaking(
            Diagnostic.error(
                    "source.control-character",
                    "the control character " + Words.name(c) + " can't stand in a policy file",
                    at(i))
                .withHint("remove it; in quoted text write an escape such as \\u001B"));
        return;
      }
      if (Words.turnsDirection(c)) {
        problems.addBreaking(
            Diagnostic.error(
                    "source.direction",
                    "the invisible mark "
                        + Words.name(c)
                        + " turns the direction of text, so that a reviewer sees another file",
                    at(i))
                .withHint("remove it; in quoted text write an escape such as \\u202E"));
        return;
      }
    }
  }
}
