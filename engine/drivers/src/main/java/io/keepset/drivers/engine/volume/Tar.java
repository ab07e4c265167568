package io.keepset.drivers.engine.volume;

import io.keepset.drivers.tool.Scrubber;
import io.keepset.drivers.tool.Silence;
import io.keepset.drivers.tool.ToolCommand;
import io.keepset.drivers.tool.ToolExit;
import io.keepset.drivers.tool.ToolProcess;
import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** GNU tar: where it is, and how it is called. */
record Tar(Path program, String version) {
  private static final String DIGIT = "[0-9]";

  /** As {@link VolumeEngine} stamps them; every other name is the user's, and is backed up. */
  private static final String STAMP = DIGIT.repeat(8) + "t" + DIGIT.repeat(6);

  private static final Pattern OURS = Pattern.compile("\\.keepset-(before|restoring)-" + STAMP);

  static Tar find() throws DriverException {
    String seen = "";
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String directory : path.split(File.pathSeparator, -1)) {
      for (String name : List.of("tar", "gtar")) {
        Path program = Path.of(directory, name);
        if (!directory.isEmpty() && Files.isExecutable(program)) {
          String said = ToolProcess.run(ToolCommand.of(program, "--version"), 8192).text();
          if (said.contains("GNU tar")) {
            return new Tar(
                program, said.lines().findFirst().orElse("").replace("tar (GNU tar) ", ""));
          }
          seen = " (" + program + " is another one)";
        }
      }
    }
    throw new DriverException(
        Kind.REJECTED,
        "GNU tar is not on this machine" + seen + "; install it: apt-get install tar");
  }

  ToolCommand create(Path directory, Options options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--create",
                "--file=-",
                "--format=posix",
                // Times of reading and of changes of metadata would differ in every backup.
                "--pax-option=delete=atime,delete=ctime",
                "--numeric-owner",
                "--sparse",
                "--xattrs",
                "--acls",
                "--totals",
                "--verbose",
                "--quoting-style=escape"));
    if (options.flag("one_file_system", true)) {
      arguments.add("--one-file-system");
    }
    arguments.addAll(
        List.of(
            "--anchored",
            "--exclude=./.keepset-before-" + STAMP,
            "--exclude=./.keepset-restoring-" + STAMP,
            "--no-anchored"));
    options.list("exclude").forEach(pattern -> arguments.add("--exclude=" + pattern));
    arguments.addAll(List.of("--directory=" + directory, "."));
    return new ToolCommand(
        program, arguments, new TreeMap<>(), Scrubber.NONE, Silence.whileDumping(options));
  }

  ToolCommand extract(Path directory, Options options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--extract",
                "--file=-",
                "--numeric-owner",
                "--preserve-permissions",
                "--delay-directory-restore",
                "--acls",
                "--xattrs"));
    if (root()) {
      // Capabilities and the like; only root may set them, so only root tries.
      arguments.add("--xattrs-include=*");
    }
    arguments.add("--directory=" + directory);
    return new ToolCommand(
        program, arguments, new TreeMap<>(), Scrubber.NONE, Silence.whileRestoring(options));
  }

  /** Where a restore unpacks, inside the directory it restores over. */
  static Path restoring(Path directory, String stamp) {
    return directory.resolve(".keepset-restoring-" + stamp);
  }

  /** Where a restore keeps what was there. */
  static Path before(Path directory, String stamp) {
    return directory.resolve(".keepset-before-" + stamp);
  }

  /** Whether restores made this entry of a directory; such are never backed up. */
  static boolean ours(Path entry) {
    return OURS.matcher(entry.getFileName().toString()).matches();
  }

  static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** What this end of tar means. */
  static DriverException explain(ToolExit exit, Path directory) {
    String said = String.join(" | ", complaints(exit.stderr(), 5));
    if (said.contains("Permission denied") || said.contains("Operation not permitted")) {
      return new DriverException(
          Kind.DENIED,
          "tar may not touch everything in "
              + directory
              + "; run Keepset as a user who may (root, for a whole system), or leave those paths"
              + " out by option exclude. It said: "
              + said);
    }
    if (said.contains("No space left on device")) {
      return new DriverException(
          Kind.TRANSIENT,
          "the disk of " + directory + " is full; free some space. tar said: " + said);
    }
    return new DriverException(
        Kind.TRANSIENT,
        "tar on " + directory + " ended with " + exit.code() + ". It said: " + said);
  }

  /** The first few lines that tar wrote, without its name in front. */
  static List<String> complaints(String stderr, int most) {
    List<String> lines =
        stderr
            .lines()
            .filter(line -> !line.isBlank() && !line.contains("Exiting with failure status"))
            .map(line -> line.replaceFirst("^(?:.*/)?g?tar: ", ""))
            .toList();
    if (lines.size() <= most) {
      return lines;
    }
    List<String> some = new ArrayList<>(lines.subList(0, most));
    some.add((lines.size() - most) + " more like these");
    return some;
  }
}
