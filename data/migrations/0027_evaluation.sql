-- Evaluation: its rules by version, what people said and inspectors found, and figures frozen at publication.
create table evaluation_rules (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint evaluation_rules_public_id_key unique,
  -- Null: the one that comes with the program, for every city that has none of its own.
  city_id bigint references cities on delete restrict,
  version integer not null constraint evaluation_rules_version_check check (version >= 1),
  content jsonb not null,
  source text not null,
  verified boolean not null default false,
  note text,
  content_hash text not null,
  created_by_id bigint references accounts on delete restrict,
  created_by text not null,
  created_at timestamptz not null,
  constraint evaluation_rules_version_key unique nulls not distinct (city_id, version)
);
comment on table evaluation_rules is 'Denominators, weights, minimum samples and bands of the evaluation; an edit is a new version, the highest counts.';

create table return_visits (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint return_visits_public_id_key unique,
  incident_id bigint not null references incidents on delete restrict,
  outcome text not null constraint return_visits_outcome_check check (outcome in ('very_satisfied', 'satisfied', 'unsatisfied')),
  note text,
  visited_by_id bigint references accounts on delete restrict,
  visited_by text not null,
  visited_at timestamptz not null
);
comment on table return_visits is '回访: what the reporter of a case answered when asked afterwards; of several in a period the last counts.';
create index return_visits_incident_idx on return_visits (incident_id, visited_at);

create table missed_reports (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint missed_reports_public_id_key unique,
  incident_id bigint not null constraint missed_reports_incident_id_key unique references incidents on delete restrict,
  collector text not null,
  note text,
  found_by_id bigint references accounts on delete restrict,
  found_by text not null,
  found_at timestamptz not null
);
comment on table missed_reports is '漏报: cases found by inspection that the collector in charge had not reported.';

create table evaluation_periods (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint evaluation_periods_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  cycle text not null constraint evaluation_periods_cycle_check check (cycle in ('day', 'week', 'month', 'quarter', 'half_year', 'year')),
  from_day date not null,
  until_day date not null,
  version integer not null constraint evaluation_periods_version_check check (version >= 1),
  registry_version integer not null,
  rule_id bigint not null references evaluation_rules on delete restrict,
  -- The instant whose knowledge the figures hold.
  as_of timestamptz not null,
  published_at timestamptz not null,
  published_by_id bigint references accounts on delete restrict,
  published_by text not null,
  note text,
  content_hash text not null,
  constraint evaluation_periods_days_check check (from_day < until_day),
  constraint evaluation_periods_version_key unique (city_id, cycle, from_day, version)
);
comment on table evaluation_periods is 'A published evaluation; never changed, a recomputation is a new version.';

create table evaluation_results (
  period_id bigint not null references evaluation_periods on delete restrict,
  object_kind text not null constraint evaluation_results_kind_check check (object_kind in ('county', 'street', 'community', 'grid', 'department', 'collector', 'operator', 'shift_leader', 'dispatcher')),
  -- Place in the table; 0 is the table's head and total.
  ordinal integer not null,
  content jsonb not null,
  primary key (period_id, object_kind, ordinal)
);
comment on table evaluation_results is 'Frozen rows of published tables, one per object, as they were answered.';

create function refuse_change_of_publication() returns trigger language plpgsql as $$
begin
  raise exception 'published figures stay: % of % is refused', lower(tg_op), tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger evaluation_periods_frozen before update or delete on evaluation_periods for each row execute function refuse_change_of_publication();
create trigger evaluation_results_frozen before update or delete on evaluation_results for each row execute function refuse_change_of_publication();

-- Cases that had not ended before a period began.
create index incidents_ended_idx on incidents (city_id, ended_at);
