-- Longer planning work of every kind: a question, how far its answer is, the best so far, and the answer.
create table planning_runs (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint planning_runs_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  kind text not null constraint planning_runs_kind_check check (kind ~ '^[a-z][a-z_]{0,39}$'),
  key text not null,
  input jsonb not null,
  engine_version text not null,
  status text not null constraint planning_runs_status_check check (status in ('waiting', 'running', 'finished', 'failed', 'cancelled')),
  stage text not null default 'waiting',
  percent real not null default 0,
  attempt integer not null default 0,
  interim jsonb,
  result jsonb,
  drawing jsonb,
  passport jsonb,
  error jsonb,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  heartbeat_at timestamptz,
  finished_at timestamptz
);
create unique index planning_runs_key on planning_runs (city_id, key) where status in ('waiting', 'running', 'finished');
create index planning_runs_city_idx on planning_runs (city_id, kind, id desc);
comment on table planning_runs is 'Planning work by kind (siting and others): the same question over the same inputs is answered from here.';
comment on column planning_runs.key is 'Hash of kind, engine, question, rule and the versions of everything the answer is made from.';
comment on column planning_runs.interim is 'The best so far while it runs.';
comment on column planning_runs.result is 'The answer; of a cancelled run the best so far, where its kind keeps one.';
comment on column planning_runs.drawing is 'What the map draws of the answer, kept apart because it is heavy.';
comment on column planning_runs.heartbeat_at is 'Last sign of life of the process that works on the run.';
