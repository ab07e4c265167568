package io.keepset.app.cli;

import io.keepset.app.AuditTrail;
import io.keepset.app.BackupAddressCodec;
import io.keepset.plan.Figures;
import io.keepset.policy.Durations;
import io.keepset.retention.Backup;
import io.keepset.source.MapBuilder;
import io.keepset.spi.BackupAddress;
import io.keepset.spi.DriverException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "download",
    description = "Fetch a backup as a file of the engine's own format.",
    footer = {
      "",
      "The file gets its name only when all of it is there and right.",
      "",
      "Examples:",
      "  keepset backup download orders",
      "  keepset backup download orders-20261121T020700Z-x7k2 orders.dump",
      "  keepset backup download orders - | pg_restore --list",
      "  curl -o artifact \"$(keepset backup download orders --print-url)\""
    })
final class BackupDownloadCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "ID|DB",
      description = "A backup, or a database: its newest backup.")
  private String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to write, or - for stdout; named after the backup if left out.")
  private @Nullable String given;

  @Option(names = "--overwrite", description = "Replace the file if it is there.")
  private boolean overwrite;

  @Option(
      names = "--print-url",
      description =
          "Print an address from which anybody can fetch the stored bytes for a while. Only of"
              + " stores of type s3.")
  private boolean printUrl;

  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long that address is good, at most 7d. Default: ${DEFAULT-VALUE}.")
  private String expires = "";

  BackupDownloadCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, CommandException, IOException {
    Lookup.Found found = new Lookup(shell.keepset()).backup(id);
    if (printUrl) {
      return address(found);
    }
    String file = given != null ? given : name(found);
    if (file.equals("-")) {
      if (shell.console().terminal().out()) {
        throw new CommandException(
            ExitCode.USAGE, "a backup is no text: pipe it on, or name a file instead of -");
      }
      OutputStream out = new BufferedOutputStream(shell.console().out(), 1 << 16);
      fetch(found, out);
      out.flush();
      return ExitCode.DONE.code();
    }
    Path target = Path.of(file).toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new CommandException(
          ExitCode.USAGE,
          file + " is a directory: name a file in it, such as " + target.resolve(name(found)));
    }
    if (Files.exists(target) && !overwrite) {
      throw new CommandException(
          ExitCode.REFUSED, file + " is there already: --overwrite replaces it");
    }
    save(found, target);
    long size = Files.size(target);
    if (shell.globals().json()) {
      shell
          .console()
          .json(
              new MapBuilder()
                  .put("backup", found.backup().id())
                  .put("file", target.toString())
                  .put("size", size)
                  .build());
    } else {
      shell.console().out().println(file + ": " + found.backup().id() + ", " + Figures.size(size));
    }
    return ExitCode.DONE.code();
  }

  private int address(Lookup.Found found) throws DriverException, CommandException {
    if (given != null) {
      throw new CommandException(ExitCode.USAGE, "--print-url writes no file: leave FILE out");
    }
    Duration validFor =
        Durations.parse(expires)
            .filter(d -> !d.isZero() && d.compareTo(Duration.ofDays(7)) <= 0)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.USAGE, "--expires must be a time up to 7d, such as 15m or 12h"));
    String backupId = found.backup().id();
    BackupAddress address = found.database().operations().address(backupId, validFor);
    shell
        .keepset()
        .audit()
        .note(AuditTrail.user(), "backup.address", backupId, "good until " + address.until());
    if (shell.globals().json()) {
      shell.console().json(BackupAddressCodec.encode(address));
      return ExitCode.DONE.code();
    }
    // Alone on stdout, so that it can be handed to curl.
    shell.console().out().println(address.uri());
    shell.console().note("Good until " + address.until() + " for whoever has it.");
    address.caveat().ifPresent(caveat -> shell.console().note("But " + caveat + "."));
    shell
        .console()
        .note(
            address.sealed()
                ? "What lies there is encrypted; docs/stores.md says how to open it: java"
                    + " OpenArtifact.java KEYFILE "
                    + address.object()
                    + " FILE | zstd -d"
                : "What lies there is compressed: zstd -d makes it " + name(found) + ".");
    return ExitCode.DONE.code();
  }

  private String name(Lookup.Found found) throws DriverException {
    return found.database().operations().fileName(found.backup().id());
  }

  private void save(Lookup.Found found, Path target) throws DriverException, IOException {
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(String.valueOf(directory));
    }
    // A backup holds all that its database holds: nobody else may read it.
    Path part =
        Files.createTempFile(
            directory,
            "." + target.getFileName(),
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(part, EnumSet.of(StandardOpenOption.WRITE));
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        fetch(found, out);
        out.flush();
        channel.force(true);
      }
      if (overwrite) {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        // Fails if somebody else made the file meanwhile.
        Files.move(part, target);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void fetch(Lookup.Found found, OutputStream to) throws DriverException {
    Backup backup = found.backup();
    String backupId = backup.id();
    shell
        .keepset()
        .audit()
        .note(
            AuditTrail.user(),
            "backup.download",
            backupId,
            backup.kind().word() + " backup of " + backup.time());
    try (Console.Bar bar = shell.console().progress("downloading " + backupId)) {
      long size = found.backup().size().orElse(-1);
      found
          .database()
          .operations()
          .download(backupId, to, (done, total) -> bar.at(done, total < 0 ? size : total));
    }
  }
}
