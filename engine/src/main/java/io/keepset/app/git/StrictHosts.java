package io.keepset.app.git;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the hosts in OpenSSH's files and nobody else, whatever a configuration file allows: nobody
 * is there to be asked, and a host trusted at first sight could be anybody.
 */
final class StrictHosts implements ServerKeyDatabase {
  private final List<String> files;
  private final ServerKeyDatabase hosts;

  StrictHosts(List<Path> files) {
    this.files = files.stream().map(Path::toString).toList();
    this.hosts = new OpenSshServerKeyDatabase(false, files);
  }

  @Override
  public List<PublicKey> lookup(
      String address, InetSocketAddress remote, Configuration configuration) {
    return hosts.lookup(address, remote, new Strict(configuration, files));
  }

  @Override
  public boolean accept(
      String address,
      InetSocketAddress remote,
      PublicKey key,
      Configuration configuration,
      @Nullable CredentialsProvider ask) {
    return hosts.accept(address, remote, key, new Strict(configuration, files), null);
  }

  private record Strict(Configuration own, List<String> files) implements Configuration {
    @Override
    public List<String> getUserKnownHostsFiles() {
      return files;
    }

    @Override
    public List<String> getGlobalKnownHostsFiles() {
      return List.of();
    }

    @Override
    public StrictHostKeyChecking getStrictHostKeyChecking() {
      return StrictHostKeyChecking.REQUIRE_MATCH;
    }

    @Override
    public boolean getHashKnownHosts() {
      return own.getHashKnownHosts();
    }

    @Override
    public String getUsername() {
      return own.getUsername();
    }
  }
}
