-- Reasons of blind spots by either ruler, the least width of parks, whom a rule of reach is about, and stretches of road along some buildings only.
alter table coverage_blind_spots
  drop constraint coverage_blind_spots_reason_check,
  add constraint coverage_blind_spots_reason_check check (reason in ('nothing_near', 'too_small', 'shut', 'data_missing', 'barrier', 'entrance_far', 'detour', 'no_entrance', 'off_network', 'disconnected')),
  add column cause_public_id uuid,
  add column cause_name text,
  add column cause_area_m2 double precision,
  add column cause_distance_meters double precision;
comment on column coverage_blind_spots.cause_public_id is 'The facility that would serve the spot if it counted: the small one, the closed one, the one of which data are missing.';

alter table green_reach_rules
  add column demand text not null default 'population' constraint green_reach_rules_demand_check check (demand in ('population', 'elders', 'children')),
  add column min_width_meters double precision constraint green_reach_rules_width_check check (min_width_meters > 0);
comment on column green_reach_rules.demand is 'Who has to be within reach: all residents, or a group of them.';
comment on column green_reach_rules.min_width_meters is 'A park counts where a circle of this diameter lies within it; null where the rule asks for no width.';

alter table spacing_rules add column frontage jsonb;
comment on column spacing_rules.frontage is 'Only stretches along buildings of these classes: classes, how near, and the least length of a stretch, metres; null for whole roads.';
