-- Tile addresses are cached for ever, so a version must not be used twice even when a city is loaded anew: counters begin at the clock.
alter table kind_versions alter column version set default extract(epoch from now())::bigint;

-- Codes and numbers are looked up by their beginning, whatever the collation of the database.
create index administrative_areas_code_prefix_idx on administrative_areas (city_id, code text_pattern_ops) where valid_to is null;
create index unit_grids_code_prefix_idx on unit_grids (city_id, code text_pattern_ops) where valid_to is null;
create index parts_code_prefix_idx on parts (city_id, code text_pattern_ops) where valid_to is null and code is not null;
create index facilities_code_prefix_idx on facilities (city_id, code text_pattern_ops) where valid_to is null and code is not null;
create index incidents_report_number_prefix_idx on incidents (city_id, report_number text_pattern_ops);
create index incidents_case_number_prefix_idx on incidents (city_id, case_number text_pattern_ops) where case_number is not null;
create index parts_grid_code_idx on parts (city_id, grid_code) where valid_to is null;
