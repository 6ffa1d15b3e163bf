-- Runs say that they are alive, so that one whose server died is taken up again; rules keep where they come from and a hash, so that an edit is noticed.
alter table coverage_runs add column heartbeat_at timestamptz;
alter table service_rules add column source text;
alter table service_rules add column confidence text constraint service_rules_confidence_check check (confidence in ('high', 'medium', 'low'));
alter table service_rules add column content_hash text;
comment on column coverage_runs.heartbeat_at is 'Last sign of life of the process that works on the run.';
