package io.keepset.app.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.GpgConfig;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SignatureVerifier.SignatureVerification;
import org.eclipse.jgit.signing.ssh.SshSignatureVerifierFactory;

/**
 * Whose signatures are good: lines as in OpenSSH's {@code allowed_signers}, and armored OpenPGP
 * public keys between them. Nothing else is trusted: no key ring and no setting of this machine.
 */
final class TrustedSigners {
  private static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final String END = "-----END PGP PUBLIC KEY BLOCK-----";

  private final String ssh;
  private final List<PGPPublicKeyRing> rings = new ArrayList<>();

  /**
   * @throws IOException if a key in it can't be read
   */
  TrustedSigners(byte[] file) throws IOException {
    StringBuilder lines = new StringBuilder();
    StringBuilder armor = new StringBuilder();
    boolean inside = false;
    for (String line : new String(file, StandardCharsets.UTF_8).split("\\R", -1)) {
      inside |= line.strip().equals(BEGIN);
      (inside ? armor : lines).append(line).append('\n');
      if (inside && line.strip().equals(END)) {
        inside = false;
        rings.addAll(rings(armor.toString()));
        armor.setLength(0);
      }
    }
    ssh = lines.toString();
  }

  private static List<PGPPublicKeyRing> rings(String armored) throws IOException {
    try (ArmoredInputStream in =
        new ArmoredInputStream(
            new ByteArrayInputStream(armored.getBytes(StandardCharsets.UTF_8)))) {
      List<PGPPublicKeyRing> rings = new ArrayList<>();
      new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator()).forEach(rings::add);
      return rings;
    } catch (PGPException e) {
      throw new IOException("an OpenPGP key can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * What came of a signature.
   *
   * @param key fingerprint, where it is good
   * @param problem where it is not, to be read after "whose signature"
   */
  record Judgement(Optional<String> key, String problem) {
    static Judgement bad(String problem) {
      return new Judgement(Optional.empty(), problem);
    }

    boolean good() {
      return key.isPresent();
    }
  }

  Judgement judge(Repository repository, byte[] signed, byte[] signature) throws IOException {
    String text = new String(signature, StandardCharsets.UTF_8);
    if (text.startsWith("-----BEGIN SSH SIGNATURE-----")) {
      return judgeSsh(repository, signed, signature);
    }
    if (text.startsWith("-----BEGIN PGP SIGNATURE-----")) {
      return judgePgp(signed, signature);
    }
    return Judgement.bad("is neither of GPG nor of SSH");
  }

  private Judgement judgeSsh(Repository repository, byte[] signed, byte[] signature)
      throws IOException {
    // JGit reads the signers from a file; a new one each time, because it remembers them by path.
    Path file =
        Files.createTempFile(
            "keepset-signers",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(file, ssh);
      Config config = new Config();
      config.setString("gpg", "ssh", "allowedSignersFile", file.toString());
      SignatureVerification verification =
          new SshSignatureVerifierFactory()
              .create()
              .verify(repository, new GpgConfig(config), signed, signature);
      if (verification == null || !verification.verified() || verification.expired()) {
        String why = verification == null ? null : verification.message();
        return Judgement.bad(
            "is not good" + (why == null || why.isBlank() ? "" : " (" + why.strip() + ")"));
      }
      return new Judgement(Optional.of(verification.keyFingerprint()), "");
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Judgement judgePgp(byte[] signed, byte[] armored) throws IOException {
    Object first =
        new BcPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(armored)))
            .nextObject();
    if (!(first instanceof PGPSignatureList list) || list.isEmpty()) {
      return Judgement.bad("can't be read");
    }
    PGPSignature signature = list.get(0);
    for (PGPPublicKeyRing ring : rings) {
      PGPPublicKey key = ring.getPublicKey(signature.getKeyID());
      if (key != null) {
        return judgePgp(signed, signature, ring, key);
      }
    }
    return Judgement.bad("is by a key that is not among the allowed signers");
  }

  private static Judgement judgePgp(
      byte[] signed, PGPSignature signature, PGPPublicKeyRing ring, PGPPublicKey key) {
    if (key.hasRevocation() || ring.getPublicKey().hasRevocation()) {
      return Judgement.bad("is by a key that was revoked");
    }
    boolean binary = signature.getSignatureType() == PGPSignature.BINARY_DOCUMENT;
    if (!binary
        || !mayHaveSigned(key, signature)
        || !mayHaveSigned(ring.getPublicKey(), signature)) {
      return Judgement.bad("was made by a key that had expired, or is no signature of data");
    }
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), key);
      signature.update(signed);
      return signature.verify()
          ? new Judgement(Optional.of(java.util.HexFormat.of().formatHex(key.getFingerprint())), "")
          : Judgement.bad("is not good: the commit is not what was signed");
    } catch (PGPException e) {
      return Judgement.bad("can't be checked (" + e.getMessage() + ")");
    }
  }

  @SuppressWarnings("JavaUtilDate") // Bouncy Castle speaks it
  private static boolean mayHaveSigned(PGPPublicKey key, PGPSignature signature) {
    long made = key.getCreationTime().getTime();
    long at = signature.getCreationTime().getTime();
    long lives = key.getValidSeconds() * 1000;
    return at >= made && (lives == 0 || at < made + lives);
  }
}
