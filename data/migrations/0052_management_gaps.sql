-- What a management gap is judged by: days, months, distances and the count model's bounds. A correction is a new version, never an edit.
create table gap_rules (
  id bigint generated always as identity primary key,
  city_id bigint references cities on delete restrict,
  name text not null constraint gap_rules_name_check check (name in (
    'reporting_period_days', 'reporting_tail_share', 'reporting_least_expected', 'reporting_communities_per_parameter',
    'attention_days', 'data_old_months', 'data_place_meters', 'responsibility_uncovered_share')),
  version integer not null,
  value double precision not null constraint gap_rules_value_check check (value >= 0),
  source text not null,
  verified boolean not null default false,
  created_at timestamptz not null default now(),
  constraint gap_rules_version_key unique nulls not distinct (city_id, name, version)
);
comment on table gap_rules is 'Numbers by which management gaps are judged; of each name the city''s newest version is in force, else the common one.';
comment on column gap_rules.value is 'In the unit of its name: days, months, metres, cases, or a share of 1.';
insert into gap_rules (name, version, value, source) values
  ('reporting_period_days', 1, 90, '平台建议，待城市核定：统计近 90 日上报的案件 proposal: cases reported in the last 90 days'),
  ('reporting_tail_share', 1, 0.05, '平台建议，待城市核定：低于计数模型第 5 百分位为漏报疑似，即双侧 90 % 区间的下限 proposal: below the 5th percentile of the count model, the lower bound of a two-sided 90 % interval'),
  ('reporting_least_expected', 1, 5, '期望数不足 5 不判断：期望小于 3 时，一件未报的概率已超过 5 %（泊松 e^-3 = 0.0498） nothing is said below 5 expected cases: below 3, none at all has a probability above 5 % (Poisson, e^-3 = 0.0498)'),
  ('reporting_communities_per_parameter', 1, 10, '回归经验规则：每个参数不少于 10 个观测（Harrell, Regression Modeling Strategies, 4.4） at least 10 observations a parameter (Harrell, Regression Modeling Strategies, 4.4)'),
  ('attention_days', 1, 30, '平台建议，待城市核定：30 日无核查 proposal: no check for 30 days'),
  ('data_old_months', 1, 12, '平台建议，待城市核定：部件与基础数据每年更新一次 proposal: parts and base data are renewed once a year'),
  ('data_place_meters', 1, 10, '平台建议，待城市核定：定位误差 10 米以内不判为错位 proposal: within 10 m of the stated unit is within the error of positions'),
  ('responsibility_uncovered_share', 1, 0.05, '平台建议，待城市核定：社区面积 5 % 以上不在任何单元网格内 proposal: more than 5 % of a community''s land is in none of its cells');

-- The last check of each cell is asked for over every case there has been: checks alone, in order of their cases.
create index incident_flow_checks_idx on incident_flow (incident_id, at) where action in ('check_passed', 'check_failed') or (action = 'rework' and from_state = 'checking');
