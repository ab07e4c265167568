import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens an encrypted artifact without Keepset, with a JDK (17 or newer) alone:
 *
 * <pre>java OpenArtifact.java KEYFILE NAME FILE | zstd -d > dump</pre>
 *
 * KEYFILE holds the base64 of the key in its only line; NAME is the object's key in its store
 * ({@code orders/orders-20261121T020700Z-x7k2/artifact}), whatever FILE is called now. A damaged
 * file, a wrong key or a wrong name ends with an error; do not use what came out before it.
 */
class OpenArtifact {
  static final int SEGMENT = 4096;
  static final int TAG = 16;

  public static void main(String[] arguments) throws Exception {
    byte[] key = Base64.getDecoder().decode(Files.readString(Path.of(arguments[0])).strip());
    byte[] name = arguments[1].getBytes(StandardCharsets.UTF_8);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[2])));
        OutputStream out = new BufferedOutputStream(System.out)) {
      // Header: its length (40), 32 bytes of salt, 7 bytes that all nonces begin with.
      byte[] header = in.readNBytes(40);
      if (header.length < 40 || header[0] != 40) {
        throw new EOFException("this is not an encrypted artifact");
      }
      SecretKeySpec derived =
          new SecretKeySpec(hkdf(key, Arrays.copyOfRange(header, 1, 33), name), "AES");
      // Segments of 4096 bytes, the first one shorter by the header; each ends with its tag.
      byte[] segment = in.readNBytes(SEGMENT - header.length);
      for (int number = 0; ; number++) {
        byte[] next = in.readNBytes(SEGMENT);
        boolean last = next.length == 0;
        // Nonce: those 7 bytes, the number of the segment, and 1 for the last one.
        ByteBuffer nonce = ByteBuffer.allocate(12).put(header, 33, 7).putInt(number);
        nonce.put((byte) (last ? 1 : 0));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
            Cipher.DECRYPT_MODE, derived, new GCMParameterSpec(TAG * 8, nonce.array()));
        out.write(cipher.doFinal(segment));
        if (last) {
          return;
        }
        segment = next;
      }
    }
  }

  /** HKDF with HMAC-SHA256 (RFC 5869), one block of output. */
  static byte[] hkdf(byte[] key, byte[] salt, byte[] info) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(salt, "HmacSHA256"));
    byte[] extracted = mac.doFinal(key);
    mac.init(new SecretKeySpec(extracted, "HmacSHA256"));
    mac.update(info);
    mac.update((byte) 1);
    return mac.doFinal();
  }
}
