package io.keepset.drivers.tool;

/**
 * How a program ended.
 *
 * @param code exit code, 128 + signal if a signal ended it
 * @param stderr scrubbed; the middle is left out if it was long
 */
public record ToolExit(int code, String stderr) {
  public boolean ok() {
    return code == 0;
  }
}
