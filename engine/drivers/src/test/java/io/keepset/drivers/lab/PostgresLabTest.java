package io.keepset.drivers.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PostgresLabTest {
  @Test
  void servesAndLeavesNothing() {
    Path directory;
    try (PostgresLab lab = PostgresLab.start()) {
      directory = lab.socketDirectory();
      lab.createDatabase("orders");
      lab.execute("orders", "create table t(a int)", "insert into t values (1), (2)");
      assertThat(lab.query("orders", "select a from t order by a")).containsExactly("1", "2");
    }
    assertThat(Files.exists(directory)).isFalse();
  }
}
