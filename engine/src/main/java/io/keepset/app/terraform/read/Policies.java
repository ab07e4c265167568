package io.keepset.app.terraform.read;

import io.keepset.app.PolicyFeed;
import io.keepset.spi.DriverException;
import io.keepset.terraform.read.Followed;
import java.util.Optional;

/** Who follows the policies. Waits for no turn. Safe for several threads. */
public interface Policies {
  Followed followed() throws DriverException;

  /** The last revision without mistakes, the same object as long as there is no newer one. */
  Optional<PolicyFeed.Read> valid();
}
