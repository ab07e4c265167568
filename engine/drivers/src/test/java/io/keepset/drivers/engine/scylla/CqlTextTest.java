package io.keepset.drivers.engine.scylla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CqlTextTest {
  @Test
  void onlyWhatNamesTheKeyspaceIsRenamed() {
    assertThat(
            CqlText.rename(
                "CREATE TABLE shop.shop (shop int, \"shop.x\" text) WITH comment = 'shop.orders'",
                "shop",
                "other"))
        .isEqualTo(
            "CREATE TABLE other.shop (shop int, \"shop.x\" text) WITH comment = 'shop.orders'");
    assertThat(
            CqlText.rename(
                "CREATE FUNCTION shop.f (a int) LANGUAGE java AS $$ return shop.x; $$",
                "shop",
                "Odd"))
        .isEqualTo("CREATE FUNCTION \"Odd\".f (a int) LANGUAGE java AS $$ return shop.x; $$");
    assertThat(CqlText.rename("CREATE INDEX shop ON \"Shop\".t (c)", "Shop", "b"))
        .isEqualTo("CREATE INDEX shop ON b.t (c)");
  }

  @Test
  void aKeyspaceIsCreatedUnderTheOtherName() {
    assertThat(
            CqlText.rename(
                "CREATE KEYSPACE shop WITH replication = {'class': 'shop'}", "shop", "b"))
        .isEqualTo("CREATE KEYSPACE b WITH replication = {'class': 'shop'}");
  }

  @Test
  void idsAreLeftOut() {
    assertThat(
            CqlText.withoutIds(
                "CREATE TABLE a.b (id int PRIMARY KEY) WITH ID ="
                    + " 5a1c395e-b41f-11e5-9f22-ba0be0483c18\n    AND gc_grace_seconds = 1"))
        .isEqualTo("CREATE TABLE a.b (id int PRIMARY KEY) WITH gc_grace_seconds = 1");
  }

  @Test
  void filesGoToTheSameMajorVersionOrTheNext() {
    assertThatCode(() -> Release.require("4.1.3", "5.0.5", false)).doesNotThrowAnyException();
    assertThatCode(() -> Release.require("5.0.5", "5.0.0", false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Release.require("5.0.5", "4.1.3", false))
        .hasMessageContaining("5.0.5")
        .hasMessageContaining("4.1.3");
    assertThatThrownBy(() -> Release.require("3.11.0", "5.0.5", false))
        .hasMessageContaining("3.11.0");
  }
}
