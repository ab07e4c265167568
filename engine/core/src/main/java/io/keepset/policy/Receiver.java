package io.keepset.policy;

import java.util.List;
import java.util.Optional;

/** Who hears of problems. Addresses that hold a secret, and passwords, are references to it. */
public sealed interface Receiver {
  String name();

  /**
   * Any program that takes JSON.
   *
   * @param url reference to the address
   * @param secret reference to the key that signs messages
   */
  record Webhook(String name, String url, Optional<String> secret) implements Receiver {}

  /**
   * A chat that takes Slack's incoming webhooks.
   *
   * @param url reference to the address
   */
  record Slack(String name, String url) implements Receiver {}

  /**
   * People, by SMTP.
   *
   * @param password reference to it
   */
  record Email(
      String name,
      String host,
      int port,
      Tls tls,
      String from,
      List<String> to,
      Optional<String> user,
      Optional<String> password)
      implements Receiver {
    public Email {
      to = List.copyOf(to);
    }
  }

  /** How a connection to a mail server is protected. */
  enum Tls {
    /** From its first byte. */
    TLS(465),
    /** After a greeting in clear; without it nothing is sent. */
    STARTTLS(587),
    NONE(25);

    private final int port;

    Tls(int port) {
      this.port = port;
    }

    /** Where such servers usually listen. */
    public int usualPort() {
      return port;
    }
  }
}
