package io.keepset.terraform.coverage;

import static io.keepset.terraform.coverage.Kind.named;
import static io.keepset.terraform.coverage.Kind.part;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The types of resources that keep data, with the attributes that their providers document. */
final class Kinds {
  private static final String RETENTION = "backup_retention_period";
  private static final String SNAPSHOTS = "snapshot_retention_limit";
  private static final String TAG_NAME = "tags.Name";
  private static final String POSTGRESQL = "postgresql";
  private static final String MYSQL = "mysql";
  private static final String REDIS = "redis";
  private static final String SEARCH = "elasticsearch";
  private static final String VOLUME = "volume";
  private static final String BUCKET = "s3";
  private static final String MONGODB = "mongodb";
  private static final String RDS = ".rds.amazonaws.com";
  private static final Map<String, String> RDS_ENGINES =
      Map.of(
          "postgres", POSTGRESQL,
          "aurora-postgresql", POSTGRESQL,
          "mysql", MYSQL,
          "mariadb", MYSQL,
          "aurora", MYSQL,
          "aurora-mysql", MYSQL);

  private static final Map<String, Kind> ALL = new TreeMap<>();

  static {
    amazon();
    amazonFilesAndCaches();
    google();
    azure();
    others();
  }

  private Kinds() {}

  /** Empty for what keeps no data. */
  static Optional<Kind> of(String type) {
    return Optional.ofNullable(ALL.get(type));
  }

  private static void amazon() {
    ALL.put(
        "aws_db_instance",
        named("identifier")
            .ids("id", "arn", "resource_id")
            .hosts(RDS, "address", "endpoint")
            .engineBy("engine", RDS_ENGINES)
            .own(RETENTION)
            .partIf("replicate_source_db"));
    ALL.put(
        "aws_rds_cluster",
        named("cluster_identifier")
            .ids("id", "arn", "cluster_resource_id")
            .hosts(RDS, "endpoint", "reader_endpoint")
            .engineBy("engine", RDS_ENGINES)
            .own(RETENTION)
            .partIf("replication_source_identifier"));
    ALL.put("aws_rds_cluster_instance", part());
    ALL.put(
        "aws_docdb_cluster",
        named("cluster_identifier")
            .hosts(".docdb.amazonaws.com", "endpoint", "reader_endpoint")
            .engine(MONGODB)
            .own(RETENTION));
    ALL.put("aws_docdb_cluster_instance", part());
    ALL.put(
        "aws_neptune_cluster",
        named("cluster_identifier")
            .hosts(".neptune.amazonaws.com", "endpoint", "reader_endpoint")
            .own(RETENTION));
    ALL.put("aws_neptune_cluster_instance", part());
    ALL.put("aws_dynamodb_table", named("name").own("point_in_time_recovery.0.enabled"));
    ALL.put(
        "aws_redshift_cluster",
        named("cluster_identifier")
            .hosts(".redshift.amazonaws.com", "dns_name", "endpoint")
            .own("automated_snapshot_retention_period"));
    ALL.put("aws_mq_broker", named("broker_name").engine("rabbitmq"));
    for (String type : new String[] {"aws_opensearch_domain", "aws_elasticsearch_domain"}) {
      ALL.put(type, named("domain_name").hosts("", "endpoint").engine(SEARCH));
    }
  }

  private static void amazonFilesAndCaches() {
    ALL.put("aws_s3_bucket", named("bucket").engine(BUCKET));
    ALL.put("aws_ebs_volume", named(TAG_NAME).engine(VOLUME));
    ALL.put(
        "aws_efs_file_system",
        named(TAG_NAME).ids("id", "arn", "creation_token").hosts("", "dns_name").engine(VOLUME));
    for (String system : new String[] {"lustre", "ontap", "openzfs", "windows"}) {
      ALL.put(
          "aws_fsx_" + system + "_file_system",
          named(TAG_NAME)
              .hosts("", "dns_name")
              .engine(VOLUME)
              .own("automatic_backup_retention_days"));
    }
    ALL.put(
        "aws_elasticache_replication_group",
        named("replication_group_id")
            .hosts(
                ".cache.amazonaws.com",
                "primary_endpoint_address",
                "configuration_endpoint_address")
            .engine(REDIS)
            .own(SNAPSHOTS));
    ALL.put(
        "aws_elasticache_cluster",
        named("cluster_id")
            .hosts(".cache.amazonaws.com", "cluster_address")
            .engineBy("engine", Map.of(REDIS, REDIS, "valkey", REDIS))
            .own(SNAPSHOTS)
            .partIf("replication_group_id"));
    ALL.put("aws_memorydb_cluster", named("name").engine(REDIS).own(SNAPSHOTS));
  }

