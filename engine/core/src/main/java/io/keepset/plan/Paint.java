package io.keepset.plan;

/** Colours of a terminal, or none. */
enum Paint {
  NONE,
  ANSI;

  private static final String END = "\u001b[0m";

  String change(Change change, String text) {
    return switch (change.action()) {
      case CREATE, ADOPT -> wrap("\u001b[32m", text);
      case UPDATE -> wrap("\u001b[33m", text);
      case DELETE, UNDECLARED, UNSUPPORTED -> wrap("\u001b[31m", text);
      case NONE -> text;
    };
  }

  /** What can cost something. */
  String weak(String text) {
    return wrap("\u001b[1;31m", text);
  }

  String grade(Grade grade) {
    return switch (grade) {
      case WEAKENS -> weak("WEAKENS");
      case STRENGTHENS -> wrap("\u001b[32m", "strengthens");
      case NEUTRAL -> "neutral";
    };
  }

  private String wrap(String start, String text) {
    return this == NONE ? text : start + text + END;
  }
}
