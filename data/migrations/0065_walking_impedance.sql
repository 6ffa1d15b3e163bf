-- Slopes and stairs as a cost of walking, where a question asks for it; what stands on a bridge or in a tunnel whatever its kind.
alter table path_edges
  add column structure text constraint path_edges_structure_check check (structure in ('bridge', 'tunnel')),
  add column rise_meters double precision;
comment on column path_edges.structure is 'On a bridge or in a tunnel, where nobody steps off; null on the ground. The kinds bridge, tunnel and underpass say the same.';
comment on column path_edges.rise_meters is 'Rise from the first end to the last, below zero where it falls; null where no height is known, and then walked as level ground.';

alter table walking_settings
  add column slope_decay double precision not null default 3.5 constraint walking_settings_slope_decay_check check (slope_decay > 0),
  add column slope_easiest double precision not null default 0.05 constraint walking_settings_slope_easiest_check check (slope_easiest >= 0),
  add column stairs_factor double precision not null default 2 constraint walking_settings_stairs_check check (stairs_factor >= 1),
  add column impedance_source text not null default '坡度：Tobler 1993 徒步函数（衰减 3.5，最省力坡度 −5 %），以平路步速为准；台阶慢行倍数 2 为本系统假定 Slope: Tobler''s hiking function (1993; decay 3.5, easiest at −5 %), held to the pace on level ground; twice the time on stairs is an assumption of this system';
comment on column walking_settings.slope_decay is 'Tobler''s hiking function: pace × exp(−decay × (|slope + easiest| − easiest)).';
comment on column walking_settings.slope_easiest is 'The gentle way down on which one walks fastest, as rise over length.';
comment on column walking_settings.stairs_factor is 'Time on stairs for each unit of time on a level path of the same length, where a question takes stairs as slower.';
