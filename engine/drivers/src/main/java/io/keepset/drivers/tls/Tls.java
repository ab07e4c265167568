package io.keepset.drivers.tls;

import io.keepset.policy.Options;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a connection is secured. The server's name is always checked.
 *
 * @param ca file with the authorities to trust; without it those of the Java runtime
 * @param cert file with the client certificate and its chain, PEM
 * @param key its private key, PKCS #8 in PEM
 */
public record Tls(
    boolean enabled, Optional<String> ca, Optional<String> cert, Optional<Secret> key) {
  private static final char[] NO_PASSWORD = new char[0];

  /** As {@code connection} says below {@code tls}; the key is a reference to a secret. */
  public static Tls of(Options connection, Secrets secrets) throws DriverException {
    Optional<String> key = connection.get("tls.key");
    return new Tls(
        connection.flag("tls.enabled", false),
        connection.get("tls.ca"),
        connection.get("tls.cert"),
        key.isEmpty() ? Optional.empty() : Optional.of(secrets.resolve(key.get())));
  }

  /** The socket to talk over: the same one, or one of TLS on top of it. */
  public Socket wrap(Socket socket, String host, int port) throws DriverException, IOException {
    if (!enabled) {
      return socket;
    }
    SSLSocket secured =
        (SSLSocket) context().getSocketFactory().createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /**
   * Whom to trust and who we are, for a client that makes its own connections.
   *
   * @throws DriverException REJECTED if a file can't be read or is not what it should be
   */
  public SSLContext context() throws DriverException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trusted(), null);
      return context;
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new DriverException(
          Kind.REJECTED,
          "connection.tls can't be used: "
              + e.getMessage()
              + "; tls.ca and tls.cert are PEM files, tls.key is a PKCS #8 key in PEM",
          e);
    }
  }

  private TrustManager[] trusted() throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore store = null;
    if (ca.isPresent()) {
      store = empty();
      int n = 0;
      for (Certificate authority : certificates(ca.get())) {
        store.setCertificateEntry("ca" + n++, authority);
      }
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager[] keys() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    if (cert.isPresent() && key.isPresent()) {
      Certificate[] chain = certificates(cert.get()).toArray(new Certificate[0]);
      store.setKeyEntry("client", privateKey(key.get()), NO_PASSWORD, chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String file)
      throws GeneralSecurityException, IOException {
    try (InputStream pem = Files.newInputStream(Path.of(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(pem);
    }
  }

  private static PrivateKey privateKey(Secret pem) throws GeneralSecurityException {
    String base64 = pem.reveal().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // Of another kind: the key itself says which, and the right factory understands it.
      }
    }
    throw new InvalidKeySpecException("tls.key is no RSA, EC or Ed25519 key");
  }
}
