package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.http.Refused;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws, by a real OpenSearch with its security plugin and over TLS. */
@Tag("slow")
class OpenSearchEngineTest extends ElasticRestoreContract {
  @Override
  ElasticLab startServer() throws Exception {
    return new ElasticLab("opensearch");
  }

  @Test
  void onlyTheAdministratorsCertificateRestoresTemplates() throws Exception {
    RestoreRequest over = new RestoreRequest(Mode.OVER, Optional.empty());
    String template = "_index_template/invoices";
    Source source = lab().small();
    Source administrator =
        EngineLab.changed(source, ((PluginLogins) server().logins()).administrator(), Map.of());
    server().send("PUT", template, "{\"index_patterns\":[\"invoices-*\"],\"priority\":7}");
    try {
      Made made = make(source);
      server().send("DELETE", template, "");

      assertThat(restore(made, source, over).notes())
          .anyMatch(note -> note.contains("templates and persistent settings stayed"));
      assertThatThrownBy(() -> server().get(template)).hasCauseInstanceOf(Refused.class);

      assertThat(restore(made, administrator, over).notes())
          .noneMatch(note -> note.contains("templates"));

      assertThat(server().get(template).toString()).contains("index_templates");
    } finally {
      server().send("DELETE", template, "");
    }
  }
}
