-- Steps taken on many cases at once, and what undoing them within a moment goes back to.
create table transition_batches (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint transition_batches_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  action text not null,
  actor_id bigint references accounts on delete restrict,
  actor text not null,
  at timestamptz not null,
  undo_until timestamptz not null
);
comment on table transition_batches is 'One press of a button on many cases; each case was its own transaction.';
create table transition_batch_cases (
  batch_id bigint not null references transition_batches on delete restrict,
  incident_id bigint not null references incidents on delete restrict,
  -- The version the step made: undone only while it is still that.
  version integer not null,
  before jsonb not null,
  clocks_before jsonb not null,
  undone_at timestamptz,
  primary key (batch_id, incident_id)
);
comment on table transition_batch_cases is 'What a case of a batch was before its step: the columns the step can change, and its clocks.';
create index transition_batch_cases_incident_idx on transition_batch_cases (incident_id);
