package io.keepset.app.serve;

import io.keepset.app.remote.ServerFile;
import io.keepset.app.security.OwnAuthority;
import io.keepset.app.security.TlsFiles;
import io.keepset.spi.DriverException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what {@code server.json} says of the certificate true while its files change, and has one
 * of our own authority made anew before it ends. Not for several threads.
 */
final class TlsWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);

  /** How often it looks. */
  static final Duration OFTEN = Duration.ofSeconds(5);

  private final OwnAuthority authority;
  private final TlsFiles files;
  private final Clock clock;
  private @Nullable String published;
  private @Nullable String lastTrouble;

  TlsWatch(Path data, TlsFiles files, Clock clock) {
    this.authority = new OwnAuthority(data);
    this.files = files;
    this.clock = clock;
  }

  /** Says where the server answers and what it shows, if that is not said yet. */
  void publish(ServerFile file, URI url, String secret) {
    try {
      if (files.equals(authority.server()) && authority.exists()) {
        authority.renewed(clock.instant());
      }
      String shown = TlsFiles.pem(files.leaf());
      if (!shown.equals(published)) {
        file.publish(new ServerFile.Address(url, secret, java.util.Optional.of(shown)));
        published = shown;
      }
      lastTrouble = null;
    } catch (DriverException | IOException e) {
      String trouble = String.valueOf(e.getMessage());
      if (!trouble.equals(lastTrouble)) {
        LOG.error("the certificate stays as it is: {}", trouble);
      }
      lastTrouble = trouble;
    }
  }
}
