package io.keepset.terraform.objects;

import java.util.regex.Pattern;

/**
 * What an object is called.
 *
 * @param name as policy files allow it; it is part of a file's name
 */
public record ObjectName(Kind kind, String name) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /** What a name may be, for messages. */
  static final String RULE =
      "letters, digits, dash and underscore, at most 63, beginning with a letter or digit";

  public ObjectName {
    if (!isGood(name)) {
      throw new IllegalArgumentException("no name of an object: " + name);
    }
  }

  static boolean isGood(String name) {
    return FORM.matcher(name).matches();
  }

  /** The JSON pointer of its block in a policy file. */
  public String pointer() {
    return "/" + kind.word() + "/" + name;
  }

  /** As printed and as the audit names it: {@code database/orders}. */
  @Override
  public String toString() {
    return kind.word() + "/" + name;
  }
}
