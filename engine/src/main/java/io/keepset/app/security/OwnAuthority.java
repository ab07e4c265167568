package io.keepset.app.security;

import io.keepset.app.security.Certificates.Owned;
import io.keepset.app.security.Certificates.Term;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A certificate authority of one installation, in {@code DATA/tls}: whoever trusts {@code ca.pem}
 * trusts the servers that it names. Keys are readable for the owner of the files alone.
 */
public final class OwnAuthority {
  /** Ten years: whoever trusts it has it in files that nobody likes to exchange. */
  private static final Duration AUTHORITY = Duration.ofDays(3650);

  /** What browsers and most others take at most. */
  private static final Duration SERVER = Duration.ofDays(397);

  private static final Duration RENEWAL = Duration.ofDays(60);

  /** Clocks differ. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final String OWNER = "rw-------";

  private final Path directory;

  /**
   * @param data of the installation
   */
  public OwnAuthority(Path data) {
    this.directory = data.resolve("tls");
  }

  /** What is to be trusted. */
  public Path certificate() {
    return directory.resolve("ca.pem");
  }

  private Path key() {
    return directory.resolve("ca.key");
  }

  /** Of the server on this data directory. */
  public TlsFiles server() {
    return at(directory);
  }

  private static TlsFiles at(Path directory) {
    return new TlsFiles(directory.resolve("server.pem"), directory.resolve("server.key"));
  }

  public boolean exists() {
    return Files.exists(certificate()) && Files.exists(key());
  }

  /**
   * Makes one.
   *
   * @throws DriverException REJECTED if there is one: whoever trusts it would no longer trust us
   */
  public X509Certificate make(Instant now) throws DriverException {
    if (Files.exists(certificate()) || Files.exists(key())) {
      throw new DriverException(
          Kind.REJECTED,
          "there is a certificate authority in "
              + directory
              + " already; whoever trusts it would have to trust another: to begin anew, move that"
              + " directory away");
    }
    byte[] id = new byte[4];
    new java.security.SecureRandom().nextBytes(id);
    Owned made =
        Certificates.authority("Keepset CA " + HexFormat.of().formatHex(id), term(now, AUTHORITY));
    write(key(), TlsFiles.pem("PRIVATE KEY", made.key().getEncoded()), OWNER);
    write(certificate(), TlsFiles.pem(made.certificate()), "rw-r--r--");
    return made.certificate();
  }

  /**
   * Makes a certificate for a server, with a new key.
   *
   * @param hosts by which it is reached, besides this machine's own names for itself
   * @param to where {@code server.pem} and {@code server.key} are written
   */
  public TlsFiles issue(Collection<String> hosts, Path to, Instant now) throws DriverException {
    Set<String> names = new LinkedHashSet<>(hosts);
    names.addAll(List.of("localhost", "127.0.0.1", "::1"));
    Certificates.requireHosts(names);
    Owned authority = load();
    Instant end = authority.certificate().getNotAfter().toInstant();
    Term term = term(now, SERVER);
    Owned made =
        Certificates.server(
            authority, names, end.isBefore(term.until()) ? new Term(term.from(), end) : term);
    TlsFiles files = at(to);
    write(files.key(), TlsFiles.pem("PRIVATE KEY", made.key().getEncoded()), OWNER);
    write(
        files.certificate(),
        TlsFiles.pem(made.certificate()) + TlsFiles.pem(authority.certificate()),
        "rw-r--r--");
    return files;
  }

  /** The same for the server on this data directory. */
  public TlsFiles issue(Collection<String> hosts, Instant now) throws DriverException {
    return issue(hosts, directory, now);
  }

  /**
   * Whatever is missing is made, and what ends soon is made anew with the same names.
   *
   * @param listensOn an address, taken in as a name unless it means all of them
   */
  public TlsFiles ready(String listensOn, Instant now) throws DriverException {
    if (!exists()) {
      make(now);
    }
    TlsFiles files = server();
    if (!Files.exists(files.certificate()) || !Files.exists(files.key())) {
      return issue(ownNames(listensOn), now);
    }
    return renewed(now);
  }

  /** Made anew if it ends soon. */
  public TlsFiles renewed(Instant now) throws DriverException {
    TlsFiles files = server();
    X509Certificate leaf = files.leaf();
    return leaf.getNotAfter().toInstant().isBefore(now.plus(RENEWAL))
        ? issue(names(leaf), now)
        : files;
  }

  private static Set<String> ownNames(String listensOn) {
    Set<String> names = new LinkedHashSet<>();
    if (!Set.of("0.0.0.0", "::", "[::]").contains(listensOn)) {
      names.add(listensOn.replaceAll("[\\[\\]]", ""));
    }
    try {
      String host = InetAddress.getLocalHost().getHostName();
      Certificates.requireHosts(List.of(host));
      names.add(host);
    } catch (UnknownHostException | DriverException e) {
      return names; // a machine that does not know its own name
    }
    return names;
  }

  /** Names and addresses that a certificate is for. */
  public static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        all.forEach(one -> names.add(String.valueOf(one.get(1))));
      }
    } catch (CertificateParsingException e) {
      return names;
    }
    return names;
  }

  /** SHA-256, as tools print it. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      byte[] sum =
          java.security.MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Owned load() throws DriverException {
    if (!exists()) {
      throw new DriverException(
          Kind.REJECTED,
          "there is no certificate authority in "
              + directory
              + " yet: make one with keepset terraform ca init");
    }
    try {
      String text =
          Files.readString(key(), StandardCharsets.ISO_8859_1)
              .replaceAll("-----[A-Z ]+-----", "")
              .replaceAll("\\s", "");
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
      return new Owned(TlsFiles.read(certificate()).get(0), key);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new DriverException(Kind.DENIED, "can't read " + key() + ": put your copy back", e);
    }
  }

  private static Term term(Instant now, Duration length) {
    return new Term(now.minus(EARLIER), now.plus(length));
  }

  /** Whole or not at all. */
  private static void write(Path file, String text, String permissions) throws DriverException {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null && !Files.exists(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path half =
          Files.createTempFile(
              directory,
              ".keepset",
              ".half",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER)));
      Files.writeString(half, text);
      Files.setPosixFilePermissions(half, PosixFilePermissions.fromString(permissions));
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DriverException(Kind.DENIED, "can't write " + file + ": " + e.getMessage(), e);
    }
  }
}
