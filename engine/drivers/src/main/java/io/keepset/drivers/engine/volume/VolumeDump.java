package io.keepset.drivers.engine.volume;

import io.keepset.drivers.stream.StoredGzip;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Dump;
import io.keepset.spi.Source;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One tar under way; what it says it wrote is compared with what arrived. */
final class VolumeDump implements Dump {
  private static final Pattern TOTAL = Pattern.compile("^Total bytes written: (\\d+)");

  private final Path directory;
  private final ToolProcess process;
  private final StoredGzip stream;
  private final AtomicLong entries;
  private final AtomicLong total;

  private VolumeDump(Path directory, ToolProcess process, AtomicLong entries, AtomicLong total) {
    this.directory = directory;
    this.process = process;
    this.stream = new StoredGzip(process.stdout());
    this.entries = entries;
    this.total = total;
  }

  static VolumeDump start(Source source) throws DriverException {
    Path directory = Volume.directory(source);
    Volume.requireReadable(directory);
    AtomicLong entries = new AtomicLong();
    AtomicLong total = new AtomicLong(-1);
    ToolProcess process =
        ToolProcess.start(
            Tar.find().create(directory, source.options()), line -> isReport(line, entries, total));
    return new VolumeDump(directory, process, entries, total);
  }

  /** With {@code --verbose} every entry is a line, and each begins as it was asked for: "./". */
  private static boolean isReport(String line, AtomicLong entries, AtomicLong total) {
    if (line.startsWith("./")) {
      entries.incrementAndGet();
      return true;
    }
    Matcher matcher = TOTAL.matcher(line);
    if (matcher.find()) {
      total.set(Long.parseLong(matcher.group(1)));
      return true;
    }
    return false;
  }

  @Override
  public InputStream stream() {
    return stream;
  }

  @Override
  public Report finish() throws DriverException {
    ToolExit exit = process.finish();
    // 1 says that files changed while they were read: usable, and worth a word.
    if (exit.code() > 1) {
      throw Tar.explain(exit, directory);
    }
    if (!stream.ended() || stream.size() != total.get()) {
      throw new DriverException(
          Kind.DAMAGED,
          "tar wrote "
              + total.get()
              + " bytes of "
              + directory
              + ", but "
              + stream.size()
              + " arrived; nothing of it is kept");
    }
    List<String> warnings = Tar.complaints(exit.stderr(), 20);
    return new Report(TarCheck.facts(entries.get(), stream.size()), List.of(), warnings);
  }

  @Override
  public void close() {
    process.close();
  }
}
