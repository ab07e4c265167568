package io.keepset.app;

import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import io.keepset.spi.Secret;
import io.keepset.spi.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@code env:NAME} from the environment, {@code file:/path} from a file without its last line end.
 */
final class ReferencedSecrets implements Secrets {
  private static final String ENV = "env:";
  private static final String FILE = "file:";

  private final Map<String, String> environment;

  ReferencedSecrets(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Secret resolve(String reference) throws DriverException {
    if (reference.startsWith(ENV)) {
      String name = reference.substring(ENV.length());
      String value = environment.get(name);
      if (value == null) {
        throw new DriverException(
            Kind.DENIED,
            "the secret "
                + reference
                + " is not there: set the environment variable "
                + name
                + " where keepset runs");
      }
      return new Secret(value);
    }
    if (reference.startsWith(FILE)) {
      return read(reference, Path.of(reference.substring(FILE.length())));
    }
    // The text may be a secret that somebody put where a reference belongs: never print it.
    throw new DriverException(
        Kind.REJECTED, "a secret must be a reference: env:NAME or file:/path/to/it");
  }

  private static Secret read(String reference, Path file) throws DriverException {
    try {
      String text = Files.readString(file);
      return new Secret(text.replaceFirst("\\R\\z", ""));
    } catch (IOException e) {
      throw new DriverException(
          Kind.DENIED,
          "the secret "
              + reference
              + " can't be read ("
              + (Files.exists(file) ? "permission denied or not UTF-8 text" : "no such file")
              + "): make the file readable for the user that runs keepset",
          e);
    }
  }
}
