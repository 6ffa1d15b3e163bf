-- Facilities stored as points: how far from a path they may stand, and still be walked up to.
-- What was computed under earlier versions entered points as gates; a backup made before does not say.
alter table walking_settings add column point_tolerance_meters double precision not null default 30
  constraint walking_settings_point_check check (point_tolerance_meters > 0);
update walking_settings set point_tolerance_meters = gate_tolerance_meters;
comment on column walking_settings.point_tolerance_meters is 'A facility stored as a point, often in the middle of its plot or building, is walked up to from the nearest path that is no bridge or tunnel and no farther away than this; that way counts as part of the walk, as it does for homes.';
insert into walking_settings (version, home_tolerance_meters, gate_tolerance_meters, point_tolerance_meters, open_edge_spacing_meters, scrap_share, far_limit_meters, adult_meters_per_minute, elder_meters_per_minute, source, verified, effective_from)
select 2, home_tolerance_meters, gate_tolerance_meters, 150, open_edge_spacing_meters, scrap_share, far_limit_meters, adult_meters_per_minute, elder_meters_per_minute,
  '步行速度：成人 80 m/min、老人 60 m/min；其余为本系统缺省；点设施与住处同一容差 Pace: adults 80 m/min, elders 60 m/min; the others are defaults of this system; facilities stored as points have the tolerance of homes', false, '2026-11-01'
from walking_settings where city_id is null and version = 1;
