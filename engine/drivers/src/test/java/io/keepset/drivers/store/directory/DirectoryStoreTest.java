package io.keepset.drivers.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Store;
import io.keepset.spi.StoreContract;
import io.keepset.spi.StoreWriter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends StoreContract {
  @TempDir private Path folder;

  @Override
  protected Store store() {
    return new DirectoryStore(new DirectorySettings(folder.resolve("store"), false, () -> true));
  }

  @Override
  protected Store another() {
    return store();
  }

  @Test
  void onlyItsOwnerMayReadIt() throws Exception {
    put("orders/1/artifact", bytes(1, 10));

    Path root = folder.resolve("store");
    assertThat(permissions(root.resolve("orders/1/artifact"))).isEqualTo("rw-------");
    for (String part : new String[] {"", "orders", "orders/1", ".unfinished"}) {
      assertThat(permissions(root.resolve(part))).isEqualTo("rwx------");
    }
  }

  @Test
  void deletingTheLastObjectRemovesItsFolder() throws Exception {
    put("orders/1/artifact", bytes(1, 10));

    store().delete("orders/1/artifact");

    assertThat(folder.resolve("store/orders")).doesNotExist();
    assertThat(folder.resolve("store/.keepset-store")).exists();
  }

  @Test
  void aBareMountPointIsNotFilled() throws Exception {
    Path mountPoint = Files.createDirectory(folder.resolve("mnt"));
    Store used = new DirectoryStore(new DirectorySettings(mountPoint, false, () -> false));
    Store mount = new DirectoryStore(new DirectorySettings(mountPoint, true, () -> true));

    DriverException empty = refused(used);
    DriverException unmounted = refused(mount);

    assertThat(empty).hasMessageContaining("is its file system mounted?");
    assertThat(unmounted).hasMessageContaining("is not mounted");
    assertThat(mountPoint).isEmptyDirectory();
  }

  @Test
  void aStoreThatGoesAwayIsNotMadeAnew() throws Exception {
    put("a/b", bytes(1, 1));
    Store store =
        new DirectoryStore(new DirectorySettings(folder.resolve("store"), false, () -> false));
    try (StoreWriter writer = store.create("a/c")) {
      Files.move(folder.resolve("store"), folder.resolve("elsewhere"));

      DriverException late = catchThrowableOfType(DriverException.class, writer::commit);

      assertThat(late.kind()).isEqualTo(Kind.TRANSIENT);
    }
    refused(store);
    assertThat(folder.resolve("store")).doesNotExist();
  }

  @Test
  void aDirectoryWithOtherFilesIsLeftAlone() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve("thesis.txt"), "mine");

    DriverException e = refused(new DirectoryStore(new DirectorySettings(home, false, () -> true)));

    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e)
        .hasMessageContaining("not the marker")
        .hasMessageContaining("touch " + home.resolve(".keepset-store"));
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsSaid() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThat(refused(new DirectoryStore(new DirectorySettings(file, false, () -> true))))
        .hasMessageContaining("is a file; a directory store needs a directory");
  }

  @Test
  void missingRightsAreSaid() throws Exception {
    put("a/b", bytes(1, 1));
    Path root = folder.resolve("store");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-x------"));
    try {
      Assumptions.assumeFalse(Files.isWritable(root), "root may write everywhere");

      DriverException e = refused(store());

      assertThat(e.kind()).isEqualTo(Kind.DENIED);
      assertThat(e).hasMessageContaining("permission denied");
    } finally {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full, LinkOption.NOFOLLOW_LINKS), "no /dev/full here");
    IOException noSpace = null;
    try (var channel =
        java.nio.channels.FileChannel.open(full, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[10]));
    } catch (IOException e) {
      noSpace = e;
    }

    DriverException e = Trouble.of(noSpace, "writing a/b to", folder);

    assertThat(e).hasMessageContaining("the disk is full; free space there");
  }

  @Test
  void whatAFileSystemRefusesIsSaidWithItsFix() {
    Path file = folder.resolve("x");
    assertThat(Trouble.of(new AccessDeniedException("/x/y"), "writing to", file))
        .hasMessageContaining("permission denied at /x/y; the user that runs Keepset must own");
    assertThat(Trouble.of(new FileSystemException("/x", null, "Read-only file system"), "a", file))
        .hasMessageContaining("mounted read-only");
    assertThat(Trouble.of(new IOException("Disk quota exceeded"), "a", file))
        .hasMessageContaining("quota is used up");
    assertThat(Trouble.of(new IOException("Input/output error"), "a", file))
        .hasMessageContaining("see dmesg");
    assertThat(Trouble.of(new IOException("something else"), "writing to", file))
        .hasMessage("writing to " + file + " failed: something else");
  }

  @Test
  void hiddenFilesAndLinksAreNoObjects() throws Exception {
    put("a/b", bytes(1, 1));
    Path root = folder.resolve("store");
    Files.writeString(root.resolve("a/.nfs0001"), "x");
    Files.createSymbolicLink(root.resolve("a/link"), Path.of("/etc/hostname"));

    assertThat(keys("")).containsExactly("a/b");
  }

  @Test
  void aFileWhereAFolderIsNeededIsSaid() throws Exception {
    put("a/b", bytes(1, 1));

    DriverException e = catchThrowableOfType(DriverException.class, () -> putThrough("a/b/c"));

    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
    assertThat(e).hasMessageContaining("a file lies where a directory is needed");
  }

  @Test
  void thePathMustBeAbsolute() throws Exception {
    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () -> DirectorySettings.of(Options.of(Map.of("path", "backups")), () -> true));

    assertThat(e).hasMessageContaining("must be absolute, was backups");
    assertThat(DirectorySettings.of(Options.of(Map.of("path", "/b")), () -> true).mount())
        .isFalse();
  }

  private void putThrough(String key) throws Exception {
    put(key, bytes(1, 1));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static DriverException refused(Store store) {
    DriverException writing =
        catchThrowableOfType(DriverException.class, () -> store.create("a/b").close());
    DriverException checking = catchThrowableOfType(DriverException.class, store::check);
    assertThat(checking).hasMessage(writing.getMessage());
    return writing;
  }
}
