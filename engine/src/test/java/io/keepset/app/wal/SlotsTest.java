package io.keepset.app.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
  @Test
  void aNameThatFitsIsUsedAsItIs() {
    assertThat(Slots.name("orders")).isEqualTo("keepset_orders");
    assertThat(Slots.name("a_b")).isEqualTo("keepset_a_b");
    assertThat(Slots.former("orders", List.of("orders"))).isEmpty();
  }

  @Test
  void namesThatHaveToBeChangedDoNotMeet() {
    assertThat(List.of(Slots.name("a-b"), Slots.name("a_b"), Slots.name("a.b"), Slots.name("A-b")))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9_]{1,63}"));
    String longest = "x".repeat(60);
    assertThat(Slots.name(longest + "1")).isNotEqualTo(Slots.name(longest + "2"));
    assertThat(Slots.name(longest).length()).isLessThanOrEqualTo(63);
  }

  @Test
  void aSlotFromBeforeIsUsedOnUnlessItCouldBeAnothers() {
    assertThat(Slots.former("a-b", List.of("a-b", "orders"))).contains("keepset_a_b");
    assertThat(Slots.former("a-b", List.of("a-b", "a_b"))).isEmpty();
    assertThat(Slots.former("a-b", List.of("a-b", "a.b"))).isEmpty();
  }
}
