-- Who changed a duty and what it took the place of; whom a rule names within its unit, and by which law.
alter table responsibilities add column created_by text;
alter table responsibilities add column ended_by text;
alter table responsibilities add column replaces_id bigint constraint responsibilities_replaces_id_fkey references responsibilities on delete restrict deferrable initially deferred;
create index responsibilities_replaces_idx on responsibilities (replaces_id) where replaces_id is not null;
alter table routing_rules add column person_id bigint constraint routing_rules_person_id_fkey references accounts on delete restrict;
alter table routing_rules add column legal_basis text;
comment on table routing_rules is 'Ordered: the first that fits a case names the unit it goes to, and who there where it names somebody. One whose unit or person is gone is switched off with the reason.';
