package io.keepset.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestorePlacesTest {
  private static final HttpServletRequest FAR = request(false);
  private static final HttpServletRequest COMMAND = request(true);

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"relative/path", "", "/srv/../etc", "/srv/./x", "/srv/a\0b"})
  void whatIsNoPlainAbsolutePathIsAMistakeOfTheRequest(String directory) {
    RestorePlaces places = new RestorePlaces(Optional.of(home));

    assertThatThrownBy(() -> places.choose(directory, COMMAND))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("directory");
  }

  @Test
  void commandsOfThisMachineChooseAnyPlaceAndOthersNone() {
    RestorePlaces places = new RestorePlaces(Optional.empty());

    assertThat(places.choose("/srv/x", COMMAND)).isEqualTo(Path.of("/srv/x"));
    assertThatThrownBy(() -> places.choose("/srv/x", FAR))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("--restore-below");
  }

  @Test
  void othersChooseBelowOneDirectoryThroughNoLink() throws Exception {
    Path root = Files.createDirectories(home.resolve("restored"));
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("out"), elsewhere);
    Files.createDirectories(root.resolve("there"));
    RestorePlaces places = new RestorePlaces(Optional.of(root));

    assertThat(places.choose(root + "/new", FAR)).isEqualTo(root.resolve("new"));
    assertThat(places.choose(root + "/there/new/one", FAR))
        .isEqualTo(root.resolve("there/new/one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/out/x", "/out", "x/y"})
  void whatIsNotBelowItIsRefused(String rest) throws Exception {
    Path root = Files.createDirectories(home.resolve("restored"));
    Files.createSymbolicLink(
        root.resolve("out"), Files.createDirectories(home.resolve("elsewhere")));
    RestorePlaces places = new RestorePlaces(Optional.of(root));

    assertThatThrownBy(() -> places.choose(root + rest, FAR))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("only into directories below");
  }

  private static HttpServletRequest request(boolean command) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            RestorePlacesTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                method.getName().equals("getAttribute") && arguments[0].equals("keepset.local")
                    ? command
                    : null);
  }
}
