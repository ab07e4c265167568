package io.keepset.app.security;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Makes X.509 certificates as RFC 5280 describes them, with keys on the curve P-256. */
final class Certificates {
  private static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9-]{1,63})*");

  private Certificates() {}

  /** A certificate with the key that belongs to it. */
  record Owned(X509Certificate certificate, PrivateKey key) {}

  /** When something holds. */
  record Term(Instant from, Instant until) {}

  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  /** One that signs those of servers and nothing below. */
  static Owned authority(String name, Term term) {
    KeyPair key = newKey();
    X500Name subject = new X500Name("CN=" + name);
    List<Extension> extensions = new ArrayList<>();
    extensions.add(extension(Extension.basicConstraints, true, new BasicConstraints(0)));
    extensions.add(
        extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    extensions.add(
        extension(
            Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(id(key.getPublic()))));
    return new Owned(
        sign(subject, subject, key.getPublic(), term, extensions, key.getPrivate()),
        key.getPrivate());
  }

  /**
   * One for a server.
   *
   * @param hosts names and addresses under which it is reached, checked by {@link #requireHosts}
   */
  static Owned server(Owned authority, Collection<String> hosts, Term term) {
    KeyPair key = newKey();
    List<Extension> extensions = new ArrayList<>();
    extensions.add(extension(Extension.basicConstraints, true, new BasicConstraints(false)));
    extensions.add(extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    extensions.add(
        extension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
    extensions.add(
        extension(
            Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(id(key.getPublic()))));
    extensions.add(
        extension(
            Extension.authorityKeyIdentifier,
            false,
            new AuthorityKeyIdentifier(id(authority.certificate().getPublicKey()))));
    extensions.add(
        extension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(hosts.stream().map(Certificates::name).toArray(GeneralName[]::new))));
    X500Name issuer =
        X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    X500Name subject = new X500Name("CN=Keepset server");
    return new Owned(
        sign(subject, issuer, key.getPublic(), term, extensions, authority.key()),
        key.getPrivate());
  }

  /**
   * @throws DriverException REJECTED if one is no name or address of a host
   */
  static void requireHosts(Collection<String> hosts) throws DriverException {
    for (String host : hosts) {
      if (!ADDRESS.matcher(host).matches() && !NAME.matcher(host).matches()) {
        throw new DriverException(
            Kind.REJECTED,
            "\""
                + host
                + "\" is no name and no address of a host: give it without scheme and port");
      }
    }
  }

  private static GeneralName name(String host) {
    return new GeneralName(
        ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static X509Certificate sign(
      X500Name subject,
      X500Name issuer,
      PublicKey key,
      Term term,
      List<Extension> extensions,
      PrivateKey signer) {
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(new BigInteger(126, new SecureRandom()).setBit(125)));
    generator.setSignature(ECDSA);
    generator.setIssuer(issuer);
    generator.setSubject(subject);
    generator.setStartDate(new Time(Date.from(term.from())));
    generator.setEndDate(new Time(Date.from(term.until())));
    generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    generator.setExtensions(new Extensions(extensions.toArray(Extension[]::new)));
    TBSCertificate content = generator.generateTBSCertificate();
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(signer);
      signature.update(content.getEncoded(ASN1Encoding.DER));
      ASN1EncodableVector whole = new ASN1EncodableVector();
      whole.add(content);
      whole.add(ECDSA);
      whole.add(new DERBitString(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new java.io.ByteArrayInputStream(
                      new DERSequence(whole).getEncoded(ASN1Encoding.DER)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a certificate of our own making is wrong", e);
    }
  }

  private static Extension extension(ASN1ObjectIdentifier id, boolean critical, ASN1Object value) {
    try {
      return new Extension(id, critical, value.getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As RFC 5280 proposes: SHA-1 of the key's bits, which is no matter of trust. */
  private static byte[] id(PublicKey key) {
    try {
      return MessageDigest.getInstance("SHA-1")
          .digest(SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getBytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
