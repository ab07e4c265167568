-- What was declared when it was last applied, and is needed without the policy files: stores and settings.
create table declared (
  kind     varchar not null,
  name     varchar not null,
  document varchar not null,
  primary key (kind, name)
);
