package io.keepset.drivers.engine.s3;

import io.keepset.drivers.aws.S3Requests;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object as an entry of tar. Its headers are extended headers of ours (POSIX pax: a vendor's
 * keywords begin with its name in capitals). A key that is no safe path is kept in such a header,
 * and the entry has a name that every tar may unpack.
 */
final class Entries {
  private static final String OURS = "KEEPSET.s3.";
  private static final String KEY = OURS + "key";
  private static final String META = OURS + "meta.";
  private static final Pattern UNSAFE = Pattern.compile("^/|^$|(^|/)\\.\\.?(/|$)|//|/$|\\x00");

  private Entries() {}

  /**
   * @param number of the object in this archive, for a name where the key is none
   */
  static TarArchiveEntry entry(String key, long number, GetObjectResponse object) {
    boolean unsafe = UNSAFE.matcher(key).find();
    TarArchiveEntry entry =
        new TarArchiveEntry(
            unsafe ? ".keepset/object-" + number : key, TarConstants.LF_NORMAL, true);
    entry.setSize(object.contentLength());
    entry.setMode(0644);
    if (object.lastModified() != null) {
      entry.setModTime(object.lastModified().toEpochMilli());
    }
    if (unsafe) {
      entry.addPaxHeader(KEY, key);
    }
    put(entry, "content-type", object.contentType());
    put(entry, "cache-control", object.cacheControl());
    put(entry, "content-disposition", object.contentDisposition());
    put(entry, "content-encoding", object.contentEncoding());
    put(entry, "content-language", object.contentLanguage());
    object.metadata().forEach((name, value) -> entry.addPaxHeader(META + name, value));
    return entry;
  }

  private static void put(
      TarArchiveEntry entry, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null && !value.isEmpty()) {
      entry.addPaxHeader(OURS + name, value);
    }
  }

  static String key(TarArchiveEntry entry) {
    String kept = entry.getExtraPaxHeader(KEY);
    // As "tar ." names them.
    return kept != null ? kept : entry.getName().replaceFirst("^\\./", "");
  }

  static S3Requests.Head head(TarArchiveEntry entry) {
    TreeMap<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
      if (header.getKey().startsWith(META)) {
        metadata.put(header.getKey().substring(META.length()), header.getValue());
      }
    }
    return new S3Requests.Head(
        header(entry, "content-type"),
        header(entry, "cache-control"),
        header(entry, "content-disposition"),
        header(entry, "content-encoding"),
        header(entry, "content-language"),
        metadata);
  }

  private static Optional<String> header(TarArchiveEntry entry, String name) {
    return Optional.ofNullable(entry.getExtraPaxHeader(OURS + name));
  }
}
