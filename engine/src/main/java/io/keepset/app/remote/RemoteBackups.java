package io.keepset.app.remote;

import io.keepset.app.BackupAddressCodec;
import io.keepset.app.StoreReportCodec;
import io.keepset.retention.Backup;
import io.keepset.retention.BackupCodec;
import io.keepset.retention.BackupKind;
import io.keepset.source.MapBuilder;
import io.keepset.source.MapNode;
import io.keepset.source.ScalarNode;
import io.keepset.spi.BackupAddress;
import io.keepset.spi.BackupOperations;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Progress;
import io.keepset.spi.RestoreReport;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.Verdict;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The backup verbs, done by a server. */
final class RemoteBackups implements BackupOperations {
  private static final Pattern EXTENSION = Pattern.compile("(\\.[a-z0-9]+)*");

  private final RemoteServer server;

  RemoteBackups(RemoteServer server) {
    this.server = server;
  }

  @Override
  public Backup create(String database, BackupKind kind, Progress progress) throws DriverException {
    return BackupCodec.decode(
        server.call("databases/" + database + "/backups?kind=" + kind.word(), null, progress));
  }

  @Override
  public void download(String backupId, OutputStream to, Progress progress) throws DriverException {
    try (InputStream in = server.open("backups/" + backupId + "/artifact")) {
      byte[] buffer = new byte[1 << 16];
      long done = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        to.write(buffer, 0, read);
        done += read;
        progress.at(done, -1);
      }
    } catch (IOException e) {
      throw new DriverException(
          Kind.TRANSIENT,
          "the download of "
              + backupId
              + " broke off ("
              + e.getMessage()
              + "): what was written is not a backup",
          e);
    }
  }

  @Override
  public String fileName(String backupId) throws DriverException {
    String name =
        server.get("backups/" + backupId + "/artifact/name").text("name").orElse(backupId);
    // A server chooses the extension, never the place of a file on this machine.
    return name.startsWith(backupId)
            && EXTENSION.matcher(name.substring(backupId.length())).matches()
        ? name
        : backupId;
  }

  @Override
  public Backup upload(String database, InputStream from, Progress progress)
      throws DriverException {
    return BackupCodec.decode(
        server.upload("databases/" + database + "/uploads", new Counted(from, progress)));
  }

  @Override
  public RestoreReport restore(String backupId, RestoreRequest request, Progress progress)
      throws DriverException {
    MapBuilder body =
        new MapBuilder().put("mode", request.mode().word()).putText("name", request.newName());
    if (request.orCopy()) {
      body.put("or_copy", true);
    }
    if (request.mode().intoExisting()) {
      // The command has asked for the name already; here it goes with the request.
      body.put("confirm", database(backupId));
    }
    MapNode report = server.call("backups/" + backupId + "/restore", body.build(), progress);
    RestoreReport restored =
        new RestoreReport(
            report.text("target").orElse(""), StoreReportCodec.texts(report, "notes"));
    for (MapNode.Entry entry : entries(report, "connection")) {
      restored = restored.at(entry.key(), ((ScalarNode) entry.value()).text());
    }
    for (MapNode.Entry entry : entries(report, "options")) {
      restored = restored.with(entry.key(), ((ScalarNode) entry.value()).text());
    }
    return restored;
  }

  private static List<MapNode.Entry> entries(MapNode map, String key) {
    return map.map(key).map(MapNode::entries).orElse(List.of());
  }

  @Override
  public BackupAddress address(String backupId, Duration validFor) throws DriverException {
    return BackupAddressCodec.decode(
        server.call(
            "backups/" + backupId + "/address?seconds=" + validFor.toSeconds(),
            null,
            Progress.NONE));
  }

  @Override
  public Verdict verify(String backupId, Progress progress) throws DriverException {
    return verdict(server.call("backups/" + backupId + "/verify", null, progress));
  }

  /** The instance runs on the server, and where is its business. */
  @Override
  public Verdict prove(String backupId, Optional<Path> place, Progress progress)
      throws DriverException {
    if (place.isPresent()) {
      throw new DriverException(
          DriverException.Kind.REJECTED,
          "the instance runs on the server, in its own temporary directory: leave --scratch-dir"
              + " out (there, KEEPSET_JAVA_OPTS=-Djava.io.tmpdir=DIR moves it)");
    }
    return verdict(server.call("backups/" + backupId + "/verify?restore=true", null, progress));
  }

  private static Verdict verdict(MapNode verdict) {
    return new Verdict(
        verdict.text("good").orElse("false").equals("true"),
        StoreReportCodec.texts(verdict, "findings"),
        Optional.empty());
  }

  @Override
  public void delete(String backupId) throws DriverException {
    server.delete("backups/" + backupId);
  }

  private String database(String backupId) throws DriverException {
    return server.get("backups/" + backupId).text("database").orElse("");
  }

  private static final class Counted extends FilterInputStream {
    private final Progress progress;
    private long done;

    Counted(InputStream in, Progress progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int bytes) {
      done += bytes;
      progress.at(done, -1);
    }
  }
}
