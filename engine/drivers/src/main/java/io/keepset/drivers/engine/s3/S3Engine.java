package io.keepset.drivers.engine.s3;

import io.keepset.diagnostic.Diagnostic;
import io.keepset.policy.Options;
import io.keepset.policy.Protection;
import io.keepset.policy.StoreFields;
import io.keepset.policy.StoreSpec;
import io.keepset.spi.ArtifactFacts;
import io.keepset.spi.Attachment;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Engine;
import io.keepset.spi.EngineFacts;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreStamp;
import io.keepset.spi.Scratch;
import io.keepset.spi.Source;
import io.keepset.spi.Unsupported;
import io.keepset.spi.Verdict;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The objects of a bucket of S3, or of a service that speaks its language, as tar.gz. */
public final class S3Engine implements Engine {
  public static final String NAME = "s3";

  private final InstantSource clock;

  /**
   * @param clock names what restores make
   */
  public S3Engine(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        NAME,
        "tar.gz",
        ".tar.gz",
        "each object as it was when it was read; not across objects",
        "S3Mock 5.2; not AWS",
        List.of(),
        RestoreRequest.Mode.allButMerge());
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired) {
    List<Diagnostic> findings =
        new ArrayList<>(
            Unsupported.pointInTime(
                desired,
                "s3 on runner can't restore to a point in time: turn on the bucket's versioning for"
                    + " that"));
    TreeSet<String> stores = new TreeSet<>();
    desired.options().values().keySet().stream()
        .filter(key -> key.startsWith(StoreFields.PREFIX) && key.endsWith(".bucket"))
        .forEach(key -> stores.add(key.substring(0, key.length() - "bucket".length())));
    for (String store : stores) {
      if (overlap(desired.connection(), desired.options(), store)) {
        findings.add(ownStore(desired, store));
      }
    }
    return findings;
  }

  @Override
  public List<Diagnostic> unsupported(Protection desired, Collection<StoreSpec> stores) {
    List<Diagnostic> findings = new ArrayList<>(unsupported(desired));
    boolean own = findings.stream().anyMatch(found -> found.code().equals("s3.own-store"));
    for (StoreSpec store : stores) {
      if (!own && store.type().equals(NAME) && overlap(desired.connection(), store.options(), "")) {
        findings.add(foreignStore(desired, store));
        break;
      }
    }
    return findings;
  }

  private static Diagnostic foreignStore(Protection desired, StoreSpec store) {
    return Diagnostic.error(
            "s3.store",
            "bucket "
                + desired.connection().get("bucket", "")
                + " with this prefix holds, is or lies in store "
                + store.name()
                + ", and backups are no database",
            null)
        .withPointer("connection.bucket")
        .withHint("choose a prefix apart from all stores; backups get into a second store by copy");
  }

  /** A bucket that holds its own backups would be backed up with all of them, each time anew. */
  private static boolean overlap(Options connection, Options options, String store) {
    String mine = prefix(connection.get("prefix", ""));
    String theirs = prefix(options.get(store + "prefix", ""));
    return connection.get("bucket").equals(options.get(store + "bucket"))
        && connection.get("endpoint").equals(options.get(store + "endpoint"))
        && (mine.startsWith(theirs) || theirs.startsWith(mine));
  }

  private static String prefix(String prefix) {
    String bare = prefix.replaceAll("^/+|/+$", "");
    return bare.isEmpty() ? "" : bare + "/";
  }

  private static Diagnostic ownStore(Protection desired, String store) {
    String copy = store.replaceFirst("^store\\.copy\\.(.*)\\.$", "$1");
    return Diagnostic.error(
            "s3.own-store",
            "bucket "
                + desired.connection().get("bucket", "")
                + " with this prefix holds, is or lies in the place where "
                + (copy.equals(store) ? "backups" : "copies " + copy)
                + " of "
                + desired.name()
                + " go",
            null)
        .withPointer("connection.bucket")
        .withHint("keep its backups in another bucket, or below a prefix beside its own");
  }

  @Override
  public List<Diagnostic> check(Source source) {
    List<Diagnostic> findings = new ArrayList<>();
    try (Bucket bucket = Bucket.toDump(source)) {
      bucket.call(
          "listing objects",
          () -> {
            bucket.requests().list("").stream()
                .findFirst()
                .ifPresent(
                    object ->
                        bucket
                            .requests()
                            .get(
                                bucket.requests().below(object),
                                0,
                                java.util.Optional.ofNullable(object.eTag()))
                            .abort());
            return "";
          });
      findings.add(Diagnostic.note("engine.server", bucket.describe(), null));
    } catch (DriverException e) {
      boolean denied = e.kind() == Kind.DENIED;
      findings.add(
          Diagnostic.error(denied ? "engine.rights" : "engine.connection", e.getMessage(), null));
    }
    return findings;
  }

  @Override
  public Scratch scratch() {
    return Scratch.none(
        "an object store is no program that this machine could start; a backup is verified by reading"
            + " every object in it to its end");
  }

  @Override
  public Dump dump(Source source) throws DriverException {
    return S3Dump.start(source);
  }

  @Override
  public Verdict verify(InputStream artifact) throws DriverException {
    return Verdict.of(artifact, ObjectsCheck::verdict);
  }

  @Override
  public void checkRestore(ArtifactFacts facts, Source target, RestoreRequest request)
      throws DriverException {
    try (S3Target checked = S3Target.check(target, request, stamp())) {
      checked.describe();
    }
  }

  @Override
  public RestoreReport restore(
      InputStream artifact,
      ArtifactFacts facts,
      List<Attachment> attachments,
      Source target,
      RestoreRequest request)
      throws DriverException {
    String stamp = stamp();
    try (S3Target to = S3Target.check(target, request, stamp)) {
      S3Restore restore = new S3Restore(to.bucket(), stamp);
      return switch (request.mode()) {
        case NEW -> restore.intoNew(artifact, to.makeBucket());
        case OVER -> restore.over(artifact);
        case MERGE -> throw request.mode().notListed();
      };
    }
  }

  private String stamp() {
    return RestoreStamp.of(clock.instant());
  }
}
