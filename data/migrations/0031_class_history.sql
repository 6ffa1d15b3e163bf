-- What a version of a scheme changed in each class, before and after, so that the history of a class can be read.
create table case_class_changes (
  scheme_id text not null,
  version integer not null,
  kind text not null constraint case_class_changes_kind_check check (kind in ('part', 'event')),
  code text not null,
  change text not null constraint case_class_changes_change_check check (change in ('added', 'changed', 'ended')),
  -- Null before it was added, and after it ended.
  before jsonb,
  after jsonb,
  primary key (scheme_id, kind, code, version),
  constraint case_class_changes_version_fkey foreign key (scheme_id, version) references class_scheme_versions on delete restrict,
  constraint case_class_changes_sides_check check ((before is null) = (change = 'added') and (after is null) = (change = 'ended'))
);
comment on table case_class_changes is 'Each class that a version of a scheme added, changed or ended, as it was before and after.';
