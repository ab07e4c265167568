package io.keepset.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.keepset.diagnostic.DiagnosticText;
import io.keepset.diagnostic.Validated;
import io.keepset.source.SourceFile;
import java.util.List;
import java.util.Optional;

/**
 * For any bytes the loader returns, and what it found can be printed. A normal build replays the
 * kept inputs; {@code JAZZER_FUZZ=1} looks for new ones.
 */
class PolicyLoaderFuzzTest {
  @FuzzTest(maxDuration = "20s")
  void yaml(byte[] bytes) {
    law("a.yaml", bytes);
  }

  @FuzzTest(maxDuration = "20s")
  void hcl(byte[] bytes) {
    law("a.hcl", bytes);
  }

  @FuzzTest(maxDuration = "20s")
  void json(byte[] bytes) {
    law("a.json", bytes);
  }

  private static void law(String path, byte[] bytes) {
    SourceFile file = new SourceFile(path, bytes);
    Validated<PolicySet> loaded = new PolicyLoader().load(List.of(file));
    assertThat(loaded.value()).isNotNull();
    new DiagnosticText(any -> Optional.of(file.text()), true).print(loaded.diagnostics());
    loaded.value().protections().values().forEach(one -> encodes(one.protection()));
  }

  private static void encodes(Protection protection) {
    assertThat(ProtectionCodec.decode(ProtectionCodec.encode(protection))).isEqualTo(protection);
  }
}
