package io.keepset.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Each library is used from one package, so that replacing it touches one package. */
class ImportRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.keepset");

  @Test
  void springStaysInTheHttpPackage() {
    onlyIn("io.keepset.app.http", "org.springframework..", "jakarta.servlet..");
  }

  @Test
  void gitStaysInItsPackage() {
    onlyIn("io.keepset.app.git", "org.eclipse.jgit..", "org.apache.sshd..");
  }

  @Test
  void quartzStaysInTheSchedule() {
    onlyIn("io.keepset.app.schedule", "org.quartz..");
  }

  @Test
  void theStateDatabaseStaysInItsPackage() {
    onlyIn("io.keepset.app.state", "com.zaxxer.hikari..", "org.flywaydb..", "org.h2..");
  }

  @Test
  void mailStaysWhereMessagesAreSent() {
    onlyIn("io.keepset.app.notify", "jakarta.mail..", "org.eclipse.angus..");
  }

  @Test
  void metricsStayInTheHttpPackage() {
    onlyIn("io.keepset.app.http", "io.micrometer..");
  }

  /** Clients are made in one place; the store and the engine of S3 read and list by them. */
  @Test
  void cloudClientsStayInTheirDriver() {
    onlyIn("io.keepset.drivers..", "software.amazon..");
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.keepset.drivers.aws..",
            "io.keepset.drivers.store.s3..",
            "io.keepset.drivers.engine.s3..",
            "io.keepset.drivers.platform..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void databaseDriversStayInTheirEngine() {
    onlyIn("io.keepset.drivers.engine.mongodb", "com.mongodb..", "org.bson..");
    onlyIn("io.keepset.drivers.engine.scylla", "com.datastax..");
    onlyIn("io.keepset.drivers.engine.etcd", "io.grpc..", "io.netty..", "com.google.protobuf..");
    onlyIn("io.keepset.drivers.engine.rethinkdb", "com.rethinkdb..", "com.fasterxml.jackson..");
  }

  @Test
  void commandsStayInTheirPackage() {
    onlyIn("io.keepset.app.cli", "picocli..");
  }

  @Test
  void driversDoNotKnowEachOther() {
    slices()
        .matching("io.keepset.drivers.(*).(*)..")
        .namingSlices("driver $1.$2")
        .should()
        .notDependOnEachOther()
        .check(CLASSES);
  }

  @Test
  void nobodyButTheAppKnowsTheApp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.keepset.app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.keepset.app..")
        .check(CLASSES);
  }

  private static void onlyIn(String home, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackage(home.endsWith("..") ? home : home + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
