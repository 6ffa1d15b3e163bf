-- Who a case goes to: the responsibility matrix, ordered routing rules under versions, and what dispatchers chose.
create table responsibilities (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint responsibilities_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  scheme_id text not null references class_schemes on delete restrict,
  class_kind text not null constraint responsibilities_kind_check check (class_kind in ('part', 'event')),
  -- Two digits for a whole large class, else a small class.
  class_code text not null constraint responsibilities_class_check check (class_code ~ '^[0-9]{2,5}$'),
  condition_ordinal smallint,
  -- Leading digits of the administrative code; null for the whole city.
  area_code text constraint responsibilities_area_check check (area_code ~ '^[0-9]{2,12}$'),
  unit_id bigint not null references organisations on delete restrict,
  competent_id bigint references organisations on delete restrict,
  priority smallint not null default 1 constraint responsibilities_priority_check check (priority between 1 and 9),
  legal_basis text,
  clause text,
  requirement text,
  source text not null,
  verified boolean not null default false,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
comment on table responsibilities is '权责清单: class × condition × area to unit and competent department, with legal basis. A change ends a row and adds one.';
create index responsibilities_class_idx on responsibilities (city_id, scheme_id, class_kind, class_code) where ended_at is null;

create table routing_rule_sets (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint routing_rule_sets_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  version integer not null,
  note text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  -- When it came into force; the newest in force is the one that routes.
  activated_at timestamptz not null,
  constraint routing_rule_sets_version_key unique (city_id, version)
);
comment on table routing_rule_sets is 'Every version of a city''s routing rules; a change is a new version, the earlier stay for the cases they routed.';

create table routing_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint routing_rules_public_id_key unique,
  set_id bigint not null references routing_rule_sets on delete restrict,
  ordinal integer not null,
  title text not null,
  -- What it asks of a case: {"classKind", "classCodes", "areaCodes", "sources", "weekdays", "fromMinute", "toMinute", "gridCodes"}
  conditions jsonb not null,
  target_id bigint not null references organisations on delete restrict,
  is_enabled boolean not null default true,
  disabled_reason text,
  disabled_at timestamptz,
  constraint routing_rules_ordinal_key unique (set_id, ordinal)
);
create index routing_rules_target_idx on routing_rules (target_id) where is_enabled;

create table dispatch_choices (
  id bigint generated always as identity primary key,
  city_id bigint not null references cities on delete restrict,
  incident_id bigint not null references incidents on delete restrict,
  rule_set_version integer,
  suggested_id bigint references organisations on delete restrict,
  chosen_id bigint not null references organisations on delete restrict,
  reasons jsonb not null default '[]',
  override_reason text,
  chosen_by bigint references accounts on delete restrict,
  at timestamptz not null,
  constraint dispatch_choices_override_check check (suggested_id is null or suggested_id = chosen_id or override_reason is not null)
);
comment on table dispatch_choices is 'What was suggested and what the dispatcher chose; the override rate is counted from here.';
create index dispatch_choices_city_idx on dispatch_choices (city_id, at);
create index dispatch_choices_incident_idx on dispatch_choices (incident_id);
