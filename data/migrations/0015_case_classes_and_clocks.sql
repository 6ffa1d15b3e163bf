-- Class schemes grow by version: a changed table is a new version, old conditions stay for the cases they were used on.
alter table class_schemes add column version integer not null default 1;
alter table class_schemes add column content_hash text;
comment on column class_schemes.content_hash is 'Hash of the file this version was loaded from; another content needs a new version.';

create table case_large_classes (
  scheme_id text not null references class_schemes on delete restrict,
  kind text not null constraint case_large_classes_kind_check check (kind in ('part', 'event')),
  code text not null,
  name_zh text not null,
  name_en text not null,
  primary key (scheme_id, kind, code)
);

alter table case_classes add column ended_at timestamptz;
alter table filing_conditions add column ended_at timestamptz;

-- What a person types into the search field, folded once instead of for every question.
alter table incidents add column search_text text generated always as (
  lower(report_number || ' ' || coalesce(case_number, '') || ' ' || class_name || ' ' || coalesce(address, '') || ' ' || description)
) stored;

create index incidents_due_idx on incidents (city_id, due_at, id);
create index incidents_severity_idx on incidents (city_id, severity, reported_at desc, id desc);
create index incidents_street_idx on incidents (city_id, street_code, reported_at desc);

-- Old live events are pruned; a reader who comes back from before this mark has to fetch everything again.
create table live_history (
  only_row boolean primary key default true constraint live_history_one_row check (only_row),
  pruned_through xid8 not null default '0'
);
insert into live_history default values;
