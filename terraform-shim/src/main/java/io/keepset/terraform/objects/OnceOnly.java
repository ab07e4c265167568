package io.keepset.terraform.objects;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Remembers answers by the keys that clients give, across restarts. Safe for several threads. */
public interface OnceOnly {
  /**
   * Takes a key for a request.
   *
   * @param actor whose key it is; those of others are other keys
   * @param digest of all that makes the request this one
   */
  Claim claim(String actor, String key, String digest);

  /**
   * Remembers an answer.
   *
   * @return the one that was remembered first, if another was
   */
  Answer settle(String actor, String key, Answer answer);

  /** Gives a key back: its request changed nothing. */
  void forget(String actor, String key);

  /**
   * What is known of a key.
   *
   * @param answer if the same request was answered before
   */
  record Claim(Found found, Optional<Answer> answer) {}

  /** What a key was found to be. */
  enum Found {
    /** It was not taken; now it is. */
    FRESH,
    /** The same request was begun; what became of it is not known. */
    BEGUN,
    /** The same request was answered. */
    ANSWERED,
    /** It was taken by another request. */
    OTHER
  }

  /**
   * An answer, to be given again.
   *
   * @param body text
   */
  record Answer(int status, SortedMap<String, String> headers, String body) {
    public Answer {
      headers = new TreeMap<>(headers);
    }
  }
}
