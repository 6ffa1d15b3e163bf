-- A point is suspicious by comparison with the other points of the same cases, not by its share of them: a share that fits a
-- district is far too much for a large city and far too little for a town. The old share stays as history and is read no more.
alter table case_rules drop constraint case_rules_name_check, add constraint case_rules_name_check check (name in (
  'duplicate_distance_meters', 'duplicate_window_hours', 'part_distance_meters', 'permit_distance_meters', 'road_distance_meters',
  'evidence_distance_meters', 'evidence_early_hours', 'suspicious_place_cases', 'suspicious_place_share',
  'suspicious_place_rank', 'suspicious_place_times', 'suspicious_place_classes'));
insert into case_rules (name, version, value, source) values
  ('suspicious_place_rank', 1, 20, '平台建议，待城市核定 proposal: the place that a suspicious one is measured against, counted from the fullest; up to 19 default points do not hide each other'),
  ('suspicious_place_times', 1, 10, '平台建议，待城市核定 proposal: how many times the cases of that place; counts of cases by place fall off like a power of their rank, rarely steeper than its first power, so that a real hot spot stays below about 20 times and a usual one below 5 (rank^0.5); open data of a city of 2.6 million: 228 cases on its default point, 4 on the 20th place, 11 on the fullest real one'),
  ('suspicious_place_classes', 1, 3, '平台建议，待城市核定 proposal: kinds of case from which a place is a mixture rather than one trouble that recurs; fewer when the cases looked at have fewer');
