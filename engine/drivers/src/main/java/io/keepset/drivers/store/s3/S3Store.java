package io.keepset.drivers.store.s3;

import io.keepset.drivers.aws.PartSizes;
import io.keepset.drivers.aws.S3Clients;
import io.keepset.drivers.aws.S3Reader;
import io.keepset.drivers.aws.S3Requests;
import io.keepset.drivers.aws.S3Settings;
import io.keepset.drivers.aws.S3Trouble;
import io.keepset.drivers.aws.S3Writer;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.SignedAddress;
import io.keepset.spi.Store;
import io.keepset.spi.StoreKeys;
import io.keepset.spi.StoreWriter;
import io.keepset.spi.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket, below a prefix. Visible in one step: by the request that puts a small object
 * or completes a multipart upload.
 */
public final class S3Store implements Store {
  private final S3Settings settings;
  private final S3Trouble trouble;
  private @Nullable S3Client client;

  public S3Store(S3Settings settings) {
    this.settings = settings;
    this.trouble = new S3Trouble(settings, new S3Trouble.Words("the store's ", "docs/stores.md"));
  }

  @Override
  public String describe() {
    String place = "s3 bucket " + settings.bucket();
    if (!settings.prefix().isEmpty()) {
      place += ", prefix " + settings.prefix();
    }
    return settings.endpoint().isPresent() ? place + ", at " + settings.endpoint().get() : place;
  }

  @Override
  public StoreWriter create(String key) throws DriverException {
    StoreKeys.check(key);
    return new S3Writer(
        call("writing " + key, this::requests), trouble, new PartSizes(settings.partSize()), key);
  }

  @Override
  public InputStream open(String key) throws DriverException {
    StoreKeys.check(key);
    try {
      return new S3Reader(requests(), trouble, key);
    } catch (RuntimeException e) {
      if (S3Trouble.isMissing(e)) {
        throw new DriverException(Kind.NOT_FOUND, "there is no " + key + " in " + describe(), e);
      }
      throw trouble.of(e, "reading " + key);
    }
  }

  @Override
  public Stream<StoredObject> list(String prefix) throws DriverException {
    return call("listing " + (prefix.isEmpty() ? "objects" : prefix), () -> found(prefix)).stream();
  }

  private List<StoredObject> found(String prefix) {
    S3Requests requests = requests();
    List<StoredObject> found = new ArrayList<>();
    for (S3Object object : requests.list(prefix)) {
      String key = requests.below(object);
      // Whatever else lies in the bucket is none of ours.
      if (StoreKeys.isGood(key)) {
        Instant modified = object.lastModified();
        found.add(
            new StoredObject(key, object.size(), modified == null ? Instant.EPOCH : modified));
      }
    }
    return found;
  }

  @Override
  public void delete(String key) throws DriverException {
    StoreKeys.check(key);
    try {
      requests().delete(key);
    } catch (RuntimeException e) {
      if (!S3Trouble.isMissing(e)) {
        throw trouble.of(e, "deleting " + key);
      }
    }
  }

  @Override
  public int cleanLeftovers(Instant olderThan) throws DriverException {
    try {
      return requests().abortOlder(olderThan, StoreKeys::isGood);
    } catch (RuntimeException e) {
      if (S3Trouble.isNotImplemented(e)) {
        // A service that can't list uploads keeps none that we could abort.
        return 0;
      }
      throw trouble.of(e, "cleaning unfinished uploads");
    }
  }

  @Override
  public void check() throws DriverException {
    byte[] sample = {1, 2, 3};
    // Hidden from list, should it ever stay.
    String probe = ".probe-" + UUID.randomUUID();
    call("writing " + probe, () -> requests().put(probe, RequestBody.fromBytes(sample)));
    try (InputStream in =
        call("reading " + probe, () -> requests().get(probe, 0, Optional.empty()))) {
      if (!Arrays.equals(in.readAllBytes(), sample)) {
        throw new DriverException(
            Kind.DAMAGED, describe() + " gives back other bytes than were written");
      }
    } catch (IOException e) {
      throw trouble.of(new RuntimeException(e.getMessage(), e), "reading " + probe);
    }
    call("listing objects", () -> found(probe));
    call(
        "deleting " + probe,
        () -> {
          requests().delete(probe);
          return probe;
        });
  }

  @Override
  public Optional<SignedAddress> signedAddress(String key, Duration validFor)
      throws DriverException {
    StoreKeys.check(key);
    return Optional.of(
        call("signing the address of " + key, () -> S3Clients.sign(settings, key, validFor)));
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  /** The client is made at first use: its construction looks for credentials and a region. */
  private synchronized S3Requests requests() {
    if (client == null) {
      client = S3Clients.of(settings);
    }
    return new S3Requests(client, settings);
  }

  private <T> T call(String doing, Supplier<T> request) throws DriverException {
    try {
      return request.get();
    } catch (RuntimeException e) {
      throw trouble.of(e, doing);
    }
  }
}
