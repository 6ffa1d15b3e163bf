-- Elders, children, hospitals and schools are demands of their own.
alter table coverage_units drop constraint coverage_units_demand_check;
alter table coverage_units add constraint coverage_units_demand_check check (demand in ('residential', 'population', 'buildings', 'elders', 'children', 'hospitals', 'schools'));
alter table service_rules drop constraint service_rules_demand_check;
alter table service_rules add constraint service_rules_demand_check check (demand in ('residential', 'population', 'buildings', 'elders', 'children', 'hospitals', 'schools'));
