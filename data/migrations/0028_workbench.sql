-- Lists of the workbench at 200,000 cases, and filters that people keep.

-- Honest about its cost: making the terms of a text takes a thousand times a comparison, so the planner shall look them up.
drop index incidents_search_idx;
create or replace function search_terms(words text) returns text[] language plpgsql immutable parallel safe strict cost 1000
  as $$ begin return string_to_array(words, null) || public.search_pairs(words); end $$;
create index incidents_search_idx on incidents using gin (search_terms(search_text)) with (fastupdate = off);

-- One index per order, which carries what filters look at: a rare value is found by reading the index alone, and a page begins anywhere in it.
drop index incidents_reported_idx, incidents_due_idx, incidents_severity_idx;
create index incidents_reported_idx on incidents (city_id, reported_at desc, id desc)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, due_at, geom);
create index incidents_due_idx on incidents (city_id, (coalesce(due_at, 'infinity'::timestamptz)), id)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, reported_at, due_at, geom);
create index incidents_severity_idx on incidents (city_id, (-severity) desc, reported_at desc, id desc)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, due_at, geom);
-- The same over open cases, which are few: queues and their counts.
create index incidents_open_reported_idx on incidents (city_id, reported_at desc, id desc)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, reporter_id, disposer_id, checker_id,
    supervision_count, return_count, rework_count, due_at, geom)
  where state not in ('not_filed', 'closed', 'closed_special', 'void');
create index incidents_open_due_idx on incidents (city_id, (coalesce(due_at, 'infinity'::timestamptz)), id)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, reported_at, due_at, geom)
  where state not in ('not_filed', 'closed', 'closed_special', 'void');
create index incidents_open_severity_idx on incidents (city_id, (-severity) desc, reported_at desc, id desc)
  include (is_drill, outside_city, state, source, severity, class_kind, large_code, class_code, county_code, street_code, community_code, grid_code, layer_id, department_id, holder_id, due_at, geom)
  where state not in ('not_filed', 'closed', 'closed_special', 'void');
-- An area may be of any level: each has its own, so that a cell is found among all.
create index incidents_community_idx on incidents (city_id, community_code);
create index incidents_county_idx on incidents (city_id, county_code);
-- How many lie in a box is more than the product of two guesses.
create statistics incidents_place_stats on (st_x(geom)), (st_y(geom)) from incidents;

create table saved_filters (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint saved_filters_public_id_key unique,
  city_id bigint not null references cities on delete restrict,
  owner_id bigint not null references accounts on delete restrict,
  name text not null constraint saved_filters_name_check check (length(name) between 1 and 60),
  share text not null constraint saved_filters_share_check check (share in ('own', 'organisation', 'city')),
  -- Of the owner's post when it was shared; null unless shared with an organisation.
  organisation_id bigint references organisations on delete restrict,
  -- The address of the view, as the console writes it: no data of cases.
  url_state text not null constraint saved_filters_url_state_check check (length(url_state) <= 4000),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  constraint saved_filters_organisation_check check ((share = 'organisation') = (organisation_id is not null))
);
comment on table saved_filters is 'Views that people keep: a name and an address, for oneself, one''s organisation or the city.';
create unique index saved_filters_name_key on saved_filters (city_id, owner_id, name) where ended_at is null;
create index saved_filters_organisation_idx on saved_filters (organisation_id) where ended_at is null;
