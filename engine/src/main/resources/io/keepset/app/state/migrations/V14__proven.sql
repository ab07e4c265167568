-- When a backup was last restored into a scratch instance and nothing was missing there.
alter table backup add column proven_at timestamp(6) with time zone;
