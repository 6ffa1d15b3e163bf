-- A table that refers to itself can be written in any order; what it refers to has to be there at the commit.
alter table incidents alter constraint incidents_master_id_fkey deferrable initially deferred;
alter table incidents alter constraint incidents_reopened_from_id_fkey deferrable initially deferred;
alter table organisations alter constraint organisations_parent_id_fkey deferrable initially deferred;
