-- An account that an administrator has locked: it keeps its posts, and nobody gets in with it until it is unlocked.
alter table accounts add column locked_at timestamptz;
alter table accounts add column locked_because text;
alter table accounts add constraint accounts_locked_check check ((locked_at is null) = (locked_because is null));
comment on column accounts.locked_at is 'Locked by an administrator; locked_until is the wait after failed sign-ins.';
create index posts_organisation_idx on posts (organisation_id) where ended_at is null;
