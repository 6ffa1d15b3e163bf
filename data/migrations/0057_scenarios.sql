-- What if something were different: edits over the city's data, by version.
create table scenarios (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint scenarios_public_id_key unique,
  city_id bigint not null constraint scenarios_city_id_fkey references cities on delete cascade,
  title text not null constraint scenarios_title_check check (length(title) between 1 and 80),
  version int not null constraint scenarios_version_check check (version >= 1),
  copied_from_id bigint constraint scenarios_copied_from_id_fkey references scenarios on delete set null,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_by text,
  ended_at timestamptz
);
create index scenarios_city_idx on scenarios (city_id, updated_at desc) where ended_at is null;
comment on table scenarios is 'A plan over the data as they are; `version` is the number of the newest one. Ended, never deleted.';

create table scenario_versions (
  id bigint generated always as identity primary key,
  scenario_id bigint not null constraint scenario_versions_scenario_id_fkey references scenarios on delete cascade,
  number int not null,
  title text,
  question jsonb not null,
  edits jsonb not null constraint scenario_versions_edits_check check (jsonb_typeof(edits) = 'array'),
  created_by text not null,
  created_at timestamptz not null,
  constraint scenario_versions_scenario_id_number_key unique (scenario_id, number)
);
comment on table scenario_versions is 'The edits as they stood at one time; never changed. Those with a title are meant to be come back to.';
