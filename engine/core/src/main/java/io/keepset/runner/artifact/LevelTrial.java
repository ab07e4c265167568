package io.keepset.runner.artifact;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

/**
 * Finds the level of zstd for what begins with some bytes, by packing these at both. Which one
 * packs better depends on the data: level 3 by an eighth with text of words and with programs,
 * level 1 by a few hundredths with digits and hashes, and it takes less than half the time. The
 * same bytes always find the same level. Close it; for one thread.
 */
final class LevelTrial implements AutoCloseable {
  private static final int FAST = 1;

  /** What the command {@code zstd} takes unless told otherwise. */
  private static final int USUAL = 3;

  private final ZstdCompressCtx fast = new ZstdCompressCtx().setLevel(FAST);
  private final ZstdCompressCtx usual = new ZstdCompressCtx().setLevel(USUAL);
  private byte[] packed = {};

  /** The usual one only if that makes these bytes smaller. */
  int better(byte[] bytes, int length) {
    int room = Math.toIntExact(Zstd.compressBound(length));
    if (packed.length < room) {
      packed = new byte[room];
    }
    return size(usual, bytes, length) < size(fast, bytes, length) ? USUAL : FAST;
  }

  private int size(ZstdCompressCtx level, byte[] bytes, int length) {
    return level.compressByteArray(packed, 0, packed.length, bytes, 0, length);
  }

  @Override
  public void close() {
    fast.close();
    usual.close();
  }
}
