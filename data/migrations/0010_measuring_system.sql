-- A city may be made before anything is known of where it lies: its measuring system is then settled by the first data.
alter table cities add column measure_from text not null default 'hand' constraint cities_measure_from_check check (measure_from in ('hand', 'data', 'unsettled'));
comment on column cities.measure_from is 'Whether measure_srid was set by hand, came from the centre of the first data, or waits for them.';
