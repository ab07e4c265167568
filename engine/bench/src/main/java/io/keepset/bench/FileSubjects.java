package io.keepset.bench;

import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Lab;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.engine.s3.S3Engine;
import io.keepset.drivers.engine.volume.VolumeEngine;
import io.keepset.policy.Options;
import io.keepset.spi.Secret;
import io.keepset.spi.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A directory, and a bucket. */
final class FileSubjects {
  private static final int FILES = 3_000;
  private static final int FILE_SIZE = 100_000;
  private static final int OBJECTS = 60;
  private static final int OBJECT_SIZE = 5_000_000;

  private final Path work;
  private final Random random = new Random(1);

  FileSubjects(Path work) {
    this.work = work;
  }

  void volume(Subjects.Each each) throws Exception {
    Path directory = Files.createDirectories(work.resolve("volume"));
    for (int i = 0; i < FILES; i++) {
      Path folder = Files.createDirectories(directory.resolve("folder" + i % 50));
      Files.write(folder.resolve("file" + i), text(FILE_SIZE));
    }
    each.subject(
        new Subject(
            VolumeEngine.NAME,
            "3,000 files of 100 kB of hexadecimal text",
            new Source(
                "files",
                Options.of(Map.of("path", directory.toString())),
                Options.NONE,
                Secret::new),
            "tar -c",
            Map.of(),
            "tar -C "
                + directory
                + " --format=posix --sparse --acls --xattrs -cf - ."
                + Subject.packed(work.resolve("tar.zst"))));
  }

  void s3(Subjects.Each each) throws Exception {
    S3Settings settings = S3Lab.bucket("");
    String endpoint = settings.endpoint().orElseThrow().toString();
    List<String> addresses = new ArrayList<>();
    try (S3Client client = S3Clients.of(settings)) {
      for (int i = 0; i < OBJECTS; i++) {
        String key = "folder/object" + i;
        client.putObject(
            r -> r.bucket(settings.bucket()).key(key), RequestBody.fromBytes(text(OBJECT_SIZE)));
        addresses.add("url = " + endpoint + "/" + settings.bucket() + "/" + key);
      }
    }
    Path list = Files.write(work.resolve("objects"), addresses);
    each.subject(
        new Subject(
            S3Engine.NAME,
            "60 objects of 5 MB of hexadecimal text in S3Mock",
            new Source(
                "photos",
                Options.of(
                    Map.of(
                        "bucket",
                        settings.bucket(),
                        "region",
                        "eu-central-1",
                        "endpoint",
                        endpoint,
                        "access_key",
                        "env:ACCESS",
                        "secret_key",
                        "env:SECRET")),
                Options.NONE,
                Secret::new),
            "curl of all objects",
            Map.of(),
            "curl -sSf -K " + list + Subject.packed(work.resolve("objects.zst"))));
  }

  private byte[] text(int size) {
    StringBuilder text = new StringBuilder(size + 16);
    while (text.length() < size) {
      text.append(Long.toHexString(random.nextLong()));
    }
    return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
  }
}
