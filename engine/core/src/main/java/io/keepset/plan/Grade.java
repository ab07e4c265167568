package io.keepset.plan;

/** Whether more or less can be restored after a change. */
public enum Grade {
  STRENGTHENS,
  NEUTRAL,
  WEAKENS
}
