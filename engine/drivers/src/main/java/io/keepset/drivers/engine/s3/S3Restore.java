package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.PartSizes;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.drivers.aws.S3Writer;
import io.keepset.drivers.stream.OuterStream;
import io.keepset.drivers.tool.Undoing;
import io.keepset.spi.BrokenStream;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A restore. Over what is there, all objects are gathered below a prefix of our own first; only
 * when the last of them has arrived does the service copy them to their places.
 */
final class S3Restore {
  private final Bucket bucket;
  private final String staging;
  private final List<String> notes = new ArrayList<>();
  private long objects;

  S3Restore(Bucket bucket, String stamp) {
    this.bucket = bucket;
    this.staging = Bucket.STAGING + stamp + "/";
  }

  RestoreReport intoNew(InputStream artifact, boolean makeBucket) throws DriverException {
    if (makeBucket) {
      bucket.call(
          "creating the bucket",
          () -> bucket.client().createBucket(r -> r.bucket(bucket.settings().bucket())));
      notes.add("bucket " + bucket.settings().bucket() + " was created, with default settings");
    }
    Claim claim = Claim.take(bucket);
    try {
      unpack(artifact, "");
      claim.release();
    } catch (DriverException | RuntimeException e) {
      throw undone(e, "", makeBucket);
    }
    return report()
        .at("bucket", bucket.settings().bucket())
        .at("prefix", bucket.settings().prefix());
  }

  RestoreReport over(InputStream artifact) throws DriverException {
    try {
      unpack(artifact, staging);
    } catch (DriverException | RuntimeException e) {
      throw undone(e, staging, false);
    }
    try {
      requireAll(place());
      surplus();
    } catch (RuntimeException e) {
      DriverException why = bucket.trouble().of(e, "putting objects in their places");
      throw new DriverException(
          why.kind(),
          why.getMessage()
              + "; "
              + bucket.describe()
              + " is part old, part restored, and the whole backup lies below "
              + bucket.settings().prefix()
              + staging
              + ": restore over it again once the cause is gone",
          why);
    }
    delete(staging);
    return report();
  }

  /** Before anything is deleted: what is gathered and what is surplus are told by it. */
  private void requireAll(long placed) throws DriverException {
    if (placed != objects) {
      throw new DriverException(
          Kind.REJECTED,
          objects
              + " objects were in the backup, "
              + placed
              + " were put in their places: somebody else worked below "
              + bucket.settings().prefix()
              + staging
              + "; nothing was deleted, but "
              + bucket.describe()
              + " is part old, part restored. Restore over it again once nobody else works there");
    }
  }

  private RestoreReport report() {
    notes.add(
        objects
            + " objects; tags, access lists, versions and the bucket's settings are not"
            + " in a backup");
    return new RestoreReport(bucket.describe(), notes);
  }

  private void unpack(InputStream artifact, String below) throws DriverException {
    OuterStream outer = new OuterStream(artifact);
    try (GZIPInputStream unpacked = new GZIPInputStream(outer, 64 * 1024);
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isDirectory()) {
          write(below + Entries.key(entry), entry, tar);
          objects++;
        }
      }
      // The checksum is behind the end mark.
      unpacked.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw BrokenStream.unreadable(e);
    }
  }

  private void write(String key, TarArchiveEntry entry, InputStream content)
      throws IOException, DriverException {
    try (S3Writer writer =
        new S3Writer(
            bucket.requests(),
            bucket.trouble(),
            new PartSizes(bucket.settings().partSize()),
            key,
            Entries.head(entry))) {
      content.transferTo(writer.stream());
      writer.commit();
    }
  }

  private long place() {
    long placed = 0;
    for (S3Object object : bucket.requests().list(staging)) {
      String from = bucket.requests().below(object);
      bucket.requests().copy(from, from.substring(staging.length()), object.size());
      placed++;
    }
    return placed;
  }

  /** Deletes what the backup does not hold: both listings are in the order of their keys. */
  private void surplus() {
    var kept = bucket.requests().list(staging).iterator();
    Optional<String> next = next(kept);
    long deleted = 0;
    for (S3Object object : bucket.requests().list("")) {
      String key = bucket.requests().below(object);
      if (bucket.staged(object)) {
        continue;
      }
      while (next.isPresent() && Keys.ORDER.compare(next.get(), key) < 0) {
        next = next(kept);
      }
      if (next.isEmpty() || !next.get().equals(key)) {
        bucket.requests().delete(key);
        deleted++;
      }
    }
    if (deleted > 0) {
      notes.add(deleted + " objects that are not in the backup were deleted");
    }
  }

  private Optional<String> next(java.util.Iterator<S3Object> staged) {
    return staged.hasNext()
        ? Optional.of(bucket.requests().below(staged.next()).substring(staging.length()))
        : Optional.empty();
  }

  private DriverException undone(Exception cause, String below, boolean madeBucket) {
    DriverException why =
        cause instanceof DriverException known
            ? known
            : bucket.trouble().of((RuntimeException) cause, "restoring");
    return Undoing.despiteInterrupt(() -> undo(why, below, madeBucket));
  }

  private DriverException undo(DriverException why, String below, boolean madeBucket) {
    try {
      delete(below);
      if (madeBucket) {
        bucket.call(
            "deleting the bucket",
            () -> bucket.client().deleteBucket(r -> r.bucket(bucket.settings().bucket())));
      }
      return why;
    } catch (DriverException e) {
      return new DriverException(
          why.kind(),
          why.getMessage()
              + "; what was written could not be deleted again ("
              + e.getMessage()
              + "): delete what lies in bucket "
              + bucket.settings().bucket()
              + " below \""
              + bucket.settings().prefix()
              + below
              + "\" by hand",
          why);
    }
  }

  private void delete(String below) throws DriverException {
    bucket.call(
        "deleting what was gathered",
        () -> {
          for (S3Object object : bucket.requests().list(below)) {
            try {
              bucket.requests().delete(bucket.requests().below(object));
            } catch (RuntimeException e) {
              if (!S3Trouble.isMissing(e)) {
                throw e;
              }
            }
          }
          return "";
        });
  }
}
