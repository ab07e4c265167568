package io.keepset.app.terraform.objects;

/** What the history says about a change that came over HTTP. */
final class CommitMessage {
  private static final int LONGEST = 4000;

  private CommitMessage() {}

  /**
   * @param text a first line, and more after an empty one
   * @param token name of the token that was shown
   */
  static String of(String text, String token) {
    String plain = text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n]]", " ").strip();
    String cut = plain.length() > LONGEST ? plain.substring(0, LONGEST) + " …" : plain;
    return cut + "\n\nWritten over HTTP with the token " + token + ".\n";
  }
}
