package io.keepset.app;

/** The executable {@code keepset}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("keepset");
  }
}
