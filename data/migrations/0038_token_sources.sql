-- What a token is for, in a form that the server can hold its holder to.
alter table access_tokens add column sources text[] constraint access_tokens_sources_check check (
  sources <@ array['collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement'] and sources <> '{}');
comment on column access_tokens.sources is 'Sources that reports sent with it may name; null: any.';
