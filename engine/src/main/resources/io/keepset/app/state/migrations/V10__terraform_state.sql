-- Terraform's states with all their former versions, and who holds the lock on each. Whoever changes
-- anything of a state locks its row first, so that threads and nodes take turns.
create table terraform_state (
  name           varchar not null primary key,
  version        bigint not null, -- the newest, 0 if nothing was ever written
  lock_id        varchar,
  lock_info      varchar,
  locked_by      varchar,
  locked_at      timestamp(6) with time zone,
  locked_version bigint,          -- the newest when the lock was taken
  broken_id      varchar,         -- the last lock that was broken: its holder may be at work still
  broken_version bigint
);

create table terraform_state_version (
  state_name        varchar not null,
  version           bigint not null,
  at                timestamp(6) with time zone not null,
  actor             varchar not null,
  action            varchar not null,
  from_version      bigint,       -- what was rolled back to
  lock_id           varchar,
  size_bytes        bigint not null,
  serial            bigint,
  lineage           varchar,
  terraform_version varchar,
  key_id            varchar,
  primary key (state_name, version)
);

-- Sealed; apart, so that looking at a history reads no contents. A deletion has none.
create table terraform_state_content (
  state_name varchar not null,
  version    bigint not null,
  content    bytea not null,
  primary key (state_name, version)
);
