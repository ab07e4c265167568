package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.S3Reader;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.drivers.stream.Produced;
import io.keepset.drivers.stream.StoredGzip;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects on their way into a tar, one after the other, by a thread of its own. */
final class S3Dump implements Dump {
  /** An object that is replaced faster than it can be opened would hold the whole dump. */
  private static final int TRIES = 5;

  private final Bucket bucket;
  private final Produced produced;
  private final StoredGzip stream;
  private volatile @Nullable S3Reader reading;
  private volatile boolean closed;
  private long objects;
  private long bytes;
  private final Set<String> gone = new HashSet<>();
  private long replaced;
  private final EntityTags tags = new EntityTags();

  S3Dump(Bucket bucket) {
    this.bucket = bucket;
    this.produced = new Produced("s3-dump", this::write);
    this.stream = new StoredGzip(produced);
  }

  static S3Dump start(Source source) throws DriverException {
    return new S3Dump(Bucket.toDump(source));
  }

  private void write(OutputStream out) throws IOException, DriverException {
    // Not closed: a tar that broke off must not look whole.
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    try {
      for (S3Object object : bucket.requests().list("")) {
        if (!bucket.staged(object)) {
          add(tar, object);
        }
      }
    } catch (RuntimeException e) {
      throw bucket.trouble().of(e, "reading " + bucket.describe());
    }
    tar.finish();
    tar.flush();
  }

  private void add(TarArchiveOutputStream tar, S3Object listed)
      throws IOException, DriverException {
    String key = bucket.requests().below(listed);
    Optional<S3Reader> opened = open(key, Optional.ofNullable(listed.eTag()));
    if (opened.isEmpty()) {
      gone.add(key);
      return;
    }
    try (S3Reader object = opened.get()) {
      reading = object;
      if (closed) {
        throw new DriverException(Kind.TRANSIENT, "the dump was cancelled");
      }
      tar.putArchiveEntry(Entries.entry(key, objects, object.object()));
      MessageDigest sum = EntityTags.sum();
      new DigestInputStream(object, sum).transferTo(tar);
      tar.closeArchiveEntry();
      compare(key, object.object(), sum.digest());
      objects++;
      bytes += object.object().contentLength();
    } finally {
      reading = null;
    }
  }

  /**
   * Transport may change a byte, above all without TLS; what arrives wrong would be a whole archive
   * nevertheless.
   */
  private void compare(String key, GetObjectResponse object, byte[] sum)
      throws IOException, DriverException {
    if (!tags.differs(object, sum)) {
      return;
    }
    MessageDigest again = EntityTags.sum();
    try (S3Reader second =
        new S3Reader(
            bucket.requests(), bucket.trouble(), key, Optional.ofNullable(object.eTag()))) {
      reading = second;
      new DigestInputStream(second, again).transferTo(OutputStream.nullOutputStream());
    } catch (RuntimeException e) {
      throw bucket.trouble().of(e, "reading " + key + " again");
    }
    if (!Arrays.equals(sum, again.digest())) {
      throw new DriverException(
          Kind.DAMAGED,
          key
              + " of "
              + bucket.describe()
              + " arrived with other bytes than its entity tag says, and read once more with other"
              + " ones again: something between here and there changes them; nothing is kept as a"
              + " backup. Use an endpoint with https, and look into proxies between");
    }
    tags.stays(key);
  }

  /**
   * The object as it was listed; if it was replaced meanwhile, as it is now; empty if it is gone.
   */
  private Optional<S3Reader> open(String key, Optional<String> listed) throws DriverException {
    Optional<String> version = listed;
    for (int i = 1; ; i++) {
      try {
        return Optional.of(new S3Reader(bucket.requests(), bucket.trouble(), key, version));
      } catch (RuntimeException e) {
        if (S3Trouble.isMissing(e)) {
          return Optional.empty();
        }
        if (!S3Trouble.isReplaced(e) || i == TRIES) {
          throw bucket.trouble().of(e, "reading " + key);
        }
        replaced++;
      }
      try {
        version = Optional.ofNullable(bucket.requests().head(key).eTag());
      } catch (RuntimeException e) {
        if (S3Trouble.isMissing(e)) {
          return Optional.empty();
        }
        throw bucket.trouble().of(e, "reading " + key);
      }
    }
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    if (!stream.ended()) {
      throw produced
          .failure()
          .orElseGet(
              () ->
                  new DriverException(
                      Kind.TRANSIENT,
                      "the objects of "
                          + bucket.describe()
                          + " were not read to their end; nothing of them is kept"));
    }
    produced.await();
    return new Report(ObjectsCheck.facts(objects, bytes), List.of(), warnings(now()));
  }

  /**
   * What is there now. An object that is still listed but has no content was not deleted: the store
   * lost it, and a backup without it must not pass for one.
   */
  private Bucket.Extent now() throws DriverException {
    List<S3Object> listed = new ArrayList<>();
    Bucket.Extent now =
        bucket.extent(
            object -> {
              if (gone.contains(bucket.requests().below(object))) {
                listed.add(object);
              }
            });
    long lost = 0;
    String first = "";
    for (S3Object object : listed) {
      String key = bucket.requests().below(object);
      // It may have been written anew since.
      Optional<S3Reader> opened = open(key, Optional.ofNullable(object.eTag()));
      opened.ifPresent(S3Reader::close);
      if (opened.isEmpty()) {
        first = lost == 0 ? key : first;
        lost++;
      }
    }
    if (lost > 0) {
      throw new DriverException(
          Kind.DAMAGED,
          lost
              + " objects of "
              + bucket.describe()
              + " are listed but can't be read, the service says that they do not exist (the first"
              + " is "
              + first
              + "); nothing is kept as a backup. Check the store's disks and its log");
    }
    return now;
  }

  private List<String> warnings(Bucket.Extent now) {
    List<String> warnings = new ArrayList<>();
    if (objects == 0) {
      warnings.add(bucket.describe() + " holds no objects");
    }
    if (!gone.isEmpty()) {
      warnings.add(gone.size() + " objects were deleted while the others were read");
    }
    if (replaced > 0) {
      warnings.add(
          replaced + " times an object was replaced before it was read: its newer one is in");
    }
    tags.warning().ifPresent(warnings::add);
    if (now.objects() != objects || now.bytes() != bytes) {
      warnings.add(
          "objects changed meanwhile: "
              + objects
              + " of "
              + bytes
              + " bytes are in the backup, "
              + now.objects()
              + " of "
              + now.bytes()
              + " bytes in the bucket now");
    }
    return warnings;
  }

  @Override
  public void close() {
    closed = true;
    S3Reader object = reading;
    if (object != null) {
      object.close();
    }
    try {
      stream.close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
    bucket.close();
  }
}
