-- A dispatch that was taken back is no choice of anybody: it stays on record, and no figure counts it.
alter table dispatch_choices add column undone_at timestamptz;
comment on column dispatch_choices.undone_at is 'When the dispatch was taken back within its undo window; null: it stands.';
