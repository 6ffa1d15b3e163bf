-- Screens signed in by their token, the daily roots of the log, and a log that nobody changes by an ordinary statement.
alter table sessions add column access_token_id bigint references access_tokens on delete restrict;
comment on column sessions.access_token_id is 'A screen''s session: it lasts as long as the token it was opened with.';
create index sessions_access_token_idx on sessions (access_token_id) where ended_at is null;

-- Who has an account at all decides whether the console is open; asked often.
create index accounts_real_people_idx on accounts (id) where kind = 'person' and demo_city_id is null;

create table audit_roots (
  day date primary key,
  root_hash text not null,
  -- The root of the closed day before; empty for the first.
  previous_root text not null,
  chains integer not null,
  entries bigint not null,
  closed_at timestamptz not null
);
comment on table audit_roots is 'One hash a day over the sorted ends of its chains and the root of the day before: a whole day cannot go missing.';

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % of % is refused', lower(tg_op), tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_append_only before update or delete on audit_entries for each row execute function refuse_change_of_audit();
create trigger audit_entries_no_truncate before truncate on audit_entries for each statement execute function refuse_change_of_audit();
create trigger audit_roots_append_only before update or delete on audit_roots for each row execute function refuse_change_of_audit();
create trigger audit_roots_no_truncate before truncate on audit_roots for each statement execute function refuse_change_of_audit();
create trigger audit_heads_no_delete before delete on audit_heads for each row execute function refuse_change_of_audit();
create trigger audit_heads_no_truncate before truncate on audit_heads for each statement execute function refuse_change_of_audit();
