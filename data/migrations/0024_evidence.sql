-- What a case stands on: photos as evidence, the facts of its place, its likely duplicates, and classes with a history.

create table case_rules (
  id bigint generated always as identity primary key,
  -- Null: for every city that has no value of its own.
  city_id bigint references cities on delete restrict,
  name text not null constraint case_rules_name_check check (name in (
    'duplicate_distance_meters', 'duplicate_window_hours', 'part_distance_meters', 'permit_distance_meters', 'road_distance_meters',
    'evidence_distance_meters', 'evidence_early_hours', 'suspicious_place_cases', 'suspicious_place_share')),
  version integer not null,
  value double precision not null constraint case_rules_value_check check (value >= 0),
  source text not null,
  verified boolean not null default false,
  created_at timestamptz not null default now(),
  constraint case_rules_version_key unique nulls not distinct (city_id, name, version)
);
comment on table case_rules is 'Numbers by which cases are judged alike, near or odd; a correction is a new version, never an edit.';
insert into case_rules (name, version, value, source) values
  ('duplicate_distance_meters', 1, 50, '某市数字城管实施标准：重复案件提示半径 50 米 duplicate hint of a city in operation'),
  ('duplicate_window_hours', 1, 24, '某市数字城管实施标准：重复案件提示时间 24 小时 duplicate hint of a city in operation'),
  ('part_distance_meters', 1, 15, '平台建议，待城市核定 proposal'),
  ('permit_distance_meters', 1, 15, '平台建议，待城市核定：仅用于点状、线状许可 proposal, for permits drawn as points or lines'),
  ('road_distance_meters', 1, 60, '平台建议，待城市核定 proposal'),
  ('evidence_distance_meters', 1, 100, '平台建议，待城市核定 proposal'),
  ('evidence_early_hours', 1, 24, '平台建议，待城市核定：立案前现场照片最早可早于案件的时间 proposal: how long before its case a photo of the scene may be taken'),
  ('suspicious_place_cases', 1, 20, '平台建议，待城市核定 proposal: cases on one coordinate below which nothing is said'),
  ('suspicious_place_share', 1, 0.02, '平台建议，待城市核定 proposal: share of the cases with a place on one coordinate');

create table case_media (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint case_media_public_id_key unique,
  incident_id bigint not null references incidents on delete restrict,
  kind text not null constraint case_media_kind_check check (kind in ('near', 'far', 'reference', 'before', 'after', 'check', 'other')),
  file_name text not null,
  media_type text not null constraint case_media_type_check check (media_type in ('image/jpeg', 'image/png', 'image/webp', 'image/heic')),
  original_path text not null constraint case_media_original_key unique,
  original_sha256 text not null constraint case_media_sha256_check check (original_sha256 ~ '^[0-9a-f]{64}$'),
  original_bytes bigint not null,
  shown_path text not null constraint case_media_shown_key unique,
  shown_width integer not null,
  shown_height integer not null,
  thumbnail_path text not null constraint case_media_thumbnail_key unique,
  taken_at timestamptz,
  taken_geom geometry(Point, 4490),
  uploaded_by_id bigint references accounts on delete restrict,
  uploaded_by text not null,
  -- The step of the case that this photo is evidence for; set with that step.
  flow_sequence integer,
  created_at timestamptz not null,
  constraint case_media_content_key unique (incident_id, kind, original_sha256),
  constraint case_media_flow_fkey foreign key (incident_id, flow_sequence) references incident_flow (incident_id, sequence) on delete restrict deferrable initially deferred
);
comment on table case_media is 'Photos of a case: the original sealed under its SHA-256, a re-encoded copy and a thumbnail to look at. The file reaches the disk before the row.';

create table permits (
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
  kind text not null default 'other' constraint permits_kind_check check (kind in ('occupation', 'excavation', 'construction', 'advertising', 'greening', 'waste_transport', 'other')),
  holder text,
  issued_by text,
  starts_at timestamptz,
  ends_at timestamptz,
  geom geometry(Geometry, 4490) not null
);
comment on table permits is 'Permits to use public space: 占道, 挖掘, 施工 …; open between starts_at and ends_at (either may be unknown).';
create unique index permits_live_key on permits (layer_id, source_key) where valid_to is null;
create index permits_geom_idx on permits using gist (geom) where valid_to is null;
create index permits_city_idx on permits (city_id, layer_id) where valid_to is null;
create index permits_code_idx on permits (city_id, code) where valid_to is null;
create index permits_name_idx on permits (city_id, name) where valid_to is null and name is not null;

create table control_areas (
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
  kind text not null default 'key_area' constraint control_areas_kind_check check (kind in ('no_report', 'key_area', 'scenic')),
  -- `event:0401,event:04`: small or large classes it is about; null means all.
  classes text,
  starts_at timestamptz,
  ends_at timestamptz,
  -- Minutes of the day, local time; from after to runs over midnight.
  from_minute integer constraint control_areas_from_check check (from_minute between 0 and 1439),
  to_minute integer constraint control_areas_to_check check (to_minute between 0 and 1440),
  tip text,
  area_m2 double precision not null,
  geom geometry(MultiPolygon, 4490) not null
);
comment on table control_areas is '管控区域: key areas, scenic areas, and zones and periods in which some classes are not to be reported, with a tip.';
create unique index control_areas_live_key on control_areas (layer_id, source_key) where valid_to is null;
create index control_areas_geom_idx on control_areas using gist (geom) where valid_to is null;
create index control_areas_city_idx on control_areas (city_id, layer_id) where valid_to is null;
create index control_areas_code_idx on control_areas (city_id, code) where valid_to is null;
create index control_areas_name_idx on control_areas (city_id, name) where valid_to is null and name is not null;

