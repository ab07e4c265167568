package io.keepset.spi;

/** A secret's value. Prints as {@code ***}; {@link #reveal} is for the one place that needs it. */
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
