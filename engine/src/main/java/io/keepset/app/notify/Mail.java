package io.keepset.app.notify;

import io.keepset.policy.Receiver.Email;
import io.keepset.policy.Receiver.Tls;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;

/** Sends one message by SMTP. */
final class Mail {
  private static final String PATIENCE = "15000";
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  private Mail() {}

  @SuppressWarnings("JavaUtilDate") // the library speaks it
  static void send(Email email, String password, Bulletin bulletin) throws DriverException {
    Session session = Session.getInstance(properties(email));
    try {
      MimeMessage message = new MimeMessage(session);
      message.setFrom(new InternetAddress(email.from(), true));
      for (String to : email.to()) {
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
      }
      message.setSubject("[keepset] " + shortened(bulletin.subject()), UTF_8);
      message.setText(bulletin.subject() + "\n\n" + bulletin.text(), UTF_8);
      message.setSentDate(Date.from(bulletin.at()));
      message.setHeader("Auto-Submitted", "auto-generated");
      message.setHeader("X-Keepset-Id", bulletin.id());
      message.saveChanges();
      try (Transport transport = session.getTransport()) {
        transport.connect(
            email.host(),
            email.port(),
            email.user().orElse(null),
            email.user().isPresent() ? password : null);
        transport.sendMessage(message, message.getAllRecipients());
      }
    } catch (AuthenticationFailedException e) {
      throw new DriverException(Kind.DENIED, "the mail server does not take user and password");
    } catch (MessagingException e) {
      throw new DriverException(
          Kind.TRANSIENT, "the mail server did not take the message: " + firstLine(e));
    }
  }

  private static Properties properties(Email email) {
    String protocol = email.tls() == Tls.TLS ? "smtps" : "smtp";
    Properties p = new Properties();
    p.setProperty("mail.transport.protocol", protocol);
    String prefix = "mail." + protocol + ".";
    p.setProperty(prefix + "auth", String.valueOf(email.user().isPresent()));
    p.setProperty(prefix + "starttls.enable", String.valueOf(email.tls() == Tls.STARTTLS));
    p.setProperty(prefix + "starttls.required", String.valueOf(email.tls() == Tls.STARTTLS));
    p.setProperty(prefix + "ssl.checkserveridentity", "true");
    p.setProperty(prefix + "connectiontimeout", PATIENCE);
    p.setProperty(prefix + "timeout", PATIENCE);
    p.setProperty(prefix + "writetimeout", PATIENCE);
    return p;
  }

  private static String shortened(String subject) {
    return subject.length() <= 150 ? subject : subject.substring(0, 149).stripTrailing() + "…";
  }

  private static String firstLine(MessagingException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
