-- The city's features. Every table carries the same first columns; geometry is CGCS2000 (EPSG:4490), metres are measured in the city's own system.

create table administrative_areas (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  level text not null constraint administrative_areas_level_check check (level in ('county', 'street', 'community')),
  code text not null,
  parent_code text,
  name text not null,
  population integer,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table administrative_areas is 'County, street and community areas with 12-digit codes; ended rows keep history.';
create unique index administrative_areas_live_key on administrative_areas (layer_id, source_key) where valid_to is null;
create index administrative_areas_geom_idx on administrative_areas using gist (geom) where valid_to is null;
create index administrative_areas_code_idx on administrative_areas (city_id, code) where valid_to is null;
create index administrative_areas_name_idx on administrative_areas (city_id, name) where valid_to is null and name is not null;
create index administrative_areas_city_idx on administrative_areas (city_id, layer_id) where valid_to is null;

create table unit_grids (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text not null,
  name text,
  community_code text not null,
  street_code text not null,
  county_code text not null,
  grade text constraint unit_grids_grade_check check (grade in ('A', 'B', 'C')),
  status text not null default 'valid' constraint unit_grids_status_check check (status in ('valid', 'abolished')),
  grid_version integer not null default 1,
  population integer,
  owner_name text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table unit_grids is '单元网格: 15-digit codes, versioned by validity; a code is never used again.';
create unique index unit_grids_live_key on unit_grids (layer_id, source_key) where valid_to is null;
create index unit_grids_geom_idx on unit_grids using gist (geom) where valid_to is null;
create index unit_grids_code_idx on unit_grids (city_id, code) where valid_to is null;
create index unit_grids_name_idx on unit_grids (city_id, name) where valid_to is null and name is not null;
create index unit_grids_city_idx on unit_grids (city_id, layer_id) where valid_to is null;

create table green_spaces (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  scheme_id text not null default 'CJJT85-2017',
  class_code text,
  name text,
  counts_as_activity_site boolean not null default true,
  access text not null default 'open' constraint green_spaces_access_check check (access in ('open', 'ticketed', 'closed')),
  green_ratio real,
  owner_name text,
  built_year integer,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table green_spaces is 'Green land by CJJ/T 85-2017 class.';
create unique index green_spaces_live_key on green_spaces (layer_id, source_key) where valid_to is null;
create index green_spaces_geom_idx on green_spaces using gist (geom) where valid_to is null;
create index green_spaces_name_idx on green_spaces (city_id, name) where valid_to is null and name is not null;
create index green_spaces_city_idx on green_spaces (city_id, layer_id) where valid_to is null;

create table built_up_areas (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table built_up_areas is '建成区.';
create unique index built_up_areas_live_key on built_up_areas (layer_id, source_key) where valid_to is null;
create index built_up_areas_geom_idx on built_up_areas using gist (geom) where valid_to is null;
create index built_up_areas_name_idx on built_up_areas (city_id, name) where valid_to is null and name is not null;
create index built_up_areas_city_idx on built_up_areas (city_id, layer_id) where valid_to is null;

create table historic_districts (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table historic_districts is '历史文化街区.';
create unique index historic_districts_live_key on historic_districts (layer_id, source_key) where valid_to is null;
create index historic_districts_geom_idx on historic_districts using gist (geom) where valid_to is null;
create index historic_districts_name_idx on historic_districts (city_id, name) where valid_to is null and name is not null;
create index historic_districts_city_idx on historic_districts (city_id, layer_id) where valid_to is null;

create table residential_areas (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  name text,
  population integer,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table residential_areas is 'Residential land parcels 居住用地.';
create unique index residential_areas_live_key on residential_areas (layer_id, source_key) where valid_to is null;
create index residential_areas_geom_idx on residential_areas using gist (geom) where valid_to is null;
create index residential_areas_code_idx on residential_areas (city_id, code) where valid_to is null;
create index residential_areas_name_idx on residential_areas (city_id, name) where valid_to is null and name is not null;
create index residential_areas_city_idx on residential_areas (city_id, layer_id) where valid_to is null;

create table water_bodies (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  class text not null default 'water',
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table water_bodies is 'Rivers, lakes and ponds.';
create unique index water_bodies_live_key on water_bodies (layer_id, source_key) where valid_to is null;
create index water_bodies_geom_idx on water_bodies using gist (geom) where valid_to is null;
create index water_bodies_name_idx on water_bodies (city_id, name) where valid_to is null and name is not null;
create index water_bodies_city_idx on water_bodies (city_id, layer_id) where valid_to is null;

create table terrain_areas (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  class text not null default 'hill',
  level integer,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table terrain_areas is 'Hills and woods outside the built-up area, for the basemap.';
create unique index terrain_areas_live_key on terrain_areas (layer_id, source_key) where valid_to is null;
create index terrain_areas_geom_idx on terrain_areas using gist (geom) where valid_to is null;
create index terrain_areas_name_idx on terrain_areas (city_id, name) where valid_to is null and name is not null;
create index terrain_areas_city_idx on terrain_areas (city_id, layer_id) where valid_to is null;

create table leftover_plots (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  name text,
  class text not null default 'leftover',
  ownership text,
  land_use text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table leftover_plots is '边角地、闲置地、废弃地: candidate sites.';
create unique index leftover_plots_live_key on leftover_plots (layer_id, source_key) where valid_to is null;
create index leftover_plots_geom_idx on leftover_plots using gist (geom) where valid_to is null;
create index leftover_plots_code_idx on leftover_plots (city_id, code) where valid_to is null;
create index leftover_plots_name_idx on leftover_plots (city_id, name) where valid_to is null and name is not null;
create index leftover_plots_city_idx on leftover_plots (city_id, layer_id) where valid_to is null;

create table green_lines (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  name text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table green_lines is '城市绿线 control boundaries.';
create unique index green_lines_live_key on green_lines (layer_id, source_key) where valid_to is null;
create index green_lines_geom_idx on green_lines using gist (geom) where valid_to is null;
create index green_lines_code_idx on green_lines (city_id, code) where valid_to is null;
create index green_lines_name_idx on green_lines (city_id, name) where valid_to is null and name is not null;
create index green_lines_city_idx on green_lines (city_id, layer_id) where valid_to is null;

create table population_cells (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  population double precision,
  elders double precision,
  children double precision,
  area_m2 double precision,
  geom geometry(Geometry, 4490) not null
);
comment on table population_cells is 'Population of an area or a point; elders (65+) and children (0-14) apart.';
create unique index population_cells_live_key on population_cells (layer_id, source_key) where valid_to is null;
create index population_cells_geom_idx on population_cells using gist (geom) where valid_to is null;
create index population_cells_code_idx on population_cells (city_id, code) where valid_to is null;
create index population_cells_city_idx on population_cells (city_id, layer_id) where valid_to is null;

create table buildings (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  class text,
  height_meters real,
  floors integer,
  population double precision,
  elders double precision,
  children double precision,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table buildings is 'Building footprints with height and, where known, residents.';
create unique index buildings_live_key on buildings (layer_id, source_key) where valid_to is null;
create index buildings_geom_idx on buildings using gist (geom) where valid_to is null;
create index buildings_name_idx on buildings (city_id, name) where valid_to is null and name is not null;
create index buildings_city_idx on buildings (city_id, layer_id) where valid_to is null;

create table roads (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  name text,
  name_en text,
  class text not null,
  width_meters real,
  is_bridge boolean not null default false,
  length_meters double precision not null,
  geom geometry(MultiLineString, 4490) not null
);
comment on table roads is 'Road and railway centre lines.';
create unique index roads_live_key on roads (layer_id, source_key) where valid_to is null;
create index roads_geom_idx on roads using gist (geom) where valid_to is null;
create index roads_name_idx on roads (city_id, name) where valid_to is null and name is not null;
create index roads_city_idx on roads (city_id, layer_id) where valid_to is null;

create table facilities (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  class text not null,
  name text,
  address text,
  capacity double precision,
  level text,
  access text not null default 'open',
  owner_name text,
  geom geometry(Geometry, 4490) not null
);
comment on table facilities is 'Public facilities by class: toilets, schools, shelters, clinics ...';
create unique index facilities_live_key on facilities (layer_id, source_key) where valid_to is null;
create index facilities_geom_idx on facilities using gist (geom) where valid_to is null;
create index facilities_code_idx on facilities (city_id, code) where valid_to is null;
create index facilities_name_idx on facilities (city_id, name) where valid_to is null and name is not null;
create index facilities_city_idx on facilities (city_id, layer_id) where valid_to is null;

create table parts (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  code text,
  scheme_id text not null,
  class_code text not null,
  name text,
  state text not null default 'intact' constraint parts_state_check check (state in ('intact', 'damaged', 'lost', 'occupied', 'abandoned')),
  department text,
  maintainer text,
  grid_code text,
  geom geometry(Geometry, 4490) not null
);
comment on table parts is '部件: 16-digit code, class within a scheme, state, department.';
create unique index parts_live_key on parts (layer_id, source_key) where valid_to is null;
create index parts_geom_idx on parts using gist (geom) where valid_to is null;
create index parts_code_idx on parts (city_id, code) where valid_to is null;
create index parts_name_idx on parts (city_id, name) where valid_to is null and name is not null;
create index parts_city_idx on parts (city_id, layer_id) where valid_to is null;

create unique index administrative_areas_code_key on administrative_areas (city_id, layer_id, code) where valid_to is null;
create unique index unit_grids_code_key on unit_grids (city_id, code) where valid_to is null;
create unique index parts_code_key on parts (city_id, scheme_id, code) where valid_to is null and code is not null;

create table green_entrances (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  green_space_id bigint not null references green_spaces on delete restrict,
  method text not null default 'given' constraint green_entrances_method_check check (method in ('given', 'derived', 'edited')),
  name text,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  geom geometry(Point, 4490) not null
);
create index green_entrances_green_space_idx on green_entrances (green_space_id) where valid_to is null;
comment on table green_entrances is 'Gates of parks: given by a source, derived from paths, or edited by hand (edits win).';

create table path_nodes (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  geom geometry(Point, 4490) not null,
  constraint path_nodes_source_key unique (layer_id, source_key)
);
create index path_nodes_geom_idx on path_nodes using gist (geom);

create table path_edges (
  id bigint generated always as identity primary key,
  public_id uuid not null unique,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint not null references layers on delete restrict,
  source_key text not null,
  content_hash text not null,
  outside_city boolean not null default false,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  version integer not null default 1,
  attributes jsonb not null default '{}',
  source_node_id bigint not null references path_nodes on delete restrict,
  target_node_id bigint not null references path_nodes on delete restrict,
  kind text not null default 'path',
  barrier text,
  one_way boolean not null default false,
  length_meters double precision not null,
  geom geometry(LineString, 4490) not null
);
comment on table path_edges is 'Walkable network: edges between path_nodes, with kind (street, path, bridge, crossing, steps ...) and the barrier it passes, if any.';
create unique index path_edges_live_key on path_edges (layer_id, source_key) where valid_to is null;
create index path_edges_geom_idx on path_edges using gist (geom) where valid_to is null;
create index path_edges_city_idx on path_edges (city_id, layer_id) where valid_to is null;
