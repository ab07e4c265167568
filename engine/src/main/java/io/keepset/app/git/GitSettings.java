package io.keepset.app.git;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which policies to read, and with which rights.
 *
 * @param url a local path, {@code file://}, {@code https://}, {@code ssh://} or {@code
 *     git@host:path}; without a password in it
 * @param ref branch, tag or commit; {@code HEAD} is the branch that the repository names first
 * @param path folder of the repository with the policies, empty for all of it
 * @param user who presents the token over https
 * @param token reference to a token or password, such as {@code env:GIT_TOKEN}
 * @param key reference to a private key for ssh, such as {@code file:/etc/keepset/key}; null for
 *     the keys and settings in {@code ~/.ssh}
 * @param passphrase reference to the passphrase of that key
 * @param knownHosts host keys that are trusted, in OpenSSH's format; null for the usual file
 */
public record GitSettings(
    String url,
    String ref,
    String path,
    String user,
    @Nullable String token,
    @Nullable String key,
    @Nullable String passphrase,
    @Nullable Path knownHosts) {

  public GitSettings {
    path = path.replaceAll("^[./]+", "").replaceAll("/+$", "");
  }

  /** A repository that needs no rights of its own. */
  public static GitSettings of(String url, String ref) {
    return new GitSettings(url, ref, "", "git", null, null, null, null);
  }

  public GitSettings withPath(String newPath) {
    return new GitSettings(url, ref, newPath, user, token, key, passphrase, knownHosts);
  }

  public GitSettings withToken(String newUser, String newToken) {
    return new GitSettings(url, ref, path, newUser, newToken, key, passphrase, knownHosts);
  }

  public GitSettings withKey(@Nullable String newKey, @Nullable Path newKnownHosts) {
    return new GitSettings(url, ref, path, user, token, newKey, passphrase, newKnownHosts);
  }

  /** The directory that the URL names, if it names one on this machine. */
  Optional<Path> local() {
    if (url.startsWith("file://")) {
      return Optional.of(Path.of(java.net.URI.create(url.replace(" ", "%20")).getPath()));
    }
    boolean remote = url.contains("://") || url.matches("[^/]+@[^/]+:.*");
    return remote ? Optional.empty() : Optional.of(Path.of(url));
  }

  boolean ssh() {
    return url.startsWith("ssh://") || !url.contains("://");
  }

  boolean http() {
    return url.startsWith("https://") || url.startsWith("http://");
  }

  /**
   * Whether something is in the URL that may be a password: over http a lone name may be a token.
   */
  boolean holdsSecret() {
    return !shown().equals(url);
  }

  /** The URL as printed anywhere, without what may be a password. */
  public String shown() {
    return masked(url);
  }

  /** A text with the passwords of the URLs in it made unreadable. */
  static String masked(String text) {
    return text.replaceAll("(?i)(https?://)[^/\\s]*@", "$1***@")
        .replaceAll("(?i)([a-z]+://[^/\\s:@]*):[^/\\s]*@", "$1:***@");
  }

  /** As printed in messages. */
  String describe() {
    return "the repository " + shown();
  }

  /** Records print all they hold; this one may hold a password. */
  @Override
  public String toString() {
    return describe() + " at " + ref;
  }
}
