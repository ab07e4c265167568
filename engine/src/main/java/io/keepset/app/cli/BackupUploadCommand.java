package io.keepset.app.cli;

import io.keepset.retention.Backup;
import io.keepset.spi.DriverException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "upload",
    description = "Take in a file of the engine's own format as a backup; it is checked first.",
    footer = {"", "Example: keepset backup upload orders orders.dump"})
final class BackupUploadCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "DB", description = "The database that it is of.")
  private String database = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The file, or - for stdin.")
  private String file = "";

  BackupUploadCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws DriverException, IOException {
    Lookup.Database found = new Lookup(shell.keepset()).database(database);
    Backup taken;
    if (file.equals("-")) {
      taken = upload(found, shell.console().in(), -1);
    } else {
      Path path = Path.of(file);
      try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
        taken = upload(found, in, Files.size(path));
      }
    }
    return new BackupOutcome(shell).print(taken, "backup.upload", "taken in", found);
  }

  private Backup upload(Lookup.Database found, InputStream in, long size) throws DriverException {
    try (Console.Bar bar = shell.console().progress("uploading to " + database)) {
      return found
          .operations()
          .upload(database, in, (done, total) -> bar.at(done, total < 0 ? size : total));
    }
  }
}
