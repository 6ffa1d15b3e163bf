-- Mends of blind spots: where they are looked for, and what each kind takes against the others.
create table mend_settings (
  id bigint generated always as identity primary key,
  city_id bigint references cities on delete restrict,
  version integer not null,
  gate_spacing_meters double precision not null constraint mend_settings_gate_spacing_check check (gate_spacing_meters > 0),
  gate_least_meters double precision not null constraint mend_settings_gate_least_check check (gate_least_meters >= 0),
  crossing_greatest_meters double precision not null constraint mend_settings_crossing_check check (crossing_greatest_meters > 0),
  crossing_least_ratio double precision not null constraint mend_settings_ratio_check check (crossing_least_ratio >= 1),
  path_greatest_meters double precision not null constraint mend_settings_path_check check (path_greatest_meters > 0),
  apart_meters double precision not null constraint mend_settings_apart_check check (apart_meters >= 0),
  most integer not null constraint mend_settings_most_check check (most between 1 and 100000),
  most_joins integer not null constraint mend_settings_joins_check check (most_joins between 0 and 100),
  listed integer not null constraint mend_settings_listed_check check (listed between 1 and 500),
  turns integer not null constraint mend_settings_turns_check check (turns between 0 and 50),
  turns_from integer not null constraint mend_settings_turns_from_check check (turns_from between 1 and 1000),
  efforts jsonb not null,
  source text not null,
  verified boolean not null,
  effective_from date not null,
  constraint mend_settings_version_key unique nulls not distinct (city_id, version)
);
comment on table mend_settings is 'Where mends of blind spots are looked for and what each kind takes; the city''s newest version, else the default (city_id null).';
comment on column mend_settings.gate_spacing_meters is 'Places for a gate are tried so far apart along a boundary.';
comment on column mend_settings.gate_least_meters is 'No gate is proposed nearer than this to one that is there.';
comment on column mend_settings.crossing_greatest_meters is 'Longest crossing of a barrier that is proposed.';
comment on column mend_settings.crossing_least_ratio is 'The walk round is this many times the crossing at least.';
comment on column mend_settings.apart_meters is 'Of gates of one facility, and of crossings of one barrier, nearer to each other than this only the best is told.';
comment on column mend_settings.most is 'Candidates of a kind that are computed; those with the most unserved people about them first.';
comment on column mend_settings.most_joins is 'Paths that join a cut-off part, each of which takes a whole run.';
comment on column mend_settings.turns is 'Mends that are taken one after the other, chosen among the first turns_from.';
comment on column mend_settings.efforts is 'By kind: base for each, per_step for every step of metres (ways) or square metres (plots); units of its own.';
insert into mend_settings (version, gate_spacing_meters, gate_least_meters, crossing_greatest_meters, crossing_least_ratio, path_greatest_meters, apart_meters, most, most_joins, listed, turns, turns_from, efforts, source, verified, effective_from)
values (1, 25, 50, 200, 4, 200, 150, 4000, 5, 100, 10, 100,
  '{"gate": {"base": 1, "perStep": 0, "step": 0}, "open": {"base": 2, "perStep": 0, "step": 0}, "path": {"base": 1, "perStep": 2, "step": 100}, "facility": {"base": 4, "perStep": 2, "step": 1000}, "crossing": {"base": 10, "perStep": 20, "step": 100}}',
  '本系统假定：开一处出入口为 1，其余为其相对倍数，非造价 Assumed by this system: opening a gate is 1, the others are multiples of it; no construction costs', false, '2026-01-01');
