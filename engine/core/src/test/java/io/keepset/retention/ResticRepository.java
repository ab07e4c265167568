package io.keepset.retention;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * A repository of the real restic, into which snapshots are written in restic's own format (AES-CTR
 * with Poly1305-AES). A {@code restic backup} for each would take most of a second.
 */
final class ResticRepository {
  private static final BigInteger PRIME = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
  private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

  private final Path directory;
  private final SecretKeySpec key;
  private final SecretKeySpec macKey;
  private final BigInteger r;

  private ResticRepository(Path directory, JSONObject master) {
    this.directory = directory;
    this.key = aes(master.getString("encrypt"));
    this.macKey = aes(master.getJSONObject("mac").getString("k"));
    this.r = littleEndian(decode(master.getJSONObject("mac").getString("r"))).and(CLAMP);
  }

  static ResticRepository init(Path directory) {
    restic(directory, "UTC", List.of("init"));
    return new ResticRepository(
        directory, new JSONObject(restic(directory, "UTC", List.of("cat", "masterkey"))));
  }

  /** One with the same keys and without snapshots; spares the time to make keys. */
  ResticRepository emptyTwin(Path other) throws IOException {
    for (String folder : List.of("data", "index", "keys", "locks", "snapshots")) {
      Files.createDirectories(other.resolve(folder));
    }
    Files.copy(directory.resolve("config"), other.resolve("config"));
    try (var keys = Files.list(directory.resolve("keys"))) {
      for (Path file : keys.toList()) {
        Files.copy(file, other.resolve("keys").resolve(file.getFileName().toString()));
      }
    }
    return new ResticRepository(
        other, new JSONObject(restic(other, "UTC", List.of("cat", "masterkey"))));
  }

  void snapshot(String host, OffsetDateTime time) throws IOException, GeneralSecurityException {
    byte[] sealed =
        seal(
            new JSONObject()
                .put("time", time.toString().replaceFirst("T(..:..)([Z+-])", "T$1:00$2"))
                .put("tree", "0".repeat(64))
                .put("paths", new JSONArray().put("/"))
                .put("hostname", host)
                .toString()
                .getBytes(StandardCharsets.UTF_8));
    byte[] id = MessageDigest.getInstance("SHA-256").digest(sealed);
    Files.write(directory.resolve("snapshots").resolve(HexFormat.of().formatHex(id)), sealed);
  }

  /** What would be kept and removed, by host. */
  JSONArray forget(String zone, List<String> keep) {
    List<String> command =
        new ArrayList<>(List.of("forget", "--dry-run", "--no-lock", "--json", "--group-by=host"));
    command.addAll(keep);
    return new JSONArray(restic(directory, zone, command));
  }

  private byte[] seal(byte[] plain) throws GeneralSecurityException {
    byte[] iv = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(plain), 16);
    Cipher counter = Cipher.getInstance("AES/CTR/NoPadding");
    counter.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
    byte[] text = counter.doFinal(plain);
    byte[] sealed = Arrays.copyOf(iv, 16 + text.length + 16);
    System.arraycopy(text, 0, sealed, 16, text.length);
    System.arraycopy(mac(text, iv), 0, sealed, 16 + text.length, 16);
    return sealed;
  }

  /** Poly1305-AES. */
  private byte[] mac(byte[] text, byte[] iv) throws GeneralSecurityException {
    BigInteger sum = BigInteger.ZERO;
    for (int at = 0; at < text.length; at += 16) {
      byte[] block = Arrays.copyOfRange(text, at, Math.min(at + 16, text.length));
      BigInteger number = littleEndian(block).setBit(8 * block.length);
      sum = sum.add(number).multiply(r).mod(PRIME);
    }
    Cipher single = Cipher.getInstance("AES/ECB/NoPadding");
    single.init(Cipher.ENCRYPT_MODE, macKey);
    byte[] tag = reversed(sum.add(littleEndian(single.doFinal(iv))).toByteArray());
    return Arrays.copyOf(tag, 16);
  }

  private static BigInteger littleEndian(byte[] bytes) {
    return new BigInteger(1, reversed(bytes));
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static SecretKeySpec aes(String base64) {
    return new SecretKeySpec(decode(base64), "AES");
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static String restic(Path directory, String zone, List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of("restic", "--no-cache", "--repo", directory.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("RESTIC_PASSWORD", "x");
    builder.environment().put("TZ", zone);
    try {
      Path errors = Files.createTempFile(directory.getParent(), "restic", ".err");
      Process process = builder.redirectError(errors.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(command + ": " + Files.readString(errors));
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
