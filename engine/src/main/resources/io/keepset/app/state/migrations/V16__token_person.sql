-- Whose a token is: an e-mail address, as commits name people. Tokens of before have none.
alter table token add column person varchar(254);
