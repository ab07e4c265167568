package io.keepset.drivers.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom a server of ours runs as. Root hands over to a user without rights, as some servers refuse
 * to run as root and none should; anybody else runs it himself.
 *
 * @param name empty for the user that we are
 * @param group its group's number
 */
public record ServerUser(Optional<String> name, String group) {
  private static final Path USERS = Path.of("/etc/passwd");
  private static final int GROUP_FIELD = 3;

  /**
   * @param preferred the name that the server's package makes; else {@code nobody}
   */
  public static ServerUser of(String preferred) {
    if (!System.getProperty("user.name").equals("root")) {
      return new ServerUser(Optional.empty(), "");
    }
    return find(preferred).or(() -> find("nobody")).orElse(new ServerUser(Optional.empty(), ""));
  }

  private static Optional<ServerUser> find(String name) {
    try (Stream<String> users = Files.lines(USERS)) {
      return users
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> List.of(line.split(":", -1)))
          .filter(fields -> fields.size() > GROUP_FIELD)
          .map(fields -> new ServerUser(Optional.of(name), fields.get(GROUP_FIELD)))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The command that runs this one as the user; {@code setpriv} belongs to every Debian. */
  public List<String> run(List<String> command) {
    List<String> whole = new ArrayList<>();
    name.ifPresent(
        user ->
            whole.addAll(
                List.of(
                    "/usr/bin/setpriv",
                    "--reuid=" + user,
                    "--regid=" + group,
                    "--clear-groups",
                    "--")));
    whole.addAll(command);
    return whole;
  }

  /** Makes the user the owner of a tree. */
  public void give(Path tree) throws IOException {
    if (name.isEmpty()) {
      return;
    }
    var user =
        tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name.get());
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.toList()) {
        Files.setAttribute(path, "posix:owner", user, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
