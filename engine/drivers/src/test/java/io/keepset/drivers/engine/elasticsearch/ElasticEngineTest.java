package io.keepset.drivers.engine.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepset.drivers.lab.EnginesPage;
import io.keepset.spi.RestoreRequest;
import io.keepset.spi.RestoreRequest.Mode;
import io.keepset.spi.Source;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws, by a real Elasticsearch. */
@Tag("slow")
class ElasticEngineTest extends ElasticRestoreContract {
  @Override
  ElasticLab startServer() throws Exception {
    return new ElasticLab("elasticsearch");
  }

  @Test
  void theRolesOfThePageAreEnough() throws Exception {
    lab().small();
    for (String statement : EnginesPage.blocks("elasticsearch", "PUT _security/role/")) {
      String[] lines = statement.split("\n", 2);
      server().login(lines[0].replaceFirst("^.*/", ""), lines[1]);
    }
    // Their logins have these roles and no other; here files make them.
    assertThat(EnginesPage.blocks("elasticsearch", "PUT _security/user/"))
        .allSatisfy(
            statement ->
                assertThat(statement)
                    .contains(
                        "\"roles\": [\""
                            + statement.lines().findFirst().orElseThrow().replaceFirst("^.*/", "")
                            + "\"]"))
        .hasSize(2);
    Source source =
        ((ElasticEngineLab) lab())
            .by(
                Map.of(
                    "user",
                    "keepset-backup",
                    "restore_user",
                    "keepset-restore",
                    "restore_password",
                    "env:LAB"));
    String before = lab().content(source);

    Made made = make(source);
    lab().spoil(source);
    restore(made, source, new RestoreRequest(Mode.OVER, Optional.empty()));
    restore(made, source, into(lab().freshName()));

    assertThat(lab().content(source)).isEqualTo(before);
    assertThat(lab().engine().check(source)).noneMatch(finding -> finding.isError());
  }
}
