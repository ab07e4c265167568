-- Approvals that let a plan through; each is good once. The digest is of what was agreed to.
create table spent_approval (
  digest    varchar not null primary key,
  name      varchar not null,
  plan_hash varchar not null,
  revision  varchar not null,
  at        timestamp(6) with time zone not null
);
