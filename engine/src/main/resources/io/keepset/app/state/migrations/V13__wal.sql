-- Logs in the stores, for restores to a point in time. The documents are what lies beside the
-- objects in the store; they can be rebuilt from there.
create table wal_file (
  database_name varchar not null,
  system_id     varchar not null,
  name          varchar not null,
  store         varchar not null,
  document      varchar not null,
  expired_at    timestamp(6) with time zone,
  delete_after  timestamp(6) with time zone,
  primary key (database_name, system_id, name)
);

-- Where backups stand in the log; no document: log can't be replayed on that one.
create table base_point (
  backup_id     varchar not null primary key,
  database_name varchar not null,
  document      varchar
);
create index base_point_by_database on base_point (database_name);

-- How receiving stands, as whoever does it last wrote down.
create table wal_status (
  database_name varchar not null primary key,
  document      varchar not null
);
