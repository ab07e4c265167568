package io.keepset.drivers.engine.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.aws.S3Requests;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.RestoreReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.paginators.ListObjectsV2Iterable;

/** What a restore leaves behind when it fails, and where a service is not quite S3. */
class S3RestoreTest {
  private static final String STAMP = "20260102t030405678";

  private S3Settings settings;
  private S3Client client;

  @BeforeEach
  void bucket() throws IOException {
    settings = S3Lab.bucket("copy/");
    client = S3Clients.of(settings);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void onlyWhatWasWrittenIsDeletedAgain() throws Exception {
    List<String> seen = new ArrayList<>();
    DriverException e =
        failure(
            restore(client),
            false,
            () -> {
              seen.addAll(keys());
              put("copy/theirs");
              put("copy/b");
            });

    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e)
        .hasMessageContaining("the backup could not be read")
        .hasMessageContaining("2 objects")
        .hasMessageContaining("were left");
    assertThat(seen).as("what had been written").contains("copy/a", "copy/b");
    assertThat(keys())
        .as("b was written anew by somebody else")
        .containsExactly("copy/b", "copy/theirs");
  }

  @Test
  void aBucketIsDeletedAgainOnlyIfItIsEmpty() throws Exception {
    settings = S3Lab.settings("made-" + UUID.randomUUID(), "", S3Lab.endpoint());

    DriverException e = failure(restore(client), true, () -> put("theirs"));

    assertThat(e).hasMessageContaining("the backup could not be read");
    assertThat(keys()).containsExactly("theirs");
  }

  @Test
  void whatCannotBeDeletedAgainIsToldBesideTheCause() {
    S3Client refusing =
        new DelegatingS3Client(client) {
          @Override
          public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
            throw S3Exception.builder().statusCode(403).message("no").build();
          }
        };

    DriverException e = failure(restore(refusing), false, () -> {});

    assertThat(e)
        .hasMessageContaining("the backup could not be read")
        .hasMessageContaining("could not be deleted again")
        .hasMessageContaining("prefix copy/");
  }

  @Test
  void noOrderOfListingsMakesAnObjectOfTheBackupSurplus() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      names.add("object-" + i);
      put("copy/object-" + i);
    }
    put("copy/later");
    put("copy/object-2-later");

    RestoreReport report = restore(backwards()).over(archive(names));

    assertThat(keys()).containsExactlyElementsOf(names.stream().map(n -> "copy/" + n).toList());
    assertThat(report.notes()).anyMatch(note -> note.startsWith("2 objects that are not in the"));
  }

  @Test
  void whatWasGatheredStaysWhileTheListingLacksARestoredObject() throws Exception {
    S3Client forgetful =
        new Listing(client) {
          @Override
          List<S3Object> listed(List<S3Object> contents) {
            return contents.stream().filter(object -> !object.key().equals("copy/b")).toList();
          }
        };

    assertThatThrownBy(() -> restore(forgetful).over(archive(List.of("a", "b"))))
        .hasMessageContaining("1 of 2 objects")
        .hasMessageContaining("copy/" + Bucket.STAGING + STAMP);
    assertThat(keys()).contains("copy/" + Bucket.STAGING + STAMP + "/b");
  }

  @Test
  void gatheredObjectsThatStayDoNotMakeARestoreThatIsThroughAFailure() throws Exception {
    S3Client keeping =
        new DelegatingS3Client(client) {
          @Override
          public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
            throw S3Exception.builder().statusCode(403).message("no").build();
          }
        };

    RestoreReport report = restore(keeping).over(archive(List.of("a")));

    assertThat(keys()).contains("copy/a");
    assertThat(report.notes())
        .anyMatch(note -> note.contains(Bucket.STAGING + STAMP) && note.contains("delete"));
  }

  /** Lists each page as somebody else would. */
  private abstract static class Listing extends DelegatingS3Client {
    Listing(S3Client client) {
      super(client);
    }

    abstract List<S3Object> listed(List<S3Object> contents);

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
      ListObjectsV2Response page = super.listObjectsV2(request);
      return page.toBuilder().contents(listed(page.contents())).build();
    }

    @Override
    public ListObjectsV2Iterable listObjectsV2Paginator(ListObjectsV2Request request) {
      return new ListObjectsV2Iterable(this, request);
    }
  }

  private S3Client backwards() {
    return new Listing(client) {
      @Override
      List<S3Object> listed(List<S3Object> contents) {
        List<S3Object> turned = new ArrayList<>(contents);
        Collections.reverse(turned);
        return turned;
      }
    };
  }

  private S3Restore restore(S3Client by) {
    S3Trouble trouble = new S3Trouble(settings, new S3Trouble.Words("connection.", "the docs"));
    Bucket bucket = new Bucket(settings, by, new S3Requests(by, settings), trouble);
    return new S3Restore(bucket, STAMP);
  }

  /** Of a restore into something new from an archive that breaks off after some objects. */
  private static DriverException failure(
      S3Restore restore, boolean makeBucket, Runnable meanwhile) {
    InputStream breaking =
        new InputStream() {
          @Override
          public int read() throws IOException {
            meanwhile.run();
            throw new IOException("it breaks off");
          }
        };
    return catchThrowableOfType(
        DriverException.class,
        () ->
            restore.intoNew(
                new SequenceInputStream(archive(List.of("a", "b"), false), breaking), makeBucket));
  }

  private static InputStream archive(List<String> names) throws IOException {
    return archive(names, true);
  }

  private static InputStream archive(List<String> names, boolean whole) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes, 512, true);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(zipped, 512)) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(3);
        tar.putArchiveEntry(entry);
        tar.write(new byte[] {'n', 'e', 'w'});
        tar.closeArchiveEntry();
      }
      // Of the tar nothing is withheld by blocks of one record.
      zipped.flush();
      if (!whole) {
        return new ByteArrayInputStream(bytes.toByteArray());
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private void put(String key) {
    client.putObject(r -> r.bucket(settings.bucket()).key(key), RequestBody.fromString("theirs"));
  }

  private List<String> keys() {
    return client.listObjectsV2Paginator(r -> r.bucket(settings.bucket())).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
