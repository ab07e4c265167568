package io.keepset.drivers.store.s3;

import io.keepset.spi.StoreKeys;
import io.keepset.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The calls that a store needs, by the store's keys; failures are the SDK's own. */
final class S3Requests {
  private final S3Client client;
  private final S3Settings settings;

  S3Requests(S3Client client, S3Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  String put(String key, RequestBody body) {
    return client
        .putObject(
            r -> {
              r.bucket(settings.bucket()).key(name(key));
              settings.serverSideEncryption().ifPresent(r::serverSideEncryption);
              settings.kmsKey().ifPresent(r::ssekmsKeyId);
            },
            body)
        .eTag();
  }

  String begin(String key) {
    return client
        .createMultipartUpload(
            r -> {
              r.bucket(settings.bucket()).key(name(key));
              settings.serverSideEncryption().ifPresent(r::serverSideEncryption);
              settings.kmsKey().ifPresent(r::ssekmsKeyId);
            })
        .uploadId();
  }

  String part(String key, String uploadId, int number, RequestBody body) {
    return client
        .uploadPart(
            r -> r.bucket(settings.bucket()).key(name(key)).uploadId(uploadId).partNumber(number),
            body)
        .eTag();
  }

  void complete(String key, String uploadId, List<CompletedPart> parts) {
    client.completeMultipartUpload(
        r ->
            r.bucket(settings.bucket())
                .key(name(key))
                .uploadId(uploadId)
                .multipartUpload(m -> m.parts(parts)));
  }

  void abort(String key, String uploadId) {
    client.abortMultipartUpload(r -> r.bucket(settings.bucket()).key(name(key)).uploadId(uploadId));
  }

  HeadObjectResponse head(String key) {
    return client.headObject(r -> r.bucket(settings.bucket()).key(name(key)));
  }

  /**
   * @param version only this one, if given: the entity tag
   */
  ResponseInputStream<GetObjectResponse> get(String key, long from, Optional<String> version) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(name(key));
    if (from > 0) {
      request.range("bytes=" + from + "-");
    }
    version.ifPresent(request::ifMatch);
    return client.getObject(request.build());
  }

  List<StoredObject> list(String prefix) {
    List<StoredObject> found = new ArrayList<>();
    for (S3Object object :
        client
            .listObjectsV2Paginator(r -> r.bucket(settings.bucket()).prefix(name(prefix)))
            .contents()) {
      String key = object.key().substring(settings.prefix().length());
      // Whatever else lies in the bucket is none of ours.
      if (StoreKeys.isGood(key)) {
        Instant modified = object.lastModified();
        found.add(
            new StoredObject(key, object.size(), modified == null ? Instant.EPOCH : modified));
      }
    }
    return found;
  }

  void delete(String key) {
    client.deleteObject(r -> r.bucket(settings.bucket()).key(name(key)));
  }

  /** Aborts what was begun before a moment; returns how many. */
  int abortOlder(Instant than) {
    int aborted = 0;
    for (MultipartUpload upload :
        client
            .listMultipartUploadsPaginator(
                r -> r.bucket(settings.bucket()).prefix(settings.prefix()))
            .uploads()) {
      boolean ours =
          upload.key().startsWith(settings.prefix())
              && StoreKeys.isGood(upload.key().substring(settings.prefix().length()));
      if (ours && upload.initiated() != null && upload.initiated().isBefore(than)) {
        client.abortMultipartUpload(
            r -> r.bucket(settings.bucket()).key(upload.key()).uploadId(upload.uploadId()));
        aborted++;
      }
    }
    return aborted;
  }

  private String name(String key) {
    return settings.prefix() + key;
  }
}
