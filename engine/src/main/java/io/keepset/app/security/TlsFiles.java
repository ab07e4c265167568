package io.keepset.app.security;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a server shows and keeps when it speaks TLS, in PEM files.
 *
 * @param certificate the server's own, followed by those between it and the one that is trusted
 * @param key in clear: PKCS #8, PKCS #1 or SEC 1
 */
public record TlsFiles(Path certificate, Path key) {
  private static final byte[] LINE = {'\n'};

  /** The server's own certificate, as it is in the file now. */
  public X509Certificate leaf() throws DriverException {
    return read(certificate).get(0);
  }

  /**
   * Looks whether a server could begin with them.
   *
   * @throws DriverException REJECTED if they can't be read, are something else or are over
   */
  public void check(Instant now) throws DriverException {
    X509Certificate leaf = leaf();
    if (leaf.getNotAfter().toInstant().isBefore(now)) {
      throw rejected(certificate + " is over since " + leaf.getNotAfter().toInstant(), null);
    }
    String text = text(key);
    if (!text.contains("PRIVATE KEY-----")) {
      throw rejected(key + " holds no private key in PEM", null);
    }
    if (text.contains("ENCRYPTED")) {
      throw rejected(
          key + " is encrypted: store it in clear, readable for the server's user alone", null);
    }
  }

  /**
   * The certificates in a file, in its order.
   *
   * @throws DriverException REJECTED if there is none
   */
  public static List<X509Certificate> read(Path file) throws DriverException {
    return parse(text(file), file.toString());
  }

  /**
   * The same of a text.
   *
   * @param where to be named if it is something else
   */
  public static List<X509Certificate> parse(String pem, String where) throws DriverException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))) {
        found.add((X509Certificate) one);
      }
    } catch (GeneralSecurityException e) {
      throw rejected(where + " holds no certificate in PEM", e);
    }
    if (found.isEmpty()) {
      throw rejected(where + " holds no certificate in PEM", null);
    }
    return found;
  }

  /** As in a PEM file. */
  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that can't be written", e);
    }
  }

  static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, LINE).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private static String text(Path file) throws DriverException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw rejected("can't read " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static DriverException rejected(
      String message, @org.jspecify.annotations.Nullable Exception cause) {
    return cause == null
        ? new DriverException(Kind.REJECTED, message)
        : new DriverException(Kind.REJECTED, message, cause);
  }
}
