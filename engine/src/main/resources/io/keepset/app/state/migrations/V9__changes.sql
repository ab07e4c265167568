-- What changed since somebody last looked, so that looking costs what changed. Whoever writes raises
-- the counter first, and so waits for whoever else writes: versions become visible in their order.
create table change_counter (
  name  varchar not null primary key,
  count bigint not null
);
insert into change_counter (name, count) values ('protection', 1), ('backed_up', 1);

alter table protection add column version bigint default 1 not null;
create index protection_by_version on protection (version);

-- Every database that ever had a backup.
create table backed_up (
  database_name varchar not null primary key
);
insert into backed_up (database_name) select distinct database_name from backup;
