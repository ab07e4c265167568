package io.keepset.runner.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.MemoryStore;
import io.keepset.spi.Progress;
import io.keepset.spi.Secret;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactTest {
  private static final String KEY = "orders/orders-20261121T020700Z-x7k2/artifact";

  private final MemoryStore store = new MemoryStore();
  private final KeyRing keys = KeyRing.of(ArtifactKey.generate(new SecureRandom()));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 256 << 10, (256 << 10) + 1, 5_000_000})
  void whatGoesInComesOut(int size) throws Exception {
    byte[] plain = bytes(size);

    CRC32C crc = new CRC32C();
    crc.update(plain);

    SealedObject object = write(plain, KEY, keys);

    assertThat(read(object, keys)).isEqualTo(plain);
    assertThat(object.plain())
        .isEqualTo(Fingerprint.crc32c(size, HexFormat.of().toHexDigits(crc.getValue(), 8)));
    byte[] stored = store.peek(KEY).orElseThrow();
    assertThat(object.stored())
        .isEqualTo(
            Fingerprint.sha256(stored.length, HexFormat.of().formatHex(Sums.sha256(stored))));
  }

  @Test
  void withoutEncryptionTheObjectIsPlainZstd() throws Exception {
    byte[] plain = bytes(100_000);

    SealedObject object = write(plain, KEY, KeyRing.disabled());

    assertThat(object.keyId()).isEmpty();
    assertThat(com.github.luben.zstd.Zstd.decompress(store.peek(KEY).orElseThrow(), plain.length))
        .isEqualTo(plain);
    assertThat(read(object, KeyRing.disabled())).isEqualTo(plain);
  }

  @Test
  void noticesEveryFlippedBit() throws Exception {
    for (KeyRing ring : new KeyRing[] {keys, KeyRing.disabled()}) {
      SealedObject object = write(bytes(500), KEY, ring);
      byte[] stored = store.peek(KEY).orElseThrow();
      for (int at = 0; at < stored.length; at++) {
        byte[] damaged = stored.clone();
        damaged[at] ^= (byte) (1 << (at % 8));
        store.poke(KEY, damaged);

        DriverException e = readFails(object, ring);

        assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(e).hasMessageContaining("bytes in the store have changed");
      }
    }
  }

  @Test
  void noticesEveryTruncation() throws Exception {
    SealedObject object = write(bytes(2_500_000), KEY, keys);
    byte[] stored = store.peek(KEY).orElseThrow();
    int[] lengths = {
      0, 1, 39, 40, 41, 1 << 20, (1 << 20) + 1, stored.length - 16, stored.length - 1
    };
    for (int length : lengths) {
      store.poke(KEY, Arrays.copyOf(stored, length));

      DriverException e = readFails(object, keys);

      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(e).hasMessageContaining("holds only " + length + " of its " + stored.length);
    }
  }

  @Test
  void noticesSurplusBytes() throws Exception {
    for (KeyRing ring : new KeyRing[] {keys, KeyRing.disabled()}) {
      SealedObject object = write(bytes(1000), KEY, ring);
      byte[] stored = store.peek(KEY).orElseThrow();
      store.poke(KEY, Arrays.copyOf(stored, stored.length + 5_000_000));

      assertThat(readFails(object, ring)).hasMessageContaining("holds more than its");
    }
  }

  @Test
  void anObjectDoesNotOpenUnderAnotherName() throws Exception {
    String other = "orders/orders-20261122T020700Z-aaaa/artifact";
    SealedObject object = write(bytes(1000), KEY, keys);
    store.poke(other, store.peek(KEY).orElseThrow());
    // Even with a forged manifest that vouches for the swapped bytes.
    SealedObject forged = new SealedObject(other, object.plain(), object.stored(), object.keyId());

    DriverException e = readFails(forged, keys);

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(other).hasMessageContaining("under another name");
  }

  @Test
  void aMissingKeyIsNamed() throws Exception {
    SealedObject object = write(bytes(1000), KEY, keys);
    KeyRing others = KeyRing.of(ArtifactKey.generate(new SecureRandom()));

    DriverException e = readFails(object, others);

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e)
        .hasMessageContaining(object.keyId().orElseThrow())
        .hasMessageContaining(others.current().orElseThrow().id());
    assertThat(readFails(object, KeyRing.disabled())).hasMessageContaining("has no key");
  }

  @Test
  void anOldKeyStillOpens() throws Exception {
    byte[] plain = bytes(1000);
    SealedObject object = write(plain, KEY, keys);
    ArtifactKey fresh = ArtifactKey.generate(new SecureRandom());
    KeyRing rotated =
        KeyRing.parse(
            "# new\n" + fresh.reveal() + "\n\n" + keys.current().orElseThrow().reveal() + "\n",
            "test");

    assertThat(rotated.current().orElseThrow().id()).isEqualTo(fresh.id());
    assertThat(read(object, rotated)).isEqualTo(plain);
    assertThat(read(object, rotated.readOnly())).isEqualTo(plain);
  }

  @Test
  void readingStopsEarlyAndStillChecksTheRest() throws Exception {
    SealedObject object = write(bytes(5_000_000), KEY, keys);
    byte[] stored = store.peek(KEY).orElseThrow();
    stored[stored.length - 20] ^= 1;

    try (ArtifactStream stream = new ArtifactReader(keys).open(object, store, Progress.NONE)) {
      assertThat(stream.readNBytes(10)).hasSize(10);
      DriverException e = catchThrowableOfType(DriverException.class, stream::finish);
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    }
  }

  @Test
  void closingEarlyEndsItsThreads() throws Exception {
    SealedObject object = write(bytes(20_000_000), KEY, keys);

    ArtifactStream stream = new ArtifactReader(keys).open(object, store, Progress.NONE);
    assertThat(stream.read()).isNotNegative();
    stream.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().endsWith(KEY) && t.isAlive());
  }

  @Test
  void aBrokenDumpIsTheOneToBlame() {
    InputStream breaks =
        new SequenceInputStream(
            new ByteArrayInputStream(bytes(3_000_000)), new Breaks("the dump's pipe is gone"));

    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                new ArtifactWriter(keys)
                    .write(breaks, store.create(KEY), KEY, ArtifactCheck.NONE, Progress.NONE));

    assertThat(e).hasMessageContaining("the dump's pipe is gone");
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void aFullStoreIsTheOneToBlame() {
    DriverException full = new DriverException(Kind.REJECTED, "the disk is full");

    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                new ArtifactWriter(keys)
                    .write(
                        new ByteArrayInputStream(bytes(20_000_000)),
                        new FullWriter(full),
                        KEY,
                        ArtifactCheck.NONE,
                        Progress.NONE));

    assertThat(e).isSameAs(full);
  }

  @Test
  void theCheckSeesTheBytesThatWereSealed() throws Exception {
    byte[] plain = bytes(3_000_000);
    byte[][] seen = new byte[1][];
    Verdict good = new Verdict(true, List.of("seen"), Optional.empty());

    ArtifactWriter.Written written =
        write(
            new ByteArrayInputStream(plain),
            in -> {
              try {
                seen[0] = in.readAllBytes();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return good;
            });

    assertThat(seen[0]).isEqualTo(plain);
    assertThat(written.verdict()).isSameAs(good);
    ArtifactReader.checkStored(written.object(), store, Progress.NONE);
  }

  @Test
  void aCheckMayStopBeforeTheEnd() throws Exception {
    Verdict bad = Verdict.bad("this is no dump");

    ArtifactWriter.Written written = write(new ByteArrayInputStream(bytes(30_000_000)), in -> bad);

    assertThat(written.verdict()).isSameAs(bad);
    assertThat(written.object().plain().size()).isEqualTo(30_000_000);
  }

  @Test
  void aCheckThatCantRunEndsTheWrite() {
    DriverException missing = new DriverException(Kind.REJECTED, "pg_restore is not installed");

    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                write(
                    new ByteArrayInputStream(bytes(30_000_000)),
                    in -> {
                      throw missing;
                    }));

    assertThat(e).isSameAs(missing);
    assertThat(store.peek(KEY)).isEmpty();
  }

  @Test
  void readingBackNoticesDamageWithoutTheKey() throws Exception {
    SealedObject object = write(bytes(100_000), KEY, keys);
    byte[] stored = store.peek(KEY).orElseThrow();
    stored[stored.length / 2] ^= 1;
    store.poke(KEY, stored);

    DriverException changed =
        catchThrowableOfType(
            DriverException.class, () -> ArtifactReader.checkStored(object, store, Progress.NONE));
    store.poke(KEY, Arrays.copyOf(stored, 5));
    DriverException cut =
        catchThrowableOfType(
            DriverException.class, () -> ArtifactReader.checkStored(object, store, Progress.NONE));

    assertThat(changed.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(changed).hasMessageContaining("have changed");
    assertThat(cut).hasMessageContaining("holds only 5 of its");
  }

  @Test
  void aManifestThatTellsOfOtherPlainBytesIsNoticed() throws Exception {
    SealedObject object = write(bytes(100_000), KEY, keys);
    Fingerprint other = Fingerprint.crc32c(100_000, "00000000");
    SealedObject forged = new SealedObject(KEY, other, object.stored(), object.keyId());

    DriverException e = readFails(forged, keys);

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e)
        .hasMessageContaining("crc32c " + object.plain().sum())
        .hasMessageContaining("00000000");
  }

  @Test
  void aKeyIsNeverPrinted() throws Exception {
    ArtifactKey key = keys.current().orElseThrow();
    assertThat(key.toString() + keys).doesNotContain(key.reveal());
    String wrong = new Secret("c2VjcmV0IGJ1dCBzaG9ydA==").reveal();
    for (String text : new String[] {wrong, "not*base64!", "", "# only a comment"}) {
      DriverException e =
          catchThrowableOfType(DriverException.class, () -> KeyRing.parse(text, "env:KEY"));
      assertThat(e.kind()).isEqualTo(Kind.DENIED);
      assertThat(e).hasMessageContaining("env:KEY").hasMessageContaining("openssl rand -base64 32");
      if (!text.isEmpty()) {
        assertThat(e.getMessage()).doesNotContain(text);
      }
    }
  }

  private SealedObject write(byte[] plain, String key, KeyRing ring) throws Exception {
    try (StoreWriter writer = store.create(key)) {
      SealedObject object =
          new ArtifactWriter(ring)
              .write(
                  new ByteArrayInputStream(plain), writer, key, ArtifactCheck.NONE, Progress.NONE)
              .object();
      writer.commit();
      return object;
    }
  }

  private ArtifactWriter.Written write(InputStream plain, ArtifactCheck check) throws Exception {
    try (StoreWriter writer = store.create(KEY)) {
      ArtifactWriter.Written written =
          new ArtifactWriter(keys).write(plain, writer, KEY, check, Progress.NONE);
      writer.commit();
      return written;
    }
  }

  private byte[] read(SealedObject object, KeyRing ring) throws Exception {
    try (ArtifactStream stream = new ArtifactReader(ring).open(object, store, Progress.NONE)) {
      return stream.readAllBytes();
    }
  }

  private DriverException readFails(SealedObject object, KeyRing ring) throws IOException {
    try (ArtifactStream stream = new ArtifactReader(ring).open(object, store, Progress.NONE)) {
      IOException e = catchThrowableOfType(IOException.class, stream::readAllBytes);
      return ((BrokenStream) e).failure();
    } catch (DriverException e) {
      return e;
    }
  }

  /** Half random, half repeating: compresses, but not to nothing. */
  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    for (int i = 0; i < size; i += 2) {
      bytes[i] = (byte) (i >> 9);
    }
    return bytes;
  }

  private static final class Breaks extends InputStream {
    private final String why;

    Breaks(String why) {
      this.why = why;
    }

    @Override
    public int read() throws IOException {
      throw new IOException(why);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException(why);
    }
  }

  private static final class FullWriter implements StoreWriter {
    private final DriverException full;
    private long room = 1_000_000;

    FullWriter(DriverException full) {
      this.full = full;
    }

    @Override
    public OutputStream stream() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[1], 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          room -= length;
          if (room < 0) {
            throw new BrokenStream(full);
          }
        }
      };
    }

    @Override
    public void commit() {
      throw new IllegalStateException("nothing to commit");
    }

    @Override
    public void close() {}
  }
}
