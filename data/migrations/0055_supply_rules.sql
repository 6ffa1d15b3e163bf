-- How far people go for what, how zones weigh, and how much is due to one person. Loaded from data/standards; a correction is a new version, never an edit.
create table supply_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint supply_rules_public_id_key unique,
  code text not null,
  version integer not null,
  facility text not null,
  supply_by text constraint supply_rules_supply_by_check check (supply_by in ('area', 'capacity', 'count')),
  standard double precision constraint supply_rules_standard_check check (standard >= 0),
  catchment_meters double precision not null constraint supply_rules_catchment_check check (catchment_meters > 0),
  zones jsonb not null,
  title_zh text not null,
  title_en text not null,
  source text not null,
  clause text not null,
  zone_source text not null,
  confidence text not null constraint supply_rules_confidence_check check (confidence in ('high', 'medium', 'low')),
  verified boolean not null,
  note text,
  content_hash text not null,
  effective_from date,
  created_at timestamptz not null default now(),
  constraint supply_rules_code_key unique (code, version)
);
comment on table supply_rules is 'Supply per person: catchments, zone weights and standards with their sources; of each code the newest version is in force.';
comment on column supply_rules.standard is 'Due to one person, in the unit of what is shared out; null where no standard says how much.';
comment on column supply_rules.zones is 'Zones of the enhanced method: ends as shares of the catchment and their weights.';
