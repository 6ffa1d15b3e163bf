-- The life of a case: who has it, who did what on it, what was asked and decided, and how cases hang together.
alter table incidents
  add column department_id bigint references organisations on delete restrict,
  add column holder_id bigint references accounts on delete restrict,
  add column reporter_id bigint references accounts on delete restrict,
  add column disposer_id bigint references accounts on delete restrict,
  add column checker_id bigint references accounts on delete restrict,
  add column master_id bigint references incidents on delete restrict,
  add column reopened_from_id bigint references incidents on delete restrict,
  add column rework_count integer not null default 0,
  add column return_count integer not null default 0,
  add column supervision_count integer not null default 0,
  add column is_self_handled boolean not null default false,
  add column is_overtime_exempt boolean not null default false,
  add column has_failed_check boolean not null default false,
  add column verified_same_time boolean,
  add column closing_condition_met boolean,
  add column special_kind text constraint incidents_special_kind_check check (special_kind in ('forced', 'informing', 'abnormal')),
  add column refusal_reason text constraint incidents_refusal_reason_check check (refusal_reason in ('out_of_scope', 'conditions_not_met', 'duplicate', 'incomplete', 'outside_managed_area')),
  add column reporter_phone text,
  add column state_since timestamptz,
  add column dispatched_at timestamptz,
  add constraint incidents_master_check check (master_id is null or (master_id <> id and state = 'void'));
comment on column incidents.holder_id is 'The person who has the case now; null while it lies with a pool or a department.';
comment on column incidents.reporter_id is 'The account that sent the report; reported_by is the name of whoever found the problem.';
comment on column incidents.master_id is 'The case this one was merged into; its own clocks stopped then.';
comment on column incidents.reopened_from_id is 'The ended case that this one takes up again; at most one does.';
comment on column incidents.is_overtime_exempt is 'An appeal was granted: figures show it beside the raw ones, the deadlines stay.';
comment on column incidents.has_failed_check is 'The last check said the closing condition is not met; cleared by the next check or rework.';
comment on column incidents.state_since is 'When the case came into its present state.';
comment on column incidents.dispatched_at is 'The last dispatch: from then the department may return the case for a while.';
update incidents i set
  state_since = coalesce((select max(f.at) from incident_flow f where f.incident_id = i.id and f.from_state is distinct from f.to_state), i.reported_at),
  dispatched_at = (select max(f.at) from incident_flow f where f.incident_id = i.id and f.action = 'dispatch');
-- The action is named by what is done; what it was merged into was not kept before.
update incident_flow set action = 'merge_duplicate' where action = 'void_duplicate';
create index incidents_department_idx on incidents (department_id, state) where department_id is not null;
create index incidents_holder_idx on incidents (holder_id, state) where holder_id is not null;
create index incidents_reporter_idx on incidents (reporter_id) where reporter_id is not null;
create index incidents_disposer_idx on incidents (disposer_id) where disposer_id is not null;
create index incidents_checker_idx on incidents (checker_id) where checker_id is not null;
create index incidents_master_idx on incidents (master_id) where master_id is not null;
create unique index incidents_reopened_from_key on incidents (reopened_from_id) where reopened_from_id is not null;

alter table incident_flow
  add column actor_id bigint references accounts on delete restrict,
  add column actor_role text,
  add column operation text constraint incident_flow_operation_check check (operation in ('forward', 'return', 'rework', 'cancel', 'close', 'assign', 'revoke', 'extend', 'suspend', 'resume', 'supervise', 'appeal', 'merge', 'edit')),
  add column receiver_id bigint references accounts on delete restrict,
  add column receiver_name text,
  add column stage text constraint incident_flow_stage_check check (stage in ('accept', 'verify', 'file', 'dispatch', 'dispose', 'check', 'close')),
  add column spent_milliseconds bigint,
  add column was_overdue boolean;
comment on column incident_flow.operation is 'What kind of step it is, over all actions: forward, return, rework …';
comment on column incident_flow.spent_milliseconds is 'Time since the case came into the state this step was taken in.';
comment on column incident_flow.was_overdue is 'Whether the stage was beyond its limit when the step was taken; null where none ran.';
create index incident_flow_actor_idx on incident_flow (actor_id, at) where actor_id is not null;

