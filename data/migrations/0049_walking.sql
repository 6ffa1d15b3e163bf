-- The second ruler: the walking network instead of the straight line.
create table walking_settings (
  id bigint generated always as identity primary key,
  city_id bigint references cities on delete restrict,
  version integer not null,
  home_tolerance_meters double precision not null constraint walking_settings_home_check check (home_tolerance_meters > 0),
  gate_tolerance_meters double precision not null constraint walking_settings_gate_check check (gate_tolerance_meters > 0),
  open_edge_spacing_meters double precision not null constraint walking_settings_spacing_check check (open_edge_spacing_meters > 0),
  scrap_share double precision not null constraint walking_settings_scrap_check check (scrap_share between 0 and 1),
  far_limit_meters double precision not null constraint walking_settings_far_check check (far_limit_meters > 0),
  adult_meters_per_minute double precision not null constraint walking_settings_adult_check check (adult_meters_per_minute > 0),
  elder_meters_per_minute double precision not null constraint walking_settings_elder_check check (elder_meters_per_minute > 0),
  source text not null,
  verified boolean not null,
  effective_from date not null,
  constraint walking_settings_version_key unique nulls not distinct (city_id, version)
);
comment on table walking_settings is 'What the walking ruler assumes; the city''s newest version, else the default (city_id null).';
comment on column walking_settings.home_tolerance_meters is 'A home farther than this from every path is off the network.';
comment on column walking_settings.gate_tolerance_meters is 'A gate farther than this from every path that is no bridge or tunnel is not placed.';
comment on column walking_settings.open_edge_spacing_meters is 'Where neither a gate is known nor a path crosses the boundary, the boundary is entered at points so far apart that lie beside a path.';
comment on column walking_settings.scrap_share is 'A connected part with fewer nodes than this share of the largest is a scrap.';
comment on column walking_settings.far_limit_meters is 'How far the walk to the nearest facility is looked for where it is not within the radius.';
insert into walking_settings (version, home_tolerance_meters, gate_tolerance_meters, open_edge_spacing_meters, scrap_share, far_limit_meters, adult_meters_per_minute, elder_meters_per_minute, source, verified, effective_from)
values (1, 150, 30, 50, 0.1, 5000, 80, 60, '步行速度：成人 80 m/min、老人 60 m/min；其余为本系统缺省 Pace: adults 80 m/min, elders 60 m/min; the others are defaults of this system', false, '2026-01-01');

alter table coverage_blind_spots
  add column reason text constraint coverage_blind_spots_reason_check check (reason in ('nothing_near', 'too_small', 'shut', 'barrier', 'entrance_far', 'detour', 'no_entrance', 'off_network', 'disconnected')),
  add column walked_meters double precision,
  add column barrier_class text,
  add column barrier_name text;
comment on column coverage_blind_spots.reason is 'Why the home with the most people in it is not served; null for runs by the straight line.';
comment on column coverage_blind_spots.walked_meters is 'From that home to the nearest facility that counts, over the network; null beyond the limit.';
comment on column coverage_blind_spots.barrier_class is 'What the straight way crosses that the walk goes round: a class of water or of roads.';

create table coverage_reached_edges (
  run_id bigint not null references coverage_runs on delete restrict,
  part integer not null,
  path_edge_id bigint not null references path_edges on delete restrict,
  from_fraction double precision not null,
  to_fraction double precision not null,
  primary key (run_id, part),
  constraint coverage_reached_edges_fraction_check check (0 <= from_fraction and from_fraction < to_fraction and to_fraction <= 1)
);
comment on table coverage_reached_edges is 'Streets within the walk of a run by the walking network, for display; membership is never computed from it.';
