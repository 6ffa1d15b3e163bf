-- Incidents carry from the first day what the closed loop needs: state keys, actor, source, clocks, the grid version of the day.
create table incidents (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint incidents_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint references layers on delete restrict,
  report_number text not null,
  case_number text,
  scheme_id text not null,
  class_kind text not null constraint incidents_class_kind_check check (class_kind in ('part', 'event')),
  class_code text not null,
  class_name text not null,
  large_code text not null,
  condition_ordinal smallint,
  severity smallint not null constraint incidents_severity_check check (severity between 1 and 3),
  severity_from text not null constraint incidents_severity_from_check check (severity_from in ('class', 'source', 'person')),
  state text not null constraint incidents_state_check check (state in ('draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'pending_dispatch', 'pending_dispose', 'disposing', 'suspended', 'disposed', 'pending_check', 'checking', 'pending_close', 'closed', 'closed_special', 'void')),
  source text not null constraint incidents_source_check check (source in ('collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement')),
  source_reference text,
  idempotency_key text,
  reported_by text not null,
  department text,
  holder text,
  description text not null default '',
  address text,
  place_method text not null constraint incidents_place_method_check check (place_method in ('gps', 'map', 'address', 'source', 'part', 'none')),
  geom geometry(Point, 4490),
  outside_city boolean not null default false,
  is_drill boolean not null default false,
  county_code text,
  street_code text,
  community_code text,
  grid_code text,
  grid_version integer,
  part_id bigint references parts on delete restrict,
  occurred_at timestamptz,
  reported_at timestamptz not null,
  received_at timestamptz not null default now(),
  filed_at timestamptz,
  due_at timestamptz,
  disposed_at timestamptz,
  ended_at timestamptz,
  content_hash text,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  constraint incidents_place_check check ((geom is null) = (place_method = 'none')),
  constraint incidents_report_number_key unique (city_id, report_number)
);
create unique index incidents_case_number_key on incidents (city_id, case_number) where case_number is not null;
create unique index incidents_source_reference_key on incidents (city_id, source, layer_id, source_reference) nulls not distinct where source_reference is not null;
create unique index incidents_idempotency_key on incidents (city_id, idempotency_key) where idempotency_key is not null;
create index incidents_geom_idx on incidents using gist (geom);
create index incidents_reported_idx on incidents (city_id, reported_at desc, id desc);
create index incidents_state_idx on incidents (city_id, state, due_at);
create index incidents_grid_idx on incidents (city_id, grid_code, state);
create index incidents_class_idx on incidents (city_id, class_kind, class_code, reported_at);

create table incident_flow (
  id bigint generated always as identity primary key,
  incident_id bigint not null references incidents on delete restrict,
  sequence integer not null,
  action text not null,
  from_state text,
  to_state text not null,
  actor text not null,
  at timestamptz not null default now(),
  opinion text,
  details jsonb not null default '{}',
  constraint incident_flow_sequence_key unique (incident_id, sequence)
);
comment on table incident_flow is 'Append-only history of an incident: sequence 1..n without holes; the last to_state is the state.';

create table number_series (
  city_id bigint not null references cities on delete restrict,
  series text not null,
  day date not null,
  last_number integer not null,
  primary key (city_id, series, day)
);
comment on table number_series is 'Counters behind report and case numbers, taken under a row lock.';
