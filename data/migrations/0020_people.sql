-- People: organisations, accounts, posts, what they sign in with, and the log of what they did.
create table organisations (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint organisations_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  code text not null constraint organisations_code_check check (code ~ '^[A-Za-z0-9_-]{1,40}$'),
  kind text not null constraint organisations_kind_check check (kind in ('supervision_centre', 'command_centre', 'department', 'street', 'contractor')),
  parent_id bigint references organisations on delete restrict,
  name_zh text not null,
  name_en text not null,
  -- Leading digits of the administrative code it works in; null means the whole city.
  area_code text constraint organisations_area_code_check check (area_code ~ '^[0-9]{2,12}$'),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint organisations_code_key unique (city_id, code)
);
comment on table organisations is 'Two trees: who supervises and commands (supervision_centre, command_centre), and who handles (department, street, contractor).';
create index organisations_parent_idx on organisations (parent_id);

create table accounts (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint accounts_public_id_key unique,
  kind text not null constraint accounts_kind_check check (kind in ('person', 'service', 'display')),
  -- Lower case; a person signs in with it. Services and displays have one too, to be told apart in the log.
  login text not null constraint accounts_login_key unique constraint accounts_login_check check (login = lower(login) and length(login) between 2 and 80),
  name text not null,
  phone text,
  -- Demo personas are signed in with one click and exist in the demo city only.
  demo_city_id bigint references cities on delete restrict,
  password_hash text,
  must_change_password boolean not null default false,
  identity_issuer text,
  identity_subject text,
  totp_secret text,
  totp_confirmed_at timestamptz,
  -- The last time step a code was taken for: a code works once.
  totp_last_step bigint,
  failed_sign_ins integer not null default 0,
  locked_until timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint accounts_identity_key unique (identity_issuer, identity_subject),
  constraint accounts_demo_check check (demo_city_id is null or (kind = 'person' and password_hash is null and identity_issuer is null))
);
comment on table accounts is 'Who can act: a person, a service that reports, or a screen. Nothing is deleted, only ended.';

create table posts (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint posts_public_id_key unique,
  account_id bigint not null references accounts on delete restrict,
  role text not null,
  -- Null means every city: for the three administrators and the auditor.
  city_id bigint references cities on delete restrict,
  organisation_id bigint references organisations on delete restrict,
  area_code text constraint posts_area_code_check check (area_code ~ '^[0-9]{2,12}$'),
  granted_by bigint references accounts on delete restrict,
  from_at timestamptz not null default now(),
  ended_at timestamptz
);
comment on table posts is 'A role held in a city, for an organisation, within an area (leading digits of the administrative code).';
create index posts_account_idx on posts (account_id) where ended_at is null;
create index posts_role_idx on posts (city_id, role) where ended_at is null;

create table sessions (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint sessions_public_id_key unique,
  account_id bigint not null references accounts on delete restrict,
  -- SHA-256 of the cookie's value: a copy of this table signs nobody in.
  token_hash text not null constraint sessions_token_hash_key unique,
  second_factor_at timestamptz,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text
);
create index sessions_account_idx on sessions (account_id) where ended_at is null;

create table access_tokens (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint access_tokens_public_id_key unique,
  account_id bigint not null references accounts on delete restrict,
  token_hash text not null constraint access_tokens_token_hash_key unique,
  -- The last characters of the token, so that people can tell theirs apart.
  hint text not null,
  purpose text not null,
  created_by bigint references accounts on delete restrict,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz
);
comment on table access_tokens is 'Long-lived keys of services and screens, bound to a purpose, each revocable.';
create index access_tokens_account_idx on access_tokens (account_id) where ended_at is null;

-- One chain per domain and day, so that the log of one part of the work does not queue up behind another.
create table audit_heads (
  domain text not null,
  day date not null,
  last_sequence integer not null,
  last_hash text not null,
  primary key (domain, day)
);
create table audit_entries (
  domain text not null,
  day date not null,
  sequence integer not null,
  at timestamptz not null,
  city_id bigint references cities on delete restrict,
  actor_id bigint references accounts on delete restrict,
  actor text not null,
  actor_roles text not null,
  session_id uuid,
  address text,
  action text not null,
  object_kind text,
  object_id text,
  outcome text not null default 'done' constraint audit_entries_outcome_check check (outcome in ('done', 'refused', 'failed')),
  details jsonb not null default '{}',
  previous_hash text not null,
  hash text not null,
  primary key (domain, day, sequence)
);
comment on table audit_entries is 'Append-only: hash = SHA-256 over the previous hash and the canonical entry. Written in the transaction of what it tells of.';
create index audit_entries_at_idx on audit_entries (at desc);
create index audit_entries_object_idx on audit_entries (object_kind, object_id);
