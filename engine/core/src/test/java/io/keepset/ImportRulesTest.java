package io.keepset;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Imports inside core point left, and core stays plain. */
class ImportRulesTest {
  private static final List<String> LEFT_TO_RIGHT =
      List.of("stream", "diagnostic", "source", "policy", "retention", "plan", "spi", "reconcile");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages("io.keepset");

  @Test
  void importsPointLeft() {
    for (int i = 0; i < LEFT_TO_RIGHT.size(); i++) {
      List<String> right = new ArrayList<>();
      LEFT_TO_RIGHT
          .subList(i + 1, LEFT_TO_RIGHT.size())
          .forEach(name -> right.add("io.keepset." + name + ".."));
      right.add("io.keepset.runner..");
      right.add("io.keepset.watch..");
      noClasses()
          .that()
          .resideInAPackage("io.keepset." + LEFT_TO_RIGHT.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(right.toArray(String[]::new))
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  @Test
  void theRunnerKnowsNothingOfReconciling() {
    noClasses()
        .that()
        .resideInAPackage("io.keepset.runner..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.keepset.reconcile..")
        .check(CLASSES);
  }

  @Test
  void theWatchJudgesWithoutKnowingHowThingsAreDone() {
    noClasses()
        .that()
        .resideInAPackage("io.keepset.watch..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.keepset.reconcile..", "io.keepset.runner..")
        .check(CLASSES);
  }

  @Test
  void coreDoesNotLogOrTalkToDatabasesOrFrameworks() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.slf4j..",
            "java.util.logging..",
            "java.sql..",
            "javax.sql..",
            "org.springframework..",
            "org.quartz..",
            "org.eclipse.jgit..",
            "picocli..",
            "software.amazon..")
        .check(CLASSES);
  }

  @Test
  void coreReadsNoClockAndNoEnvironment() {
    noClasses()
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.ZonedDateTime.class, "now")
        .orShould()
        .callMethod(java.time.LocalDate.class, "now")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .orShould()
        .callMethod(java.time.Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }
}
