-- What a green index has to reach, by which standard. Loaded from data/standards; a correction is a new version, never an edit.
create table green_indicator_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint green_indicator_rules_public_id_key unique,
  indicator text not null,
  code text not null,
  version integer not null,
  comparison text not null constraint green_indicator_rules_comparison_check check (comparison in ('above', 'at_least')),
  threshold double precision not null constraint green_indicator_rules_threshold_check check (threshold >= 0),
  title_zh text not null,
  title_en text not null,
  standard text not null,
  clause text not null,
  source text not null,
  confidence text not null constraint green_indicator_rules_confidence_check check (confidence in ('high', 'medium', 'low')),
  verified boolean not null,
  note text,
  content_hash text not null,
  effective_from date,
  created_at timestamptz not null default now(),
  constraint green_indicator_rules_code_key unique (code, version)
);
comment on table green_indicator_rules is 'Thresholds of green indices with their standards; of each code the newest version is in force.';
comment on column green_indicator_rules.threshold is 'In the unit of the index: m² per person, a share of 1, a number or kilometres per 10,000 people.';
