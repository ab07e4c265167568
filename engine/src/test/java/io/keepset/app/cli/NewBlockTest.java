package io.keepset.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewBlockTest {
  @Test
  void isCalledAsItIsCalledThere() {
    assertThat(name(Map.of("database", "shop_check"))).isEqualTo("shop_check");
    assertThat(name(Map.of("path", "/srv/restored/photos-2"))).isEqualTo("photos-2");
    assertThat(name(Map.of("bucket", "acme", "prefix", "photos_restored/")))
        .isEqualTo("photos_restored");
    assertThat(name(Map.of("bucket", "acme-check", "prefix", ""))).isEqualTo("acme-check");
  }

  @Test
  void isNeverCalledAsAnAddress() {
    assertThat(name(Map.of("host", "etcd2.internal", "port", "2379"))).isEqualTo("shop_restored");
    assertThat(name(Map.of("host", "localhost", "port", "6379"))).isEqualTo("shop_restored");
  }

  @Test
  void isNeverCalledAsAnotherThatIsThere() {
    assertThat(NewBlock.name("shop", Map.of("database", "crm"), Set.of("crm", "crm_2")))
        .isEqualTo("crm_3");
  }

  @Test
  void whatCanBeNoNameHereIsNone() {
    assertThat(name(Map.of("vhost", "größe"))).isEqualTo("shop_restored");
  }

  private static String name(Map<String, String> changes) {
    return NewBlock.name("shop", changes, Set.of("shop"));
  }
}
