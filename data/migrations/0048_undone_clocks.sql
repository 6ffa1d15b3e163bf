-- Rounds that an undone step had begun leave the clocks, so that the next step begins them as if it were the first; they stay on record here.
create table undone_case_clocks (
  id bigint generated always as identity primary key,
  undone_at timestamptz not null,
  like case_clocks including comments including constraints
);
alter table undone_case_clocks add constraint undone_case_clocks_incident_id_fkey foreign key (incident_id) references incidents on delete restrict;
comment on table undone_case_clocks is 'Rounds of clocks that were begun by a step that was taken back within its undo window, as they stood then. No clock, light or figure reads them.';
create index undone_case_clocks_incident_idx on undone_case_clocks (incident_id);
