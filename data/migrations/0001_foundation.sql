-- What everything stands on: cities, the catalogue of layers, the record of imports, the outbox of live events.
create extension if not exists postgis;

create table system_identity (
  only_row boolean primary key default true constraint system_identity_one_row check (only_row),
  instance_id uuid not null,
  created_at timestamptz not null default now()
);
comment on table system_identity is 'One row: which installation this database belongs to, so that an opened but empty database is noticed.';

create table cities (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint cities_public_id_key unique,
  key text not null constraint cities_key_key unique constraint cities_key_check check (key ~ '^[a-z][a-z0-9-]{0,39}$'),
  name_zh text not null,
  name_en text not null,
  is_demo boolean not null default false,
  measure_srid integer not null,
  measure_name text not null,
  time_zone text not null default 'Asia/Shanghai',
  seed text,
  as_of timestamptz,
  -- Union of the top-level administrative areas; null until some are known.
  boundary geometry(MultiPolygon, 4490),
  extent geometry(Polygon, 4490),
  status text not null default 'ready' constraint cities_status_check check (status in ('preparing', 'ready')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
comment on column cities.measure_srid is 'EPSG code in which every metre and square metre of this city is measured.';

create table layers (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint layers_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  key text not null constraint layers_key_check check (key ~ '^[a-z0-9][a-z0-9_-]{0,79}$'),
  kind text not null,
  title_zh text not null,
  title_en text not null,
  owner text not null,
  source text not null,
  licence text not null,
  attribution text,
  source_crs text not null,
  data_date date,
  row_count integer not null default 0,
  quality jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint layers_city_key_key unique (city_id, key)
);
comment on table layers is 'The catalogue: one row per data set of a city, with its authoritative owner, source, licence, date and quality.';

-- A number per city and kind of feature, bumped by every write; it is part of every tile address.
create table kind_versions (
  city_id bigint not null references cities on delete restrict,
  kind text not null,
  version bigint not null default 1,
  primary key (city_id, kind)
);

create table imports (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint imports_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint references layers on delete restrict,
  kind text not null,
  file_name text not null,
  file_sha256 text not null,
  options jsonb not null default '{}',
  dry_run boolean not null default false,
  status text not null constraint imports_status_check check (status in ('waiting', 'running', 'finished', 'failed', 'cancelled')),
  stage text not null default 'waiting',
  percent real not null default 0,
  report jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index imports_city_idx on imports (city_id, id desc);

create table import_issues (
  import_id bigint not null references imports on delete restrict,
  ordinal integer not null,
  row_number integer not null,
  severity text not null constraint import_issues_severity_check check (severity in ('refused', 'repaired', 'flagged')),
  code text not null,
  field text,
  message text not null,
  sample text,
  primary key (import_id, ordinal)
);
comment on table import_issues is 'Every row of a file that was refused, repaired or flagged, with the reason.';

create table live_events (
  id bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  city_id bigint not null references cities on delete restrict,
  type text not null,
  schema_version integer not null default 1,
  scope jsonb not null default '{}',
  payload jsonb not null,
  at timestamptz not null default now()
);
create index live_events_order_idx on live_events (transaction_id, id);
comment on table live_events is 'Outbox: written in the transaction of the change it tells of; read in (transaction_id, id) order below the oldest running transaction.';

create table idempotency_keys (
  city_id bigint not null references cities on delete restrict,
  key text not null constraint idempotency_keys_length_check check (length(key) between 1 and 255),
  endpoint text not null,
  body_hash text not null,
  status integer not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (city_id, endpoint, key)
);
