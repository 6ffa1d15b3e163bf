-- Counts beside a filter and points on the map read every case that the filter lets through, often nearly all of a city's: from rows of two
-- hundred bytes beside those of seven hundred, with what the readers need already packed. Written by the database with the case, in its
-- transaction and under its lock.
create table case_digests (
  id bigint primary key references incidents on delete cascade,
  city_id bigint not null references cities on delete restrict,
  layer_id bigint,
  department_id bigint,
  holder_id bigint,
  reporter_id bigint,
  disposer_id bigint,
  checker_id bigint,
  reported_at timestamptz not null,
  due_at timestamptz,
  supervision_count integer not null,
  return_count integer not null,
  rework_count integer not null,
  severity smallint not null,
  is_drill boolean not null,
  outside_city boolean not null,
  geom geometry(Point, 4490),
  state text not null,
  source text not null,
  class_kind text not null,
  large_code text not null,
  class_code text not null,
  county_code text,
  street_code text,
  community_code text,
  grid_code text,
  place bytea,
  marks bytea not null
) with (fillfactor = 90);
comment on table case_digests is 'Of each case what filters ask about, and what counts and points are made of; kept by triggers: the columns of incidents of the same names, and two that pack others.';
comment on column case_digests.place is '32 bytes, big-endian: public identifier, longitude and latitude as double precision; null without a place.';
comment on column case_digests.marks is '24 bytes, big-endian: reported and due in milliseconds since 1970 as double precision (infinity: no limit), severity, number of the state, number of the source, 1 with a place, four of nothing.';
create index case_digests_reported_idx on case_digests (city_id, reported_at);
create index case_digests_class_idx on case_digests (city_id, class_kind, class_code);

-- The places of the values in the lists of the contract, which a test compares.
create function incident_state_number(state text) returns integer language sql immutable parallel safe
  as $$ select array_position(array['draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'pending_dispatch', 'pending_dispose', 'disposing', 'suspended', 'disposed', 'pending_check', 'checking', 'pending_close', 'closed', 'closed_special', 'void'], state) - 1 $$;
create function incident_source_number(source text) returns integer language sql immutable parallel safe
  as $$ select array_position(array['collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement'], source) - 1 $$;
create function packed_milliseconds(at timestamptz) returns bytea language sql stable parallel safe
  as $$ select float8send(coalesce(floor(extract(epoch from at) * 1000)::float8, 'infinity')) $$;

create function digest_of_case(c incidents) returns case_digests language sql stable
  as $$ select row(c.id, c.city_id, c.layer_id, c.department_id, c.holder_id, c.reporter_id, c.disposer_id, c.checker_id, c.reported_at, c.due_at, c.supervision_count, c.return_count, c.rework_count,
    c.severity, c.is_drill, c.outside_city, c.geom, c.state, c.source, c.class_kind, c.large_code, c.class_code, c.county_code, c.street_code, c.community_code, c.grid_code,
    uuid_send(c.public_id) || float8send(public.st_x(c.geom)) || float8send(public.st_y(c.geom)),
    packed_milliseconds(c.reported_at) || packed_milliseconds(c.due_at)
      || int4send((c.severity::integer << 24) | (incident_state_number(c.state) << 16) | (incident_source_number(c.source) << 8) | (c.geom is not null)::int) || int4send(0))::case_digests $$;

create function keep_case_digest() returns trigger language plpgsql as $$ declare kept case_digests; begin
  kept := digest_of_case(new);
  if tg_op = 'INSERT' then
    insert into case_digests select (kept).*;
  else
    update case_digests set layer_id = kept.layer_id, department_id = kept.department_id, holder_id = kept.holder_id, reporter_id = kept.reporter_id, disposer_id = kept.disposer_id, checker_id = kept.checker_id,
      reported_at = kept.reported_at, due_at = kept.due_at, supervision_count = kept.supervision_count, return_count = kept.return_count, rework_count = kept.rework_count, severity = kept.severity,
      is_drill = kept.is_drill, outside_city = kept.outside_city, geom = kept.geom, state = kept.state, source = kept.source, class_kind = kept.class_kind, large_code = kept.large_code, class_code = kept.class_code,
      county_code = kept.county_code, street_code = kept.street_code, community_code = kept.community_code, grid_code = kept.grid_code, place = kept.place, marks = kept.marks
    where id = kept.id;
  end if;
  return null;
end $$;
create trigger incidents_digest_inserted after insert on incidents for each row execute function keep_case_digest();
create trigger incidents_digest_updated after update on incidents for each row when (
  (old.layer_id, old.department_id, old.holder_id, old.reporter_id, old.disposer_id, old.checker_id, old.reported_at, old.due_at, old.supervision_count, old.return_count, old.rework_count, old.severity,
    old.is_drill, old.outside_city, old.state, old.source, old.class_kind, old.large_code, old.class_code, old.county_code, old.street_code, old.community_code, old.grid_code, old.geom::bytea)
  is distinct from
  (new.layer_id, new.department_id, new.holder_id, new.reporter_id, new.disposer_id, new.checker_id, new.reported_at, new.due_at, new.supervision_count, new.return_count, new.rework_count, new.severity,
    new.is_drill, new.outside_city, new.state, new.source, new.class_kind, new.large_code, new.class_code, new.county_code, new.street_code, new.community_code, new.grid_code, new.geom::bytea)
) execute function keep_case_digest();

insert into case_digests select d.* from incidents i, lateral digest_of_case(i) d;
