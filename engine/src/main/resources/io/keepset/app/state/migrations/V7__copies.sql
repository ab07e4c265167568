-- What a copy is a copy of, and the name of the copy in the policy; both empty for originals.
alter table backup add column copy_of varchar;
alter table backup add column copy_name varchar;
