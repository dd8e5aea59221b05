-- Topics of Supabase Realtime: their names, who may join which, and sending to them.
--
--   organization:<id>:calendar   the desk of an organization: every change of its calendar
--   user:<id>                    one person: what changes for them, as client or as practitioner

create function private.calendar_topic(organization_id uuid)
returns text
language sql
immutable
strict
set search_path = ''
as $$
  select 'organization:' || organization_id || ':calendar'
$$;

comment on function private.calendar_topic(uuid) is 'Where the desk of an organization hears of its calendar.';

create function private.user_topic(user_id uuid)
returns text
language sql
immutable
strict
set search_path = ''
as $$
  select 'user:' || user_id
$$;

comment on function private.user_topic(uuid) is 'Where a person hears of what changes for them; null for nobody.';

create function private.current_calendar_topics()
returns text[]
language sql
stable
set search_path = ''
as $$
  select array(select private.calendar_topic(id) from unnest(private.current_desk_organization_ids()) as id)
$$;

comment on function private.current_calendar_topics() is
  'Calendars that the caller hears: those of organizations whose owner, admin or receptionist they are.';

grant execute on function private.calendar_topic(uuid) to authenticated;
grant execute on function private.user_topic(uuid) to authenticated;
grant execute on function private.current_calendar_topics() to authenticated;

create function private.broadcast(topics text[], event text, payload jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_topic text;
begin
  -- Who is concerned twice, as a practitioner who is also a client, hears once.
  for v_topic in select distinct t.topic from unnest(topics) as t (topic) where t.topic is not null loop
    -- It turns its own errors into warnings: what could not be told has happened all the same.
    perform realtime.send(payload, event, v_topic, true);
  end loop;
end
$$;

comment on function private.broadcast(text[], text, jsonb) is
  'Sends one event to private topics, if the transaction commits. The payload holds ids and times only.';
