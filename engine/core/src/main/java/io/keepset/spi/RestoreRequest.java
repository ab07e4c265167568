package io.keepset.spi;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where a restore goes.
 *
 * @param mode what may happen to what is there
 * @param newName name of the new database or path; empty lets the engine choose one from the id
 * @param orCopy whether a copy may stand in for a backup that can't be read; the report says so
 */
public record RestoreRequest(Mode mode, Optional<String> newName, boolean orCopy) {
  /** From the very backup that was named. */
  public RestoreRequest(Mode mode, Optional<String> newName) {
    this(mode, newName, false);
  }

  /** For people and the audit: {@code over orders}. */
  public String describe(String database) {
    return mode == Mode.NEW
        ? newName.map(name -> "into " + name).orElse(mode.phrase())
        : mode.word() + (mode == Mode.MERGE ? " into " : " ") + database;
  }

  /** How a restore treats what is there. */
  public enum Mode {
    /** Makes something that does not exist. */
    NEW("new", "into something new"),
    /** Makes what is there what the backup holds, and nothing more. */
    OVER("over", "over what is there"),
    /** Adds to what is there; what both know is afterwards as in the backup. */
    MERGE("merge", "merged with what is there");

    private final String word;
    private final String phrase;

    Mode(String word, String phrase) {
      this.word = word;
      this.phrase = phrase;
    }

    /** As commands and the API name it: {@code over}. */
    public String word() {
      return word;
    }

    /** For sentences: {@code redis can't restore over what is there}. */
    public String phrase() {
      return phrase;
    }

    /**
     * Whether it changes the database that was backed up: asks for its name, and stops its runs.
     */
    public boolean intoExisting() {
      return this != NEW;
    }

    /**
     * The mode of this name.
     *
     * @return empty if there is none
     */
    public static Optional<Mode> of(String word) {
      return Arrays.stream(values()).filter(mode -> mode.word.equalsIgnoreCase(word)).findFirst();
    }

    /** The modes that Keepset's own engines know whose data can't be put together. */
    public static Set<Mode> allButMerge() {
      return EnumSet.of(NEW, OVER);
    }

    /** For an engine that is asked for what its facts do not list: a mistake of the caller. */
    public IllegalArgumentException notListed() {
      return new IllegalArgumentException("the engine's facts do not list " + this);
    }
  }
}
