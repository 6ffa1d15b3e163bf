-- Working calendars, limits of the stages, and the clocks of each case. Rules grow by version; nothing is overwritten.
create table work_calendars (
  id bigint generated always as identity primary key,
  -- Null: a default. Of those, the one of the city's time zone goes before the one of any zone.
  city_id bigint references cities on delete restrict,
  time_zone text,
  version integer not null constraint work_calendars_version_check check (version >= 1),
  effective_from date not null default '1900-01-01',
  weekdays smallint[] not null,
  slots jsonb not null,
  holidays jsonb not null,
  extra_workdays jsonb not null,
  work_day_ends text not null constraint work_calendars_work_day_ends_check check (work_day_ends in ('same_time', 'end_of_day')),
  years smallint[] not null,
  source text not null,
  verified boolean not null,
  content_hash text,
  created_by text not null default '系统',
  created_at timestamptz not null default now(),
  constraint work_calendars_owner_check check (city_id is null or time_zone is null),
  constraint work_calendars_version_key unique nulls not distinct (city_id, time_zone, version)
);
comment on table work_calendars is 'When a city works: weekdays, hours by date range, days off and days worked in exchange (调休). The highest version in effect counts.';
comment on column work_calendars.years is 'Years whose public holidays the calendar knows; limits that reach beyond them go by weekdays only.';
insert into work_calendars (version, weekdays, slots, holidays, extra_workdays, work_day_ends, years, source, verified)
values (1, '{1,2,3,4,5}', '[{"from": null, "to": null, "hours": ["08:00-12:00", "14:00-18:00"]}]', '[]', '[]', 'same_time', '{}',
  '默认：周一至周五，无节假日 · Default: Monday to Friday, no holidays known', false);

create table stage_limits (
  id bigint generated always as identity primary key,
  city_id bigint references cities on delete restrict,
  version integer not null constraint stage_limits_version_check check (version >= 1),
  stage text not null constraint stage_limits_stage_check check (stage in ('accept', 'verify', 'file', 'dispatch', 'return_window', 'dispose', 'check', 'close', 'total')),
  amount numeric(8, 2) not null constraint stage_limits_amount_check check (amount > 0),
  unit text not null constraint stage_limits_unit_check check (unit in ('urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'natural_day')),
  source text not null,
  verified boolean not null,
  created_by text not null default '系统',
  created_at timestamptz not null default now(),
  constraint stage_limits_stage_key unique nulls not distinct (city_id, version, stage)
);
comment on table stage_limits is 'Limits of the stages; a city''s highest version stands in for the default as a whole. A stage without a row has a clock without an end; dispose goes by the filing condition first.';
insert into stage_limits (version, stage, amount, unit, source, verified)
select 1, stage, amount, unit, '常见取值，由各市自定 · Usual figures that each city sets for itself', false
from (values ('accept', 0.25, 'work_hour'), ('verify', 2, 'work_hour'), ('file', 0.5, 'work_hour'), ('dispatch', 0.5, 'work_hour'),
  ('return_window', 2, 'work_hour'), ('check', 4, 'work_hour'), ('close', 1, 'work_hour')) as given (stage, amount, unit);

create table clock_rules (
  id bigint generated always as identity primary key,
  city_id bigint references cities on delete restrict,
  version integer not null constraint clock_rules_version_check check (version >= 1),
  blue_share numeric(4, 2) not null,
  amber_share numeric(4, 2) not null,
  dark_red_share numeric(4, 2) not null,
  rework_timer text not null constraint clock_rules_rework_timer_check check (rework_timer in ('new', 'remaining')),
  supervises_overdue boolean not null,
  supervises_about_to_be_overdue boolean not null,
  source text not null,
  verified boolean not null,
  created_by text not null default '系统',
  created_at timestamptz not null default now(),
  constraint clock_rules_shares_check check (0 < blue_share and blue_share < amber_share and amber_share < 1 and dark_red_share > 1),
  constraint clock_rules_version_key unique nulls not distinct (city_id, version)
);
comment on table clock_rules is 'At which share of a limit a light changes, what a rework does to the limit of handling, and what the clock supervises by itself.';
insert into clock_rules (version, blue_share, amber_share, dark_red_share, rework_timer, supervises_overdue, supervises_about_to_be_overdue, source, verified)
values (1, 0.5, 0.8, 2, 'new', true, true, '默认灯色阈值，由各市自定 · Default thresholds that each city sets for itself', false);

create table case_clocks (
  incident_id bigint not null references incidents on delete restrict,
  stage text not null constraint case_clocks_stage_check check (stage in ('accept', 'verify', 'file', 'dispatch', 'return_window', 'dispose', 'check', 'close', 'total')),
  round integer not null constraint case_clocks_round_check check (round >= 1),
  started_at timestamptz not null,
  limit_amount numeric(8, 2),
  limit_unit text constraint case_clocks_limit_unit_check check (limit_unit in ('urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'natural_day')),
  original_due_at timestamptz,
  due_at timestamptz,
  -- Instants at which the light changes, worked out over the calendar once, so that reading a light is comparing instants.
  blue_at timestamptz,
  amber_at timestamptz,
  dark_red_at timestamptz,
  paused_at timestamptz,
  paused_milliseconds bigint not null default 0,
  stopped_at timestamptz,
  is_exempt boolean not null default false,
  about_to_be_overdue_raised_at timestamptz,
  overdue_raised_at timestamptz,
  primary key (incident_id, stage, round),
  constraint case_clocks_limit_check check ((limit_amount is null) = (limit_unit is null)),
  constraint case_clocks_marks_check check ((due_at is null) = (original_due_at is null) and (due_at is null) = (blue_at is null) and (due_at is null) = (amber_at is null) and (due_at is null) = (dark_red_at is null)),
  constraint case_clocks_order_check check (blue_at <= amber_at and amber_at <= due_at and due_at <= dark_red_at)
);
comment on table case_clocks is 'One clock per stage and round of a case. Deadlines once given stay when a calendar or a limit changes later.';
comment on column case_clocks.paused_milliseconds is 'Rests that have ended, counted in the clock''s own time: working time for working units.';
comment on column case_clocks.paused_at is 'Begin of the rest going on; stays on a clock that was stopped while it rested.';
create index case_clocks_overdue_idx on case_clocks (due_at) where stage = 'dispose' and stopped_at is null and paused_at is null and overdue_raised_at is null;
create index case_clocks_about_to_be_overdue_idx on case_clocks (amber_at) where stage = 'dispose' and stopped_at is null and paused_at is null and about_to_be_overdue_raised_at is null;
