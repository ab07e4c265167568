package io.keepset.drivers.engine.mysql;

import io.keepset.drivers.stream.ByteSearch;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a dump into lines as it passes, however long they are: of each line the first piece holds
 * its beginning, at least {@link #HEAD} bytes of it or all. One thread.
 */
final class DumpLines {
  /** Enough for what says what a line is: three names of 64 characters, and words. */
  static final int HEAD = 4096;

  /** Hears the pieces in order. */
  interface Listener {
    /**
     * @param first whether it begins a line
     * @param last whether it ends one, by a line break
     */
    void piece(byte[] bytes, int offset, int length, boolean first, boolean last);
  }

  private final Listener listener;
  private final byte[] carry = new byte[HEAD];
  private int carried;
  private boolean inLine;

  DumpLines(Listener listener) {
    this.listener = listener;
  }

  void accept(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int lineEnd = ByteSearch.find(bytes, at, end, (byte) '\n');
      boolean last = lineEnd < end;
      int stop = last ? lineEnd + 1 : end;
      if (inLine) {
        emit(bytes, at, stop - at, false, last);
        at = stop;
      } else if (carried == 0 && (last || stop - at >= HEAD)) {
        emit(bytes, at, stop - at, true, last);
        at = stop;
      } else {
        at += carry(bytes, at, stop - at, last);
      }
    }
  }

  private int carry(byte[] bytes, int offset, int length, boolean last) {
    int taken = Math.min(length, HEAD - carried);
    System.arraycopy(bytes, offset, carry, carried, taken);
    carried += taken;
    boolean whole = last && taken == length;
    if (whole || carried == HEAD) {
      int size = carried;
      carried = 0;
      emit(carry, 0, size, true, whole);
    }
    return taken;
  }

  /** The rest: a last line without its end. */
  void end() {
    if (carried > 0) {
      int size = carried;
      carried = 0;
      emit(carry, 0, size, true, false);
    }
  }

  private void emit(byte[] bytes, int offset, int length, boolean first, boolean last) {
    inLine = !last;
    listener.piece(bytes, offset, length, first, last);
  }

  /** The text of a piece, its line break left out. */
  static String text(byte[] bytes, int offset, int length) {
    int end = length > 0 && bytes[offset + length - 1] == '\n' ? length - 1 : length;
    return new String(bytes, offset, Math.min(end, HEAD), StandardCharsets.UTF_8);
  }
}
