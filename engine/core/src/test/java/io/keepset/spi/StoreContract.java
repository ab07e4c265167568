package io.keepset.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. A store is empty at the start of each test. */
public abstract class StoreContract {
  /** More than any store buffers, so that an unfinished write really is in the store. */
  protected static final int LARGE = 12_000_000;

  /** The store under test, the same for one test. */
  protected abstract Store store() throws Exception;

  /** The same place as {@link #store}, seen by somebody else. */
  protected abstract Store another() throws Exception;

  /** A law about an object that is replaced; a server that breaks it says so by an assumption. */
  protected void assumeReplacingIsTrue() {}

  @Test
  void nothingShowsBeforeCommit() throws Exception {
    try (StoreWriter writer = store().create("a/b")) {
      writer.stream().write(bytes(1, LARGE));
      writer.stream().flush();

      assertThat(keys("")).isEmpty();
      assertMissing("a/b");

      writer.commit();
    }
    assertThat(keys("")).containsExactly("a/b");
    assertThat(content("a/b")).isEqualTo(bytes(1, LARGE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  void closingWithoutCommitLeavesNothing(int size) throws Exception {
    try (StoreWriter writer = store().create("a/b")) {
      writer.stream().write(bytes(1, size));
    }
    assertThat(keys("")).isEmpty();
    assertMissing("a/b");
    assertThat(store().cleanLeftovers(Instant.now().plus(Duration.ofHours(1)))).isZero();
  }

  @Test
  void closingWithoutCommitKeepsTheFormerObject() throws Exception {
    assumeReplacingIsTrue();
    put("a/b", bytes(1, 100));

    try (StoreWriter writer = store().create("a/b")) {
      writer.stream().write(bytes(2, LARGE));
    }

    assertThat(content("a/b")).isEqualTo(bytes(1, 100));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5 << 20, (5 << 20) + 1, 20 << 20})
  void keepsEverySize(int size) throws Exception {
    put("a/b", bytes(3, size));

    assertThat(content("a/b")).isEqualTo(bytes(3, size));
    try (Stream<StoredObject> listed = store().list("")) {
      assertThat(listed.map(StoredObject::size)).containsExactly((long) size);
    }
  }

  @Test
  void whatIsCommittedIsThereForOthers() throws Exception {
    Instant before = Instant.now().minusSeconds(60);

    put("orders/1/artifact", bytes(1, 10));

    try (Store other = another()) {
      try (InputStream in = other.open("orders/1/artifact")) {
        assertThat(in.readAllBytes()).isEqualTo(bytes(1, 10));
      }
      try (Stream<StoredObject> listed = other.list("orders/")) {
        StoredObject only = listed.toList().get(0);
        assertThat(only.key()).isEqualTo("orders/1/artifact");
        assertThat(only.modified()).isBetween(before, Instant.now().plusSeconds(60));
      }
    }
  }

  @Test
  void replacingShowsTheOldOrTheNewObject() throws Exception {
    assumeReplacingIsTrue();
    int size = 3_000_000;
    put("a/b", filled(0, size));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          threads.submit(
              () -> {
                for (int i = 1; i <= 15; i++) {
                  put("a/b", filled(i, size));
                }
                return null;
              });
      while (!writing.isDone()) {
        byte[] found = content("a/b");
        assertThat(found).isEqualTo(filled(found[0], size));
      }
      writing.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(content("a/b")).isEqualTo(filled(15, size));
  }

  @Test
  void listsInOrderOfKeyBelowAPrefix() throws Exception {
    List<String> keys =
        List.of("a-b/1", "a.c/1", "a/1", "a/10", "a/2/x", "a/2/y", "aa/1", "b/1", "B/1", "top");
    List<String> shuffled = new ArrayList<>(keys);
    java.util.Collections.shuffle(shuffled, new Random(5));
    for (String key : shuffled) {
      put(key, bytes(1, 1));
    }

    assertThat(keys("")).containsExactlyElementsOf(keys.stream().sorted().toList());
    assertThat(keys("a/")).containsExactly("a/1", "a/10", "a/2/x", "a/2/y");
    assertThat(keys("a/1")).containsExactly("a/1", "a/10");
    assertThat(keys("a/2/")).containsExactly("a/2/x", "a/2/y");
    assertThat(keys("nothing/here/")).isEmpty();
  }

  @Test
  void aMissingObjectIsNotFound() throws Exception {
    put("a/b/c", bytes(1, 1));

    assertMissing("a/x");
    assertMissing("a/b");
    assertMissing("x/y/z");
  }

  @Test
  void deletingTwiceIsHarmless() throws Exception {
    put("a/b", bytes(1, 1));
    put("a/c", bytes(1, 1));

    store().delete("a/b");
    store().delete("a/b");
    store().delete("never/was");

    assertThat(keys("")).containsExactly("a/c");
    assertMissing("a/b");
    put("a/b", bytes(2, 2));
    assertThat(content("a/b")).isEqualTo(bytes(2, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a/../../x",
        "..",
        ".",
        "a//b",
        "a/",
        "a/.hidden",
        "ä",
        "a b",
        "a\\b",
        "a\u0000b",
        "a/./b"
      })
  void refusesKeysThatLeadElsewhere(String key) throws Exception {
    Store store = store();
    for (Use use :
        List.<Use>of(s -> s.create(key).close(), s -> s.open(key).close(), s -> s.delete(key))) {
      DriverException e = catchThrowableOfType(DriverException.class, () -> use.on(store));
      assertThat(e.kind()).isEqualTo(Kind.REJECTED);
      assertThat(e).hasMessageContaining("not a key that stores take");
    }
  }

  @Test
  void cleansWhatAnUnfinishedWriteLeft() throws Exception {
    put("a/b", bytes(1, 10));
    // Neither committed nor closed, as if the process had died.
    StoreWriter crashed = store().create("a/c");
    crashed.stream().write(bytes(2, LARGE));
    crashed.stream().flush();

    try (Store other = another()) {
      assertThat(other.cleanLeftovers(Instant.now().minus(Duration.ofHours(1)))).isZero();
      assertThat(other.cleanLeftovers(Instant.now().plus(Duration.ofHours(1)))).isEqualTo(1);
      assertThat(other.cleanLeftovers(Instant.now().plus(Duration.ofHours(1)))).isZero();
    }

    assertThat(keys("")).containsExactly("a/b");
    assertThat(content("a/b")).isEqualTo(bytes(1, 10));
  }

  @Test
  void aWriteThatBreaksInTheMiddleLeavesNothing() throws Exception {
    IOException broken = null;
    try (StoreWriter writer = store().create("a/b")) {
      InputStream dump = new Breaking(LARGE);
      dump.transferTo(writer.stream());
      writer.commit();
    } catch (IOException e) {
      broken = e;
    }

    assertThat(broken).hasMessage("the dump died");
    assertThat(keys("")).isEmpty();
    assertThat(store().cleanLeftovers(Instant.now().plus(Duration.ofHours(1)))).isZero();
  }

  @Test
  void manyWriteAtOnce() throws Exception {
    int writers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int i = 0; i < writers; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  put("own/" + number, bytes(number, 6_000_000));
                  put("shared/x", filled(number, 200_000));
                  store().delete("gone/" + (number % 2));
                  put("gone/" + (number % 2), bytes(number, 10));
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < writers; i++) {
      assertThat(content("own/" + i)).isEqualTo(bytes(i, 6_000_000));
    }
    byte[] shared = content("shared/x");
    assertThat(shared).isEqualTo(filled(shared[0], 200_000));
  }

  @Test
  void checkFindsNothingWrongAndLeavesNothing() throws Exception {
    store().check();

    assertThat(keys("")).isEmpty();
    assertThat(store().describe()).isNotBlank();
  }

  /** Something done with a store. */
  private interface Use {
    void on(Store store) throws Exception;
  }

  protected final void put(String key, byte[] bytes) throws Exception {
    try (StoreWriter writer = store().create(key)) {
      OutputStream out = writer.stream();
      for (int at = 0; at < bytes.length; at += 100_000) {
        out.write(bytes, at, Math.min(100_000, bytes.length - at));
      }
      writer.commit();
    }
  }

  protected final byte[] content(String key) throws Exception {
    try (InputStream in = store().open(key)) {
      return in.readAllBytes();
    }
  }

  protected final List<String> keys(String prefix) throws Exception {
    try (Stream<StoredObject> listed = store().list(prefix)) {
      return listed.map(StoredObject::key).toList();
    }
  }

  private void assertMissing(String key) throws Exception {
    Store store = store();
    DriverException e =
        catchThrowableOfType(DriverException.class, () -> store.open(key).readAllBytes());
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e).hasMessageContaining(key);
  }

  protected static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] filled(int value, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static final class Breaking extends InputStream {
    private int left;

    Breaking(int size) {
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      throw new IOException("the dump died");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException("the dump died");
      }
      int n = Math.min(left, length);
      left -= n;
      return n;
    }
  }
}
