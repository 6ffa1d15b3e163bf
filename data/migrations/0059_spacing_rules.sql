-- How far apart facilities may stand along roads, by kind of facility and class of road. Loaded from data/standards; a correction is a new version, never an edit.
create table spacing_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint spacing_rules_public_id_key unique,
  code text not null,
  version integer not null,
  title_zh text not null,
  title_en text not null,
  facility_classes text[] not null,
  part_classes text[] not null,
  road_classes text[] not null,
  median_classes text[] not null,
  limit_meters double precision not null constraint spacing_rules_limit_check check (limit_meters > 0),
  within_meters double precision not null constraint spacing_rules_within_check check (within_meters > 0),
  standard text not null,
  clause text not null,
  source text not null,
  confidence text not null constraint spacing_rules_confidence_check check (confidence in ('high', 'medium', 'low')),
  verified boolean not null,
  note text,
  content_hash text not null,
  effective_from date,
  created_at timestamptz not null default now(),
  constraint spacing_rules_code_key unique (code, version)
);
comment on table spacing_rules is 'Spacing of facilities along roads; of each code the newest version is in force.';
comment on column spacing_rules.facility_classes is 'Classes of facilities that count; part_classes those of parts.';
comment on column spacing_rules.median_classes is 'Classes of roads that are taken to have a median: their sides are told apart, as are those of roads that state one.';
comment on column spacing_rules.within_meters is 'A facility farther from a road than this does not stand beside it.';
