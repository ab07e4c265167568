package io.keepset.drivers.aws;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The calls that we need, by keys below the prefix; failures are the SDK's own. */
public final class S3Requests {
  /** S3 copies no more in one request. */
  private static final long LARGEST_COPY = 5L << 30;

  private static final long COPIED_PART = 1L << 30;

  private final S3Client client;
  private final S3Settings settings;

  public S3Requests(S3Client client, S3Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** What an object is beside its bytes: headers of its own, and the user's. */
  public record Head(
      Optional<String> contentType,
      Optional<String> cacheControl,
      Optional<String> contentDisposition,
      Optional<String> contentEncoding,
      Optional<String> contentLanguage,
      SortedMap<String, String> metadata) {
    /** Bytes, and nothing said about them. */
    public static final Head NONE =
        new Head(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Collections.emptySortedMap());

    static Head of(HeadObjectResponse object) {
      return new Head(
          Optional.ofNullable(object.contentType()),
          Optional.ofNullable(object.cacheControl()),
          Optional.ofNullable(object.contentDisposition()),
          Optional.ofNullable(object.contentEncoding()),
          Optional.ofNullable(object.contentLanguage()),
          new TreeMap<>(object.metadata()));
    }

    public Head {
      metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }
  }

  public String put(String key, RequestBody body) {
    return put(key, Head.NONE, body);
  }

  public String put(String key, Head head, RequestBody body) {
    return client
        .putObject(
            r -> {
              r.bucket(settings.bucket()).key(name(key)).metadata(head.metadata());
              head.contentType().ifPresent(r::contentType);
              head.cacheControl().ifPresent(r::cacheControl);
              head.contentDisposition().ifPresent(r::contentDisposition);
              head.contentEncoding().ifPresent(r::contentEncoding);
              head.contentLanguage().ifPresent(r::contentLanguage);
              settings.serverSideEncryption().ifPresent(r::serverSideEncryption);
              settings.kmsKey().ifPresent(r::ssekmsKeyId);
            },
            body)
        .eTag();
  }

  /** An empty object, if there is none of that key; 412 if there is. */
  public void putNew(String key) {
    client.putObject(
        r -> r.bucket(settings.bucket()).key(name(key)).ifNoneMatch("*"), RequestBody.empty());
  }

  String begin(String key, Head head) {
    return client
        .createMultipartUpload(
            r -> {
              r.bucket(settings.bucket()).key(name(key)).metadata(head.metadata());
              head.contentType().ifPresent(r::contentType);
              head.cacheControl().ifPresent(r::cacheControl);
              head.contentDisposition().ifPresent(r::contentDisposition);
              head.contentEncoding().ifPresent(r::contentEncoding);
              head.contentLanguage().ifPresent(r::contentLanguage);
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

  public HeadObjectResponse head(String key) {
    return client.headObject(r -> r.bucket(settings.bucket()).key(name(key)));
  }

  /**
   * @param version only this one, if given: the entity tag
   */
  public ResponseInputStream<GetObjectResponse> get(
      String key, long from, Optional<String> version) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(settings.bucket()).key(name(key));
    if (from > 0) {
      request.range("bytes=" + from + "-");
    }
    version.ifPresent(request::ifMatch);
    return client.getObject(request.build());
  }

  /** Page by page, in the order of the keys; the keys are the bucket's, with our prefix. */
  public SdkIterable<S3Object> list(String prefix) {
    return client
        .listObjectsV2Paginator(r -> r.bucket(settings.bucket()).prefix(name(prefix)))
        .contents();
  }

  /** The key below our prefix. */
  public String below(S3Object object) {
    return object.key().substring(settings.prefix().length());
  }

  /** Lets the service copy an object, with all its headers. */
  public void copy(String from, String to, long size) {
    if (size < LARGEST_COPY) {
      client.copyObject(
          r -> {
            r.sourceBucket(settings.bucket()).sourceKey(name(from));
            r.destinationBucket(settings.bucket()).destinationKey(name(to));
            settings.serverSideEncryption().ifPresent(r::serverSideEncryption);
            settings.kmsKey().ifPresent(r::ssekmsKeyId);
          });
      return;
    }
    String upload = begin(to, Head.of(head(from)));
    List<CompletedPart> parts = new ArrayList<>();
    for (long at = 0; at < size; at += COPIED_PART) {
      long begin = at;
      int number = parts.size() + 1;
      String tag =
          client
              .uploadPartCopy(
                  r ->
                      r.sourceBucket(settings.bucket())
                          .sourceKey(name(from))
                          .destinationBucket(settings.bucket())
                          .destinationKey(name(to))
                          .uploadId(upload)
                          .partNumber(number)
                          .copySourceRange(
                              "bytes=" + begin + "-" + (Math.min(begin + COPIED_PART, size) - 1)))
              .copyPartResult()
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    }
    complete(to, upload, parts);
  }

  public void delete(String key) {
    client.deleteObject(r -> r.bucket(settings.bucket()).key(name(key)));
  }

  /** Aborts those of our uploads that were begun before a moment; returns how many. */
  public int abortOlder(Instant than, Predicate<String> ours) {
    int aborted = 0;
    for (MultipartUpload upload :
        client
            .listMultipartUploadsPaginator(
                r -> r.bucket(settings.bucket()).prefix(settings.prefix()))
            .uploads()) {
      boolean mine =
          upload.key().startsWith(settings.prefix())
              && ours.test(upload.key().substring(settings.prefix().length()));
      if (mine && upload.initiated() != null && upload.initiated().isBefore(than)) {
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
