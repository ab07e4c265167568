package io.keepset.app.git;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;

/** What Git could not do, as cause and fix. */
final class GitTroubles {
  private GitTroubles() {}

  static DriverException explain(Exception e, GitSettings settings) {
    if (e instanceof DriverException known) {
      return known;
    }
    String words = words(e);
    Kind kind;
    String message;
    if (has(e, MissingObjectException.class) || has(e, CorruptObjectException.class)) {
      kind = Kind.DAMAGED;
      message =
          settings.describe()
              + " is damaged ("
              + innermost(e)
              + "): "
              + (settings.local().isPresent()
                  ? "run git fsck there and bring back the object from another clone"
                  : "delete the folder git in Keepset's data directory, it is fetched anew;"
                      + " if that does not help, run git fsck on the server");
    } else if (words.contains("server key did not validate") || words.contains("host key")) {
      kind = Kind.DENIED;
      message =
          settings.describe()
              + " was not read: the host's key is not in "
              + (settings.knownHosts() == null ? "~/.ssh/known_hosts" : settings.knownHosts())
              + " or has changed; compare it with what the host's operator publishes, then add it"
              + " (ssh-keyscan prints it)";
    } else if (words.contains("no more authentication methods")
        || words.contains("auth fail")
        || words.contains("not authorized")
        || words.contains("authentication is required")
        || words.contains("not permitted")
        || words.contains("cannot log in")) {
      kind = Kind.DENIED;
      message = settings.describe() + " refused to let Keepset read: " + rights(settings);
    } else if (has(e, NoRemoteRepositoryException.class) || words.contains("not found")) {
      kind = Kind.NOT_FOUND;
      message =
          settings.describe()
              + " was not found: check the URL, and whether the token or key may read it"
              + " (many servers say not found to strangers)";
    } else if (has(e, UnknownHostException.class) || words.contains("unresolved address")) {
      kind = Kind.TRANSIENT;
      message =
          "the host of "
              + settings.shown()
              + " is not known: check its name and this machine's DNS";
    } else if (has(e, SSLException.class)) {
      kind = Kind.DENIED;
      message =
          settings.describe()
              + " was not read: its certificate is not trusted ("
              + innermost(e)
              + "); add the authority to the JVM's trust store";
    } else if (has(e, ConnectException.class)
        || has(e, NoRouteToHostException.class)
        || words.contains("connection refused")) {
      kind = Kind.TRANSIENT;
      message =
          settings.describe()
              + " can't be reached: nothing answers there; check the URL and the network";
    } else if (has(e, SocketTimeoutException.class)
        || words.contains("timed out")
        || words.contains("timeout")) {
      kind = Kind.TRANSIENT;
      message =
          settings.describe() + " did not answer in time: check the network, it is tried again";
    } else {
      kind = Kind.TRANSIENT;
      message = settings.describe() + " can't be read: " + innermost(e);
    }
    return new DriverException(kind, GitSettings.masked(message), e);
  }

  /** The same of a push: who may read may not always write. */
  static DriverException explainWrite(Exception e, GitSettings settings) {
    if (e instanceof DriverException known) {
      return known;
    }
    String words = words(e);
    boolean denied =
        words.contains("not permitted")
            || words.contains("not authorized")
            || words.contains("authentication is required")
            || words.contains("service not enabled")
            || words.contains("forbidden")
            || words.contains("permission")
            || words.contains("denied")
            || words.contains("read-only")
            || words.contains("read only");
    if (!denied) {
      return explain(e, settings);
    }
    return new DriverException(
        Kind.DENIED,
        GitSettings.masked(
            settings.describe()
                + " lets Keepset read, but not write ("
                + innermost(e)
                + "): give the token or key that it presents the right to push, or write the policies"
                + " by hand"),
        e);
  }

  private static String rights(GitSettings settings) {
    if (settings.ssh()) {
      return settings.key() == null
          ? "no key in ~/.ssh is accepted; name one with --git-key file:PATH"
          : "the key " + settings.key() + " is not accepted; add its public half on the server";
    }
    return settings.token() == null
        ? "give a token by reference, with --git-token env:NAME or file:PATH"
        : "the token "
            + settings.token()
            + " of user "
            + settings.user()
            + " is not accepted; check that it is valid and may read this repository";
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = next(t)) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Throwable next(Throwable t) {
    return t.getCause() == t ? null : t.getCause();
  }

  private static String words(Throwable e) {
    StringBuilder words = new StringBuilder();
    for (Throwable t = e; t != null; t = next(t)) {
      words.append(t.getMessage()).append('\n');
    }
    return words.toString().toLowerCase(Locale.ROOT);
  }

  /** The innermost reason in one line. */
  private static String innermost(Throwable e) {
    String reason = e.getClass().getSimpleName();
    for (Throwable t = e; t != null; t = next(t)) {
      if (t.getMessage() != null) {
        reason = t.getMessage();
      }
    }
    return reason.lines().findFirst().orElse(reason).replaceAll("\\p{Cntrl}", " ");
  }
}
