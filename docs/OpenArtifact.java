import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens an encrypted artifact without Keepset, with a JDK (17 or newer) alone:
 *
 * <pre>java OpenArtifact.java KEYFILE NAME FILE | zstd -d > dump</pre>
 *
 * KEYFILE is the one that Keepset made, or yours: the base64 of a key a line, where lines that begin
 * with # do not count; each key is tried. NAME is the object's key in its store ({@code
 * orders/orders-20261121T020700Z-x7k2/artifact}), whatever FILE is called now. A damaged file, a
 * wrong key or a wrong name ends with an error; do not use what came out before it.
 */
class OpenArtifact {
  static final int SEGMENT = 4096;
  static final int TAG = 16;

  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      end("usage: java OpenArtifact.java KEYFILE NAME FILE > out");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[2])));
        OutputStream out = new BufferedOutputStream(System.out)) {
      open(keys(Path.of(arguments[0])), arguments[1].getBytes(StandardCharsets.UTF_8), in, out);
    } catch (NoSuchFileException e) {
      end("there is no file " + e.getMessage());
    } catch (AEADBadTagException e) {
      end("damaged, or cut off: what came out is not whole, do not use it");
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      end(e.getMessage());
    }
  }

  static void end(String why) {
    System.err.println(why);
    System.exit(1);
  }

  static List<byte[]> keys(Path file) throws IOException {
    List<byte[]> keys = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        keys.add(Base64.getDecoder().decode(line.strip()));
      }
    }
    return keys;
  }

  static void open(List<byte[]> keys, byte[] name, InputStream in, OutputStream out)
      throws IOException, GeneralSecurityException {
    // Header: its length (40), 32 bytes of salt, 7 bytes that all nonces begin with.
    byte[] header = in.readNBytes(40);
    if (header.length < 40 || header[0] != 40) {
      throw new IOException("this is not an encrypted artifact");
    }
    // Segments of 4096 bytes, the first one shorter by the header; each ends with its tag.
    byte[] segment = in.readNBytes(SEGMENT - header.length);
    byte[] next = in.readNBytes(SEGMENT);
    SecretKeySpec key = right(keys, name, header, segment, next.length == 0);
    for (int number = 0; ; number++) {
      out.write(segment(key, header, number, next.length == 0, segment));
      if (next.length == 0) {
        return;
      }
      segment = next;
      next = in.readNBytes(SEGMENT);
    }
  }

  /** The one that opens the first segment. */
  static SecretKeySpec right(
      List<byte[]> keys, byte[] name, byte[] header, byte[] first, boolean last)
      throws IOException, GeneralSecurityException {
    for (byte[] key : keys) {
      SecretKeySpec derived =
          new SecretKeySpec(hkdf(key, Arrays.copyOfRange(header, 1, 33), name), "AES");
      try {
        segment(derived, header, 0, last, first);
        return derived;
      } catch (AEADBadTagException e) {
        // The next one, perhaps.
      }
    }
    throw new IOException(
        "none of the "
            + keys.size()
            + " keys opens it: it is another's, NAME is not what it is called in its store, or its"
            + " beginning is damaged");
  }

  static byte[] segment(
      SecretKeySpec key, byte[] header, int number, boolean last, byte[] sealed)
      throws GeneralSecurityException {
    // Nonce: those 7 bytes, the number of the segment, and 1 for the last one.
    ByteBuffer nonce = ByteBuffer.allocate(12).put(header, 33, 7).putInt(number);
    nonce.put((byte) (last ? 1 : 0));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonce.array()));
    return cipher.doFinal(sealed);
  }

  /** HKDF with HMAC-SHA256 (RFC 5869), one block of output. */
  static byte[] hkdf(byte[] key, byte[] salt, byte[] info) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(salt, "HmacSHA256"));
    byte[] extracted = mac.doFinal(key);
    mac.init(new SecretKeySpec(extracted, "HmacSHA256"));
    mac.update(info);
    mac.update((byte) 1);
    return mac.doFinal();
  }
}
