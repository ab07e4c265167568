-- Answers to writes over HTTP by the keys that clients gave, so that a write that is sent twice is
-- done once. Without a status it was begun, and nobody knows what became of it.
create table answered_write (
  actor       varchar not null,
  request_key varchar not null,
  digest      varchar not null,
  at          timestamp(6) with time zone not null,
  status      integer,
  headers     varchar,
  body        varchar,
  primary key (actor, request_key)
);
create index answered_write_by_time on answered_write (at);
