-- Park tiers and international comparators: who is within reach of which green, and how much of it there is for each. Loaded from data/standards; a correction is a new version, never an edit.
create table green_reach_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint green_reach_rules_public_id_key unique,
  code text not null,
  version integer not null,
  block text not null constraint green_reach_rules_block_check check (block in ('tiers', 'comparators')),
  family text not null,
  title_zh text not null,
  title_en text not null,
  classes text[] not null,
  bands jsonb not null,
  rulers text[] not null constraint green_reach_rules_rulers_check check (rulers <@ array['straight', 'walk']),
  least_share double precision constraint green_reach_rules_share_check check (least_share between 0 and 1),
  per_person jsonb,
  not_held_zh text,
  not_held_en text,
  status text not null constraint green_reach_rules_status_check check (status in ('current', 'superseded')),
  standard text not null,
  clause text not null,
  source text not null,
  confidence text not null constraint green_reach_rules_confidence_check check (confidence in ('high', 'medium', 'low')),
  verified boolean not null,
  note text,
  content_hash text not null,
  effective_from date,
  created_at timestamptz not null default now(),
  constraint green_reach_rules_code_key unique (code, version)
);
comment on table green_reach_rules is 'Park tiers and international comparators with their sources; of each code the newest version is in force.';
comment on column green_reach_rules.classes is 'Beginnings of the class codes of the green that counts.';
comment on column green_reach_rules.bands is 'Sizes that count and how far each reaches, metres; empty for a rule that is about amounts alone.';
comment on column green_reach_rules.per_person is 'Square metres due to one person, and the sizes of the green that is summed for it; null where nothing is due.';
comment on column green_reach_rules.not_held_zh is 'Of what data nothing of a city tells, where the rule cannot be answered.';
