package io.keepset.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.access.Role;
import io.keepset.app.AuditTrail;
import io.keepset.app.LocalState;
import io.keepset.app.security.TokenOperations.Wish;
import io.keepset.app.state.Audit;
import io.keepset.spi.DriverException;
import io.keepset.spi.DriverException.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody is let in or shut out without a line that says who did it. */
class AuditedTokensTest {
  @TempDir private Path home;
  private final List<String> told = new ArrayList<>();
  private boolean full;

  private final AuditTrail trail =
      new AuditTrail() {
        @Override
        public void note(String by, String action, String target, String detail)
            throws DriverException {
          if (full) {
            throw new DriverException(Kind.TRANSIENT, "no room for the audit");
          }
          told.add(action + " " + target);
        }

        @Override
        public List<Audit.Entry> newest(int limit) {
          return List.of();
        }
      };

  @Test
  void whatTheAuditCanNotTellDoesNotHappen() throws Exception {
    try (LocalState state = state()) {
      StoredTokens tokens = tokens(state);
      tokens.add(wish("ci", Optional.of("ana@example.org")), "admin");
      full = true;

      assertThatThrownBy(() -> tokens.add(wish("more", Optional.empty()), "admin"))
          .hasMessageContaining("no room");
      assertThatThrownBy(() -> tokens.remove("ci", "admin")).hasMessageContaining("no room");

      assertThat(tokens.list()).extracting(TokenOperations.Known::name).containsExactly("ci");
      assertThat(tokens.list().get(0).person()).contains("ana@example.org");
    }
  }

  @Test
  void itSaysWhatWasAttemptedAndWhatCameOfIt() throws Exception {
    try (LocalState state = state()) {
      StoredTokens tokens = tokens(state);
      tokens.add(wish("ci", Optional.empty()), "admin");
      assertThatThrownBy(() -> tokens.add(wish("ci", Optional.empty()), "admin"))
          .hasMessageContaining("already");
      tokens.remove("ci", "admin");
    }

    assertThat(told)
        .containsExactly(
            "token.add.attempted ci",
            "token.add ci",
            "token.add.attempted ci",
            "token.add.failed ci",
            "token.remove.attempted ci",
            "token.remove ci");
  }

  @Test
  void aPersonIsAnAddressThatCommitsCanHave() throws Exception {
    try (LocalState state = state()) {
      StoredTokens tokens = tokens(state);
      for (String person :
          List.of("ana", "ana@", "<ana@example.org>", "ci@keepset.invalid", "a b@c")) {
        assertThatThrownBy(() -> tokens.add(wish("x", Optional.of(person)), "admin"))
            .as(person)
            .hasMessageContaining("e-mail");
      }
    }
  }

  private static Wish wish(String name, Optional<String> person) {
    return new Wish(name, Role.OPERATOR, Optional.empty(), person);
  }

  private StoredTokens tokens(LocalState state) {
    return new StoredTokens(state.database().tokens(), trail, Clock.systemUTC(), () -> {});
  }

  private LocalState state() throws DriverException {
    return LocalState.open(
        home.resolve("data"),
        Clock.systemUTC(),
        reference -> {
          throw new IllegalStateException("no secrets here");
        },
        Map.of(),
        (severity, subject, message) -> {},
        note -> {});
  }
}
