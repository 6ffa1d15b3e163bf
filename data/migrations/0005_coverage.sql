-- Coverage runs: a job's state, its passport, its ratios per unit, its blind spots and its served area.
create table coverage_runs (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint coverage_runs_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  key text not null,
  input jsonb not null,
  engine_version text not null,
  status text not null constraint coverage_runs_status_check check (status in ('waiting', 'running', 'finished', 'failed', 'cancelled')),
  stage text not null default 'waiting',
  percent real not null default 0,
  attempt integer not null default 0,
  summary jsonb,
  passport jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index coverage_runs_key on coverage_runs (city_id, key) where status in ('waiting', 'running', 'finished');
create index coverage_runs_city_idx on coverage_runs (city_id, id desc);

create table coverage_units (
  run_id bigint not null references coverage_runs on delete restrict,
  level text not null constraint coverage_units_level_check check (level in ('city', 'county', 'street', 'community', 'cell')),
  demand text not null constraint coverage_units_demand_check check (demand in ('residential', 'population', 'buildings')),
  code text not null,
  name text,
  covered double precision not null,
  total double precision not null,
  primary key (run_id, demand, level, code)
);
comment on table coverage_units is 'Numerator and denominator per unit and demand; the ratio is always derived, and has no value when total is 0.';

create table coverage_blind_spots (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint coverage_blind_spots_public_id_key unique,
  run_id bigint not null references coverage_runs on delete restrict,
  rank integer not null,
  area_m2 double precision not null,
  residential_m2 double precision not null,
  people double precision,
  people_method text not null,
  community_code text,
  community_name text,
  street_name text,
  nearest_public_id uuid,
  nearest_name text,
  nearest_distance_meters double precision,
  geom geometry(MultiPolygon, 4490) not null,
  constraint coverage_blind_spots_rank_key unique (run_id, rank)
);
create index coverage_blind_spots_geom_idx on coverage_blind_spots using gist (geom);

create table coverage_areas (
  run_id bigint not null references coverage_runs on delete restrict,
  part integer not null,
  geom geometry(MultiPolygon, 4490) not null,
  primary key (run_id, part)
);
comment on table coverage_areas is 'The served area of a run, in pieces, for display and area; membership is never computed from it.';
