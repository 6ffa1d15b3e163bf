-- Reference data under versions: class schemes, filing conditions, service rules. Loaded from data/reference and data/standards.
create table class_schemes (
  id text primary key,
  title_zh text not null,
  title_en text not null,
  source text not null,
  verified boolean not null default false
);

create table case_classes (
  scheme_id text not null references class_schemes on delete restrict,
  kind text not null constraint case_classes_kind_check check (kind in ('part', 'event')),
  code text not null,
  large_code text not null,
  name_zh text not null,
  name_en text not null,
  is_local_extension boolean not null default false,
  default_severity smallint not null default 3 constraint case_classes_severity_check check (default_severity between 1 and 3),
  primary key (scheme_id, kind, code)
);

create table filing_conditions (
  scheme_id text not null,
  kind text not null,
  class_code text not null,
  ordinal smallint not null,
  condition_zh text not null,
  closing_zh text not null,
  limit_amount integer not null,
  limit_unit text not null constraint filing_conditions_unit_check check (limit_unit in ('urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'natural_day')),
  source text not null,
  verified boolean not null default false,
  primary key (scheme_id, kind, class_code, ordinal),
  constraint filing_conditions_class_fkey foreign key (scheme_id, kind, class_code) references case_classes on delete restrict
);

create table service_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint service_rules_public_id_key unique,
  city_id bigint references cities on delete restrict,
  code text not null,
  version integer not null default 1,
  facility text not null,
  title_zh text not null,
  title_en text not null,
  demand text not null constraint service_rules_demand_check check (demand in ('residential', 'population', 'buildings')),
  distance_mode text not null default 'straight_line' constraint service_rules_mode_check check (distance_mode in ('straight_line', 'network')),
  -- [{"minAreaM2":5000,"maxAreaM2":null,"zone":"all"|"historic_district","radiusMeters":500}, …], lower bounds inclusive, upper exclusive
  bands jsonb not null,
  target real,
  standard text not null,
  clause text not null,
  verified boolean not null default false,
  note text,
  effective_from date,
  created_at timestamptz not null default now(),
  constraint service_rules_code_key unique nulls not distinct (city_id, code, version)
);
comment on table service_rules is 'Service-radius rules as data; a correction is a new version, never an edit.';
