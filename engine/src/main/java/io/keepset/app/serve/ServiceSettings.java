package io.keepset.app.serve;

import io.keepset.app.http.Server;
import io.keepset.app.security.TlsFiles;
import io.keepset.app.terraform.objects.PolicyObjects;
import io.keepset.policy.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to serve.
 *
 * @param mode empty leaves it to the policies
 * @param poll how often the policies are looked at
 * @param patience how long a stop waits for what is under way
 * @param token that becomes the admin's at the first start, or when it is replaced
 * @param replaceToken the admin's token so far is no longer good
 * @param newToken hears the admin's token if one had to be made
 * @param note hears what the operator must know
 * @param tls if it speaks that; files that change are taken up
 * @param rate requests a second that each token may send on average; 0 for any
 * @param objects how what Terraform writes is kept
 * @param restoreBelow where requests may choose directories for restores; empty for nowhere
 */
public record ServiceSettings(
    Path data,
    String listenOn,
    int port,
    Optional<Mode> mode,
    Duration poll,
    Duration patience,
    Optional<String> token,
    boolean replaceToken,
    Consumer<String> newToken,
    Consumer<String> note,
    Optional<TlsFiles> tls,
    int rate,
    PolicyObjects.Settings objects,
    Optional<Path> restoreBelow) {
  /**
   * On a data directory, and until more is said: reachable from this machine alone and at any port
   * that is free, in clear, with a look at the policies once an hour.
   */
  public static Builder of(Path data) {
    return new Builder(data);
  }

  /** Not for several threads. */
  public static final class Builder {
    private final Path data;
    private String listenOn = "127.0.0.1";
    private int port;
    private Optional<Mode> mode = Optional.empty();
    private Duration poll = Duration.ofHours(1);
    private Duration patience = Duration.ofSeconds(60);
    private Optional<String> token = Optional.empty();
    private boolean replaceToken;
    private Consumer<String> newToken = unheard -> {};
    private Consumer<String> note = unheard -> {};
    private Optional<TlsFiles> tls = Optional.empty();
    private int rate = Server.Settings.USUAL_RATE;
    private PolicyObjects.Settings objects = PolicyObjects.Settings.USUAL;
    private Optional<Path> restoreBelow = Optional.empty();

    private Builder(Path data) {
      this.data = data;
    }

    public Builder listenOn(String newListenOn) {
      listenOn = newListenOn;
      return this;
    }

    public Builder port(int newPort) {
      port = newPort;
      return this;
    }

    public Builder mode(Optional<Mode> newMode) {
      mode = newMode;
      return this;
    }

    public Builder poll(Duration newPoll) {
      poll = newPoll;
      return this;
    }

    public Builder patience(Duration newPatience) {
      patience = newPatience;
      return this;
    }

    public Builder token(Optional<String> newToken) {
      token = newToken;
      return this;
    }

    public Builder replaceToken(boolean newReplaceToken) {
      replaceToken = newReplaceToken;
      return this;
    }

    public Builder newToken(Consumer<String> newNewToken) {
      newToken = newNewToken;
      return this;
    }

    public Builder note(Consumer<String> newNote) {
      note = newNote;
      return this;
    }

    public Builder tls(Optional<TlsFiles> newTls) {
      tls = newTls;
      return this;
    }

    public Builder rate(int newRate) {
      rate = newRate;
      return this;
    }

    public Builder objects(PolicyObjects.Settings newObjects) {
      objects = newObjects;
      return this;
    }

    public Builder restoreBelow(Optional<Path> newRestoreBelow) {
      restoreBelow = newRestoreBelow;
      return this;
    }

    public ServiceSettings build() {
      return new ServiceSettings(
          data,
          listenOn,
          port,
          mode,
          poll,
          patience,
          token,
          replaceToken,
          newToken,
          note,
          tls,
          rate,
          objects,
          restoreBelow);
    }
  }
}
