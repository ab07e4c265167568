package io.keepset.app.cli;

import io.keepset.drivers.engine.EngineLab;
import io.keepset.drivers.engine.etcd.EtcdEngineLab;
import io.keepset.drivers.engine.mongodb.MongoEngineLab;
import io.keepset.drivers.engine.mysql.MysqlEngineLab;
import io.keepset.drivers.engine.postgresql.PostgresEngineLab;
import io.keepset.drivers.engine.rabbitmq.RabbitEngineLab;
import io.keepset.drivers.engine.redis.RedisEngineLab;
import io.keepset.drivers.engine.volume.VolumeLab;
import io.keepset.drivers.lab.MariadbLab;
import io.keepset.drivers.lab.PostgresLab;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The walk with every engine whose server starts in seconds. RethinkDB is not among them: there is
 * no server of it to be had, and its fake can't be reached by a command. Nor is S3: its server is a
 * Spring application that would meet ours.
 */
class EveryEngineTest extends EveryEngineContract {
  @TempDir private Path volume;

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "mongodb", "mysql", "postgresql", "rabbitmq", "redis", "volume"})
  void worksFromThePolicyFileToTheRestoredCopy(String engine) throws Exception {
    walk(engine, lab(engine));
  }

  private EngineLab lab(String engine) {
    return switch (engine) {
      case "etcd" -> new EtcdEngineLab();
      case "mongodb" -> new MongoEngineLab();
      case "mysql" -> new MysqlEngineLab(MariadbLab.start("event-scheduler=OFF"));
      case "postgresql" -> new PostgresEngineLab(PostgresLab.start());
      case "rabbitmq" -> new RabbitEngineLab();
      case "redis" -> new RedisEngineLab();
      case "volume" -> new VolumeLab(volume);
      default -> throw new IllegalArgumentException(engine);
    };
  }
}