  private static void google() {
    ALL.put(
        "google_sql_database_instance",
        named("name")
            .ids("id", "self_link", "connection_name")
            .hosts("", "first_ip_address", "private_ip_address", "public_ip_address", "dns_name")
            .engineBy("database_version", Map.of("postgres", POSTGRESQL, MYSQL, MYSQL))
            .own("settings.0.backup_configuration.0.enabled")
            .partIf("master_instance_name"));
    ALL.put(
        "google_alloydb_cluster",
        named("cluster_id")
            .ids("id", "name")
            .engine(POSTGRESQL)
            .own("automated_backup_policy.0.enabled", "continuous_backup_config.0.enabled")
            .partIf("cluster_type=SECONDARY"));
    ALL.put("google_alloydb_instance", part());
    ALL.put("google_spanner_instance", named("name"));
    ALL.put("google_bigtable_instance", named("name"));
    ALL.put("google_firestore_database", named("name"));
    ALL.put("google_redis_instance", named("name").hosts("", "host").engine(REDIS));
    ALL.put("google_storage_bucket", named("name").ids("id", "self_link", "url").engine(BUCKET));
    ALL.put("google_filestore_instance", named("name").engine(VOLUME));
    ALL.put("google_compute_disk", named("name").ids("id", "self_link").engine(VOLUME));
  }

  private static void azure() {
    for (String engine : new String[] {POSTGRESQL, MYSQL}) {
      String host = engine.equals(POSTGRESQL) ? "postgres" : MYSQL;
      for (String type : new String[] {"flexible_server", "server"}) {
        ALL.put(
            "azurerm_" + engine + "_" + type,
            named("name")
                .hosts("." + host + ".database.azure.com", "fqdn")
                .engine(engine)
                .own("backup_retention_days")
                .partIf("create_mode=Replica"));
      }
    }
    ALL.put(
        "azurerm_mariadb_server",
        named("name")
            .hosts(".mariadb.database.azure.com", "fqdn")
            .engine(MYSQL)
            .own("backup_retention_days")
            .partIf("create_mode=Replica"));
    ALL.put("azurerm_mssql_database", named("name"));
    ALL.put("azurerm_mssql_managed_instance", named("name").hosts("", "fqdn"));
    ALL.put("azurerm_cosmosdb_account", named("name"));
    ALL.put("azurerm_redis_cache", named("name").hosts("", "hostname").engine(REDIS));
    ALL.put("azurerm_storage_account", named("name"));
    ALL.put("azurerm_managed_disk", named("name").engine(VOLUME));
  }

  private static void others() {
    ALL.put(
        "mongodbatlas_cluster",
        named("name")
            .ids("cluster_id", "id")
            .hosts(".mongodb.net", "srv_address", "connection_strings.0.standard_srv")
            .engine(MONGODB)
            .own("cloud_backup", "provider_backup_enabled", "backup_enabled"));
    ALL.put(
        "mongodbatlas_advanced_cluster",
        named("name")
            .ids("cluster_id", "id")
            .hosts(
                ".mongodb.net",
                "connection_strings.0.standard_srv",
                "connection_strings.standard_srv")
            .engine(MONGODB)
            .own("backup_enabled"));
    ALL.put(
        "aptible_database",
        named("handle")
            .ids("database_id", "id")
            .engineBy(
                "database_type",
                Map.of(
                    POSTGRESQL,
                    POSTGRESQL,
                    MYSQL,
                    MYSQL,
                    MONGODB,
                    MONGODB,
                    REDIS,
                    REDIS,
                    SEARCH,
                    SEARCH,
                    "rabbitmq",
                    "rabbitmq"))
            .own("enable_backups"));
    ALL.put("aptible_replica", part());
  }
}
