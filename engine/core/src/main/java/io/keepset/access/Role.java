package io.keepset.access;

import java.util.Locale;
import java.util.Optional;

/** What a token lets its owner do. Each role may do all that those before it may. */
public enum Role {
  /** Sees everything that has no secret in it. */
  READER,
  /** Also has plans made of policies that are not in force. */
  PLANNER,
  /** Also changes things: writes policies, makes and restores backups, keeps Terraform's states. */
  OPERATOR,
  /** Also deletes backups, manages tokens and breaks locks of others. */
  ADMIN;

  /** True if whoever has this role may do what needs the other. */
  public boolean may(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The role of this name as the state and commands spell it: {@code reader}. */
  public static Optional<Role> of(String name) {
    for (Role role : values()) {
      if (role.toString().equals(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
