package io.keepset.app.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The query of an address, decoded as a form is. Read by hand: the servlet's own would take the
 * parameters of a form from the body too.
 */
final class Query {
  private Query() {}

  /**
   * @param query as it was sent; null for none
   * @throws Problem 400 if it can't be decoded
   */
  static Map<String, List<String>> parse(String query) {
    Map<String, List<String>> values = new TreeMap<>();
    if (query == null || query.isEmpty()) {
      return values;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      values
          .computeIfAbsent(name, unused -> new ArrayList<>())
          .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return values;
  }

  static String decode(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      if (decoded.indexOf('\uFFFD') >= 0) {
        throw Problem.badRequest("the address has bytes in it that are not UTF-8");
      }
      return decoded;
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the address has a % that is followed by no two hexadecimal digits");
    }
  }

  /** In a path a plus is a plus. */
  static String decodePath(String text) {
    return decode(text.replace("+", "%2B"));
  }

  /** Nothing that has a name has such characters in it, and not every database takes them. */
  static boolean isPlain(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }
}