create table grid_owners (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint grid_owners_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  -- A street's or community's 12 digits, or a cell's 15.
  area_code text not null constraint grid_owners_area_code_check check (area_code ~ '^[0-9A-Za-z-]{1,32}$'),
  organisation_id bigint references organisations on delete restrict,
  organisation text not null,
  account_id bigint references accounts on delete restrict,
  person text,
  valid_from timestamptz not null default now(),
  valid_to timestamptz
);
comment on table grid_owners is 'Which organisation and person answer for a cell, community or street; the smallest area that has an owner decides.';
create unique index grid_owners_live_key on grid_owners (city_id, area_code) where valid_to is null;

create table part_compatibilities (
  scheme_id text not null,
  event_code text not null,
  part_code text not null,
  source text not null default '平台建议，待城市核定 proposal',
  verified boolean not null default false,
  primary key (scheme_id, event_code, part_code)
);
comment on table part_compatibilities is 'Which classes of part an event may be on: the nearest such part is linked to the case.';
insert into part_compatibilities (scheme_id, event_code, part_code) values
  ('GBT30428.2-2013', '0110', '0304'), ('GBT30428.2-2013', '0110', '0305'),
  ('GBT30428.2-2013', '0192', '0304'), ('GBT30428.2-2013', '0192', '0305'),
  ('GBT30428.2-2013', '0193', '0305'),
  ('GBT30428.2-2013', '0113', '0284'), ('GBT30428.2-2013', '0113', '0285'), ('GBT30428.2-2013', '0113', '0286'),
  ('GBT30428.2-2013', '0505', '0101'), ('GBT30428.2-2013', '0505', '0102'), ('GBT30428.2-2013', '0505', '0103'), ('GBT30428.2-2013', '0505', '0104'), ('GBT30428.2-2013', '0505', '0106'), ('GBT30428.2-2013', '0505', '0110'), ('GBT30428.2-2013', '0505', '0111'), ('GBT30428.2-2013', '0505', '0114'), ('GBT30428.2-2013', '0505', '0118'), ('GBT30428.2-2013', '0505', '0123'),
  ('GBT30428.2-2013', '0506', '0103'), ('GBT30428.2-2013', '0506', '0104'),
  ('GBT30428.2-2013', '0503', '0102'), ('GBT30428.2-2013', '0503', '0103'), ('GBT30428.2-2013', '0503', '0104'), ('GBT30428.2-2013', '0503', '0118'),
  ('GBT30428.2-2013', '0501', '0101'), ('GBT30428.2-2013', '0501', '0125'),
  ('GBT30428.2-2013', '0502', '0111'), ('GBT30428.2-2013', '0502', '0149'), ('GBT30428.2-2013', '0502', '0157'),
  ('GBT30428.2-2013', '0504', '0110'), ('GBT30428.2-2013', '0504', '0192'),
  ('GBT30428.2-2013', '0508', '0130'), ('GBT30428.2-2013', '0508', '0131'),
  ('GBT30428.2-2013', '0180', '0130'), ('GBT30428.2-2013', '0180', '0131'),
  ('GBT30428.2-2013', '0108', '0130'), ('GBT30428.2-2013', '0108', '0131'),
  ('GBT30428.2-2013', '0201', '0127'), ('GBT30428.2-2013', '0201', '0130'), ('GBT30428.2-2013', '0201', '0131'), ('GBT30428.2-2013', '0201', '0137'), ('GBT30428.2-2013', '0201', '0204'), ('GBT30428.2-2013', '0201', '0306'), ('GBT30428.2-2013', '0201', '0308'),
  ('GBT30428.2-2013', '0203', '0306'),
  ('GBT30428.2-2013', '0206', '0307'),
  ('GBT30428.2-2013', '0117', '0407'), ('GBT30428.2-2013', '0117', '0494'), ('GBT30428.2-2013', '0117', '0495'), ('GBT30428.2-2013', '0117', '0499'),
  ('GBT30428.2-2013', '0121', '0401'), ('GBT30428.2-2013', '0121', '0402'), ('GBT30428.2-2013', '0121', '0499'),
  ('GBT30428.2-2013', '0122', '0401'), ('GBT30428.2-2013', '0122', '0402'),
  ('GBT30428.2-2013', '0191', '0408'), ('GBT30428.2-2013', '0191', '0494'), ('GBT30428.2-2013', '0191', '0495'), ('GBT30428.2-2013', '0191', '0499'),
  ('GBT30428.2-2013', '0399', '0396'),
  ('GBT30428.2-2013', '0493', '0225'),
  ('GBT30428.2-2013', '0410', '0225');

alter table incidents add column facts jsonb;
comment on column incidents.facts is 'What its place said when the case came in: road, green lines, control areas, permits, owner. Null: not looked up yet.';

-- Classes edited by the city itself are its own: a start of the program leaves them alone.
alter table class_schemes add column is_local boolean not null default false;
create table class_scheme_versions (
  scheme_id text not null references class_schemes on delete restrict,
  version integer not null,
  source text not null,
  verified boolean not null,
  changed_by_id bigint references accounts on delete restrict,
  changed_by text not null,
  changed_at timestamptz not null,
  summary text not null,
  changes jsonb not null,
  primary key (scheme_id, version)
);
comment on table class_scheme_versions is 'History of class schemes as edited or imported: who changed what. Conditions that cases were filed under are ended, never removed.';
