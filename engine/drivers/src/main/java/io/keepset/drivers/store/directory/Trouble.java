package io.keepset.drivers.store.directory;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What a file system refused, with its cause and its fix. */
final class Trouble {
  private Trouble() {}

  /**
   * @param doing as the beginning of a sentence: {@code writing to}
   */
  static DriverException of(IOException e, String doing, Path where) {
    String reason = reason(e);
    String what = doing + " " + where + " failed: ";
    if (e instanceof AccessDeniedException denied) {
      return new DriverException(
          Kind.DENIED,
          what
              + "permission denied at "
              + denied.getFile()
              + "; the user that runs Keepset must own the directory of a store",
          e);
    }
    if (reason.contains("No space left on device")) {
      return new DriverException(
          Kind.TRANSIENT,
          what
              + "the disk is full; free space there, or let the retention of large databases keep"
              + " fewer",
          e);
    }
    if (reason.contains("quota exceeded")) {
      return new DriverException(
          Kind.TRANSIENT, what + "the disk quota is used up; raise it or free space", e);
    }
    if (reason.contains("Read-only file system")) {
      return new DriverException(
          Kind.DENIED,
          what
              + "the file system is mounted read-only; after a disk error Linux does that by"
              + " itself: see dmesg",
          e);
    }
    if (reason.contains("Input/output error") || reason.contains("Stale file handle")) {
      return new DriverException(
          Kind.TRANSIENT,
          what + reason + "; the disk or the share behind it has a problem: see dmesg",
          e);
    }
    if (e instanceof NotDirectoryException || reason.contains("Not a directory")) {
      return new DriverException(
          Kind.REJECTED, what + "a file lies where a directory is needed", e);
    }
    if (e instanceof NoSuchFileException) {
      return new DriverException(
          Kind.TRANSIENT,
          what + e.getMessage() + " is gone; does another process clean up in the store?",
          e);
    }
    return new DriverException(Kind.TRANSIENT, what + reason, e);
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
