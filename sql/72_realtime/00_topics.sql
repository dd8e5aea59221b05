-- Topics of Supabase Realtime: their names, who may join which, and sending to them.
--
--   organization:<id>:calendar   the desk of an organization: every change of its calendar
--   user:<id>                    one person: what changes for them, as client or as practitioner
--
-- plpgsql, also where a query would do, because it keeps its plan: bookings wait for this.

create function private.calendar_topic(organization_id uuid)
returns text
language plpgsql
immutable
strict
set search_path = ''
as $$
begin
  return 'organization:' || organization_id || ':calendar';
end
$$;

comment on function private.calendar_topic(uuid) is 'Where the desk of an organization hears of its calendar.';

create function private.user_topic(user_id uuid)
returns text
language plpgsql
immutable
strict
set search_path = ''
as $$
begin
  return 'user:' || user_id;
end
$$;

comment on function private.user_topic(uuid) is 'Where a person hears of what changes for them; null for nobody.';

create function private.current_calendar_topics()
returns text[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array(select private.calendar_topic(id) from unnest(private.current_desk_organization_ids()) as id);
end
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
begin
  for i in 1 .. cardinality(topics) loop
    -- Who is concerned twice, as a practitioner who is also a client, hears once.
    if topics[i] is not null and array_position(topics, topics[i]) = i then
      -- It turns its own errors into warnings: what could not be told has happened all the same.
      perform realtime.send(payload, event, topics[i], true);
    end if;
  end loop;
end
$$;

comment on function private.broadcast(text[], text, jsonb) is
  'Sends one event to private topics, if the transaction commits. The payload holds ids and times only.';
