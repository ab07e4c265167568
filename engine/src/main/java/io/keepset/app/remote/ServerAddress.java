package io.keepset.app.remote;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Addresses of servers, and what is written into them. */
public final class ServerAddress {
  private static final String FORM =
      "a server's address is http://HOST:PORT or https://HOST, without user or password";

  private ServerAddress() {}

  /**
   * An address as people write it; nothing is sent.
   *
   * @throws DriverException REJECTED if it is none of a server
   */
  public static URI parse(String text) throws DriverException {
    try {
      URI address = new URI(text);
      check(address);
      return address;
    } catch (URISyntaxException e) {
      // Not shown: whoever writes one wrong may have put a password into it.
      throw new DriverException(Kind.REJECTED, FORM, e);
    }
  }

  /**
   * Whether an address is one of a server at all; nothing is sent.
   *
   * @throws DriverException REJECTED if it is not
   */
  public static void check(URI address) throws DriverException {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    boolean http = scheme.equals("http") || scheme.equals("https");
    if (!http || address.getHost() == null || address.getUserInfo() != null) {
      throw new DriverException(
          Kind.REJECTED, FORM + (address.getUserInfo() == null ? ", not " + address : ""));
    }
  }

  /** For a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** For query strings. */
  static String query(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
