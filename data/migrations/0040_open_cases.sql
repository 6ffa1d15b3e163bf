-- The queues of a working city are counted at every look: from rows of a hundred bytes beside those of a thousand, whose pages every step
-- dirties, so that no index over them answers by itself. Written by the database with the case, in its transaction and under its lock.
create table open_cases (
  id bigint primary key references incidents on delete cascade,
  city_id bigint not null references cities on delete restrict,
  department_id bigint,
  holder_id bigint,
  reporter_id bigint,
  disposer_id bigint,
  checker_id bigint,
  due_at timestamptz,
  is_pressed boolean not null,
  is_returned boolean not null,
  is_drill boolean not null,
  outside_city boolean not null,
  supervision_count integer not null,
  return_count integer not null,
  rework_count integer not null,
  state text not null,
  county_code text,
  street_code text,
  community_code text
) with (fillfactor = 70);
comment on table open_cases is 'Of each open case what queues are counted by and what decides who sees it; kept by triggers: the columns of incidents of the same names, and two that its history tells.';
comment on column open_cases.is_pressed is 'Somebody or a rule pressed, and nobody has replied yet.';
comment on column open_cases.is_returned is 'The last step that moved it was a return or a rework.';
create index open_cases_pressed_idx on open_cases (city_id) where is_pressed;
create index open_cases_returned_idx on open_cases (city_id) where is_returned;

create function is_pressed_case(case_id bigint) returns boolean language sql stable
  as $$ select exists (select from case_supervisions where incident_id = case_id and replied_at is null) $$;
create function is_returned_case(case_id bigint) returns boolean language sql stable
  as $$ select coalesce((select operation in ('return', 'rework') from incident_flow where incident_id = case_id and from_state is distinct from to_state order by sequence desc limit 1), false) $$;

create function keep_open_case() returns trigger language plpgsql as $$ begin
  if new.state in ('not_filed', 'closed', 'closed_special', 'void') then
    delete from open_cases where id = new.id;
    return null;
  end if;
  update open_cases set department_id = new.department_id, holder_id = new.holder_id, reporter_id = new.reporter_id, disposer_id = new.disposer_id, checker_id = new.checker_id, due_at = new.due_at,
    is_drill = new.is_drill, outside_city = new.outside_city, supervision_count = new.supervision_count, return_count = new.return_count, rework_count = new.rework_count, state = new.state,
    county_code = new.county_code, street_code = new.street_code, community_code = new.community_code
  where id = new.id;
  if not found then
    insert into open_cases (id, city_id, department_id, holder_id, reporter_id, disposer_id, checker_id, due_at, is_pressed, is_returned, is_drill, outside_city, supervision_count, return_count, rework_count, state, county_code, street_code, community_code)
    values (new.id, new.city_id, new.department_id, new.holder_id, new.reporter_id, new.disposer_id, new.checker_id, new.due_at, is_pressed_case(new.id), is_returned_case(new.id), new.is_drill, new.outside_city,
      new.supervision_count, new.return_count, new.rework_count, new.state, new.county_code, new.street_code, new.community_code);
  end if;
  return null;
end $$;
create trigger incidents_open_case_inserted after insert on incidents for each row when (new.state not in ('not_filed', 'closed', 'closed_special', 'void')) execute function keep_open_case();
create trigger incidents_open_case_updated after update on incidents for each row when (
  (old.department_id, old.holder_id, old.reporter_id, old.disposer_id, old.checker_id, old.due_at, old.is_drill, old.outside_city, old.supervision_count, old.return_count, old.rework_count, old.state, old.county_code, old.street_code, old.community_code)
  is distinct from
  (new.department_id, new.holder_id, new.reporter_id, new.disposer_id, new.checker_id, new.due_at, new.is_drill, new.outside_city, new.supervision_count, new.return_count, new.rework_count, new.state, new.county_code, new.street_code, new.community_code)
) execute function keep_open_case();

-- Once a statement, so that an import of a city's history does not ask a million times.
create function keep_pressed() returns trigger language plpgsql as $$ begin
  update open_cases o set is_pressed = not is_pressed from (select distinct incident_id from changed) c where o.id = c.incident_id and o.is_pressed <> is_pressed_case(o.id);
  return null;
end $$;
create trigger case_supervisions_pressed after insert on case_supervisions referencing new table as changed for each statement execute function keep_pressed();
create trigger case_supervisions_replied after update on case_supervisions referencing new table as changed for each statement execute function keep_pressed();
create function keep_returned() returns trigger language plpgsql as $$ begin
  update open_cases o set is_returned = not is_returned from (select distinct incident_id from changed where from_state is distinct from to_state) c where o.id = c.incident_id and o.is_returned <> is_returned_case(o.id);
  return null;
end $$;
create trigger incident_flow_returned after insert on incident_flow referencing new table as changed for each statement execute function keep_returned();

insert into open_cases (id, city_id, department_id, holder_id, reporter_id, disposer_id, checker_id, due_at, is_pressed, is_returned, is_drill, outside_city, supervision_count, return_count, rework_count, state, county_code, street_code, community_code)
select id, city_id, department_id, holder_id, reporter_id, disposer_id, checker_id, due_at, is_pressed_case(id), is_returned_case(id), is_drill, outside_city, supervision_count, return_count, rework_count, state, county_code, street_code, community_code
from incidents where state not in ('not_filed', 'closed', 'closed_special', 'void');

-- A queue is mostly the cases of one state: begun at that state in each order, instead of walking past those of all others.
drop index incidents_state_idx;
create index incidents_state_due_idx on incidents (city_id, state, (coalesce(due_at, 'infinity'::timestamptz)), id);
create index incidents_open_state_reported_idx on incidents (city_id, state, reported_at desc, id desc) where state not in ('not_filed', 'closed', 'closed_special', 'void');
create index incidents_open_state_severity_idx on incidents (city_id, state, (-severity) desc, reported_at desc, id desc) where state not in ('not_filed', 'closed', 'closed_special', 'void');
