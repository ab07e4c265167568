package io.keepset.runner.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.keepset.stream.Relay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackingTest {
  private static final int FRAME = 16 << 20;
  private static final int ONE_CHUNK = 1 << 20;
  private static final int ENOUGH = 100;

  /** Frames of both kinds, and a rest. */
  private final byte[] mixed = join(digits(FRAME), words(FRAME), digits(FRAME / 3));

  @Test
  void digitsArePackedFastAndWordsWell() {
    try (LevelTrial trial = new LevelTrial()) {
      assertThat(trial.better(digits(ONE_CHUNK), ONE_CHUNK)).isEqualTo(1);
      assertThat(trial.better(words(ONE_CHUNK), ONE_CHUNK)).isEqualTo(3);
      assertThat(trial.better(words(ONE_CHUNK), 0)).isEqualTo(1);
    }
  }

  @Test
  void mixedDataIsPackedBetterThanAtEitherLevel() throws Exception {
    int packed = pack(mixed).length;

    assertThat(packed).isLessThan(Zstd.compress(mixed, 1).length);
    assertThat(packed).isLessThan(Zstd.compress(mixed, 3).length);
  }

  @Test
  void framesOfBothLevelsOpenToWhatWentIn() throws Exception {
    byte[] packed = pack(mixed);

    assertThat(unpack(packed)).isEqualTo(mixed);
    assertThat(pack(mixed)).isEqualTo(packed);
    assertThat(unpack(pack(new byte[0]))).isEmpty();
    byte[] exact = Arrays.copyOf(mixed, 2 * FRAME);
    assertThat(unpack(pack(exact))).isEqualTo(exact);
  }

  @Test
  void eachFrameHasAChecksumOfItsOwn() throws Exception {
    byte[] packed = pack(mixed);
    int first = Math.toIntExact(Zstd.findFrameCompressedSize(packed));

    for (int end : new int[] {first, packed.length}) {
      byte[] wrong = packed.clone();
      wrong[end - 1] ^= 1;
      assertThatThrownBy(() -> unpack(wrong)).isInstanceOf(IOException.class);
    }
  }

  private static byte[] pack(byte[] plain) throws IOException {
    Relay to = relay();
    Coding.pack(filled(plain), to);
    return read(to);
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    Relay to = relay();
    Coding.unpack(new ByteArrayInputStream(packed), to);
    to.end();
    return read(to);
  }

  private static Relay filled(byte[] bytes) throws IOException {
    Relay relay = relay();
    try (OutputStream out = relay.output()) {
      out.write(bytes);
    }
    relay.end();
    return relay;
  }

  private static byte[] read(Relay relay) throws IOException {
    try (InputStream in = relay.input()) {
      return in.readAllBytes();
    }
  }

  /** Takes all at once, so that one thread is enough. */
  private static Relay relay() {
    return new Relay(ENOUGH, ONE_CHUNK);
  }

  private static byte[] digits(int size) {
    byte[] random = new byte[size / 2];
    new Random(1).nextBytes(random);
    return Arrays.copyOf(
        HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII), size);
  }

  private static byte[] words(int size) {
    Random random = new Random(2);
    String[] words = new String[2000];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(Math.abs(random.nextLong()) >>> random.nextInt(40), 36);
    }
    StringBuilder text = new StringBuilder(size + 100);
    while (text.length() < size) {
      double skewed = random.nextDouble() * random.nextDouble();
      text.append(words[(int) (skewed * words.length)])
          .append(random.nextInt(8) == 0 ? ".\n" : " ");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), size);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
