-- Drills and cases outside the city are few among many: how many a filter leaves out is told beside every count.
create index incidents_left_out_idx on incidents (city_id, reported_at) where outside_city or is_drill;
