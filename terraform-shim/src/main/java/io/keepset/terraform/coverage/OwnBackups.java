package io.keepset.terraform.coverage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a resource says about backups of the platform's own.
 *
 * @param detail the attributes that say so
 */
record OwnBackups(State state, Optional<String> detail) {
  enum State {
    ON,
    OFF,
    /** Known after apply. */
    UNKNOWN,
    /**
     * The resource says nothing, so the platform's default counts; or the type has no such thing.
     */
    UNSAID;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static OwnBackups of(Kind kind, Attributes attributes) {
    State state = State.UNSAID;
    List<String> details = new ArrayList<>();
    for (String path : kind.own()) {
      Value value = attributes.at(path);
      State one = state(value);
      if (one != State.UNSAID) {
        details.add(path + " = " + value.text().orElse("(known after apply)"));
        state = one == State.ON || state == State.UNSAID ? one : state;
      }
    }
    return new OwnBackups(
        state, details.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", details)));
  }

  private static State state(Value value) {
    return switch (value.state()) {
      case ABSENT, HIDDEN -> State.UNSAID;
      case UNKNOWN -> State.UNKNOWN;
      case KNOWN -> {
        String text = value.text().orElse("");
        yield text.equals("0") || text.equals("false") || text.isEmpty() ? State.OFF : State.ON;
      }
    };
  }
}