create table case_requests (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint case_requests_public_id_key unique,
  incident_id bigint not null references incidents on delete restrict,
  kind text not null constraint case_requests_kind_check check (kind in ('extension', 'suspension', 'appeal', 'special_close', 'untrue')),
  status text not null constraint case_requests_status_check check (status in ('asked', 'endorsed', 'approved', 'refused', 'withdrawn')),
  reason text not null,
  new_due_at timestamptz,
  special_kind text constraint case_requests_special_kind_check check (special_kind in ('forced', 'informing', 'abnormal')),
  asked_by bigint references accounts on delete restrict,
  asked_by_name text not null,
  asked_at timestamptz not null,
  endorsed_by bigint references accounts on delete restrict,
  endorsed_by_name text,
  endorsed_at timestamptz,
  decided_by bigint references accounts on delete restrict,
  decided_by_name text,
  decided_at timestamptz,
  decision text,
  constraint case_requests_extension_check check (kind <> 'extension' or new_due_at is not null),
  constraint case_requests_special_check check (kind <> 'special_close' or special_kind is not null)
);
comment on table case_requests is 'What one asks for on a case and another decides: extension, suspension, appeal, special close, the finding that a report is untrue.';
create unique index case_requests_open_key on case_requests (incident_id, kind) where status in ('asked', 'endorsed');
create unique index case_requests_appeal_key on case_requests (incident_id) where kind = 'appeal';
create index case_requests_incident_idx on case_requests (incident_id);

create table case_supervisions (
  id bigint generated always as identity primary key,
  public_id uuid not null constraint case_supervisions_public_id_key unique,
  incident_id bigint not null references incidents on delete restrict,
  form text not null constraint case_supervisions_form_check check (form in ('supervise', 'urge')),
  kind text not null constraint case_supervisions_kind_check check (kind in ('timeout', 'about_to_time_out', 'leader', 'important')),
  text text not null,
  by_id bigint references accounts on delete restrict,
  by_name text not null,
  at timestamptz not null,
  -- What a rule raised it for, e.g. dispose/1/timeout; null for those of people.
  rule_key text,
  reply text,
  replied_by bigint references accounts on delete restrict,
  replied_by_name text,
  replied_at timestamptz,
  constraint case_supervisions_reply_check check ((reply is null) = (replied_at is null))
);
comment on table case_supervisions is 'Pressure on a case: supervised or urged, by people or by rule, each answered by a reply.';
create unique index case_supervisions_rule_key on case_supervisions (incident_id, rule_key) where rule_key is not null;
create index case_supervisions_incident_idx on case_supervisions (incident_id);
create index case_supervisions_open_idx on case_supervisions (at) where replied_at is null;

create table workflow_settings (
  id bigint generated always as identity primary key,
  -- Null: holds for every city that has none of its own.
  city_id bigint references cities on delete restrict,
  version integer not null,
  filing_role text not null constraint workflow_settings_filing_role_check check (filing_role in ('operator', 'shift_leader')),
  -- Small or large classes that may be checked on the photographs alone, as `event:0112` or `part:03`; null: every class.
  photo_check_classes text[],
  -- Whether the steps that photographs prove are refused without them.
  requires_photos boolean not null,
  source text not null,
  verified boolean not null,
  effective_from timestamptz not null,
  created_by bigint references accounts on delete restrict,
  created_at timestamptz not null default now(),
  constraint workflow_settings_version_key unique nulls not distinct (city_id, version)
);
comment on table workflow_settings is 'How a city organises the flow, by version: who files and closes, which classes may be checked on photographs alone.';
insert into workflow_settings (city_id, version, filing_role, photo_check_classes, requires_photos, source, verified, effective_from)
values (null, 1, 'shift_leader', null, true, '值班长立案、结案，受理员只受理：数字化城管标准岗位设置（CJJ/T 106、GB/T 30428 序列）；凭图核查的小类由城市自定，默认不限；上报、核实、处置、核查须附照片 · Shift leaders file and close, operators accept: posts of the standard sequence; which classes may be checked on photographs alone is the city''s own to say, by default all; reports of collectors, verification, results and checks come with photographs', false, '2000-01-01T00:00:00Z');
