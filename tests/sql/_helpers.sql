-- What pgTAP files share. The runner executes this before each file, in the same transaction.
--
--   select tests.sign_in('client@pristav.test');   -- from here on, act as that user
--   select tests.sign_in_as(some_uuid);            -- the same, for a user made in the test
--   select tests.sign_out();                       -- act as a visitor
--   select tests.operator();                       -- back to the role that owns the schema
--
-- A practice to test with, and people who try things in it:
--
--   select tests.practice('north');                -- an organization with staff, clients, services, hours
--   select tests.id('north.client');               -- what it made; 'client' alone means north's
--   select tests.try('client', 'select …');        -- 'ok <rows>', or the error; nothing of it stays
--   select tests.gets('client', 'select …', 'ok 1', 'a client CAN …');   -- the same as an assertion
--   select tests.act('reception', 'select …');     -- the first value; it stays, an error is an error
--   select tests.broken_after('update …');         -- the invariants of north that do not hold then; taken back
--   select tests.at(3, '10:00');                   -- that local time in Prague, three days from now
--   select tests.at(tests.next('spring'), '10:00');   -- the same on the day when clocks go forward

create schema tests;
grant usage on schema tests to anon, authenticated, service_role;

create function tests.user_id(email text) returns uuid
language sql stable security definer set search_path = '' as $$
  select u.id from auth.users as u where u.email = user_id.email
$$;

create function tests.become(role text, claims jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('request.jwt.claims', claims::text, true);
  -- Both forms, as the two APIs set them; a leftover of the other would win.
  perform set_config('request.jwt.claim.sub', coalesce(claims ->> 'sub', ''), true);
  perform set_config('request.jwt.claim.role', role, true);
  perform set_config('role', role, true);
end
$$;

create function tests.sign_in_as(user_id uuid) returns void
language sql set search_path = '' as $$
  select tests.become(
    'authenticated',
    jsonb_build_object('sub', user_id, 'role', 'authenticated', 'aud', 'authenticated')
  )
$$;

create function tests.sign_in(email text) returns void
language plpgsql set search_path = '' as $$
declare
  v_user_id uuid := tests.user_id(email);
begin
  if v_user_id is null then
    raise exception 'there is no user %', email;
  end if;
  perform tests.sign_in_as(v_user_id);
end
$$;

create function tests.sign_out() returns void
language sql set search_path = '' as $$
  select tests.become('anon', '{"role": "anon"}')
$$;

create function tests.operator() returns void
language plpgsql set search_path = '' as $$
begin
  perform set_config('request.jwt.claims', '', true);
  perform set_config('request.jwt.claim.sub', '', true);
  perform set_config('request.jwt.claim.role', '', true);
  perform set_config('role', 'none', true);
end
$$;

-- A user who can sign in, for tests that need one of their own.
create function tests.create_user(email text) returns uuid
language sql security definer set search_path = '' as $$
  insert into auth.users (
    id, instance_id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
    created_at, updated_at
  )
  values (
    gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', email, now(),
    '{"provider": "email", "providers": ["email"]}', '{}', now(), now()
  )
  returning id
$$;

-- A practice and its people ------------------------------------------------------------------------

create table tests.ids (key text primary key, id uuid not null);

-- Volatile: the planner would call a stable one with a snapshot from before the row was remembered.
create function tests.id(key text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid := (
    select i.id from tests.ids as i where i.key = case when id.key like '%.%' then id.key else 'north.' || id.key end
  );
begin
  if v_id is null then
    raise exception 'the tests know no %', key;
  end if;
  return v_id;
end
$$;

create function tests.remember(key text, value uuid) returns uuid
language sql security definer set search_path = '' as $$
  insert into tests.ids (key, id)
  values (case when key like '%.%' then key else 'north.' || key end, value)
  on conflict on constraint ids_pkey do update set id = excluded.id
  returning id
$$;

create function tests.today() returns date
language sql stable set search_path = '' as $$
  select (now() at time zone 'Europe/Prague')::date
$$;

create function tests.at(days integer, local_time time) returns timestamptz
language sql stable set search_path = '' as $$
  select (tests.today() + days + local_time) at time zone 'Europe/Prague'
$$;

create function tests.at(day date, local_time time) returns timestamptz
language sql stable set search_path = '' as $$
  select (day + local_time) at time zone 'Europe/Prague'
$$;

-- The next special day: 'spring' and 'autumn' (when clocks change), 'leap day', 'new year'. Ten weeks ahead at
-- least: behind all days that tests count from today, and all that the practice opens.
create function tests.next(special text) returns date
language sql stable set search_path = '' as $$
  select d::date
  from generate_series(tests.today() + 70, tests.today() + 9 * 366, interval '1 day') as d
  where case special
    when 'spring' then extract(month from d) = 3 and extract(day from d) >= 25 and extract(isodow from d) = 7
    when 'autumn' then extract(month from d) = 10 and extract(day from d) >= 25 and extract(isodow from d) = 7
    when 'leap day' then extract(month from d) = 2 and extract(day from d) = 29
    when 'new year' then extract(doy from d) = 1
  end
  order by d
  limit 1
$$;

-- Becomes a person of a practice ('client', 'south.owner'), 'stranger' (signed in, belongs nowhere),
-- 'nobody' (a token without a user), 'anon', 'service' (the secret key) or 'operator'.
create function tests.be(who text) returns void
language plpgsql set search_path = '' as $$
begin
  case who
    when 'operator' then perform tests.operator();
    when 'anon' then perform tests.sign_out();
    when 'nobody' then perform tests.become('authenticated', '{"role": "authenticated"}');
    when 'service' then perform tests.become('service_role', '{"role": "service_role"}');
    else perform tests.sign_in_as(
      tests.id(case when who like '%.%' then who || '_user' else 'north.' || who || '_user' end)
    );
  end case;
end
$$;

-- Runs a statement as someone, checks what is checked at commit, and takes it all back.
create function tests.try(who text, statement text) returns text
language plpgsql set search_path = public, extensions as $$
declare
  v_count bigint;
  v_state text;
  v_message text;
  v_constraint text;
begin
  -- What waits for commit is checked first, so that it does not answer for the statement.
  set constraints all immediate;
  set constraints all deferred;
  begin
    perform tests.be(who);
    execute statement;
    get diagnostics v_count = row_count;
    set constraints all immediate;
    raise exception using errcode = 'PX999', message = 'ok ' || v_count;
  exception when others then
    get stacked diagnostics
      v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name;
  end;
  return case
    when v_state = 'PX999' then v_message
    when v_state like 'PT%' then v_state || ' ' || v_message
    else concat_ws(' ', v_state, nullif(v_constraint, ''))
  end;
end
$$;

create function tests.gets(who text, statement text, expected text, title text) returns text
language plpgsql set search_path = public, extensions as $$
begin
  return extensions.is(tests.try(who, statement), expected, title);
end
$$;

-- The detail sentence of the error that a statement ends in.
create function tests.error_detail(who text, statement text) returns text
language plpgsql set search_path = public, extensions as $$
declare
  v_detail text;
begin
  begin
    perform tests.be(who);
    execute statement;
    raise exception using errcode = 'PX999', detail = 'no error';
  exception when others then
    get stacked diagnostics v_detail = pg_exception_detail;
  end;
  return v_detail;
end
$$;

-- The invariants of the first practice that a function finds broken after statements, which are taken back.
-- What guards them is for the statements to switch off.
create function tests.broken_after(statements text, found_by text default 'violations') returns text
language plpgsql set search_path = public, extensions as $$
declare
  v_names text;
begin
  -- A table that waits for a check at commit cannot be altered.
  set constraints all immediate;
  set constraints all deferred;
  begin
    execute statements;
    execute format(
      'select string_agg(distinct v.invariant, '' '' order by v.invariant) from private.%I(tests.id(''organization'')) as v',
      found_by
    )
    into v_names;
    raise exception using errcode = 'PX999';
  exception
    when sqlstate 'PX999' then return v_names;
  end;
end
$$;

-- Runs a query as someone and keeps what it did; the first column of its first row, as text.
create function tests.act(who text, query text) returns text
language plpgsql set search_path = public, extensions as $$
declare
  v_row record;
  v_value text;
begin
  perform tests.be(who);
  for v_row in execute query loop
    v_value := coalesce(v_value, (select e.value from json_each_text(row_to_json(v_row)) as e limit 1));
  end loop;
  perform tests.operator();
  return v_value;
end
$$;

-- Books as the front desk and remembers the appointment under a name.
create function tests.book(
  name text, client text, service text, practitioner text, starts_at timestamptz, options text default ''
)
returns uuid
language plpgsql set search_path = '' as $$
begin
  return tests.remember(
    name,
    tests.act(
      case when name like '%.%' then split_part(name, '.', 1) || '.' else '' end || 'reception',
      format(
        'select (public.book_appointment(%L, %L, %L, %L%s)).id',
        tests.id(service), starts_at, tests.id(practitioner), tests.id(client), options
      )
    )::uuid
  );
end
$$;

create function tests.top_up(client text, amount bigint, expires_at timestamptz default null) returns uuid
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at, reason)
  select c.organization_id, c.id, 'top_up', amount, 'CZK', top_up.expires_at, 'test'
  from public.clients as c
  where c.id = tests.id(client)
  returning id into v_id;
  return v_id;
end
$$;

create function tests.set(settings text, practice text default 'north') returns void
language plpgsql set search_path = '' as $$
begin
  execute format(
    'update public.organization_settings set %s where organization_id = %L', settings,
    tests.id(practice || '.organization')
  );
end
$$;

create function tests.practice(slug text) returns void
language plpgsql set search_path = '' as $$
declare
  v_organization uuid;
  v_location uuid;
  v_name text;
  v_id uuid;
begin
  foreach v_name in array array[
    'owner', 'admin', 'reception', 'therapist', 'colleague', 'removed', 'client', 'other'
  ] loop
    perform tests.remember(slug || '.' || v_name || '_user', tests.create_user(v_name || '@' || slug || '.example'));
  end loop;
  if not exists (select 1 from tests.ids where key = 'north.stranger_user') then
    perform tests.remember('north.stranger_user', tests.create_user('stranger@nowhere.example'));
  end if;

  v_organization := (
    public.create_organization(
      initcap(slug), slug || '-practice', tests.id(slug || '.owner_user'), 'Europe/Prague', 'CZK'
    )
  ).id;
  perform tests.remember(slug || '.organization', v_organization);
  select l.id into v_location from public.locations as l where l.organization_id = v_organization;
  perform tests.remember(slug || '.location', v_location);
  select m.id into v_id from public.members as m where m.organization_id = v_organization;
  perform tests.remember(slug || '.owner_member', v_id);

  foreach v_name in array array['admin', 'reception', 'therapist', 'colleague', 'removed'] loop
    insert into public.members (organization_id, user_id, role, display_name)
    values (
      v_organization, tests.id(slug || '.' || v_name || '_user'),
      case v_name
        when 'admin' then 'admin'
        when 'reception' then 'receptionist'
        when 'removed' then 'admin'
        else 'practitioner'
      end::public.member_role,
      v_name
    )
    returning id into v_id;
    perform tests.remember(slug || '.' || v_name || '_member', v_id);
  end loop;
  delete from public.members where id = tests.id(slug || '.removed_member');

  foreach v_name in array array['therapist', 'colleague', 'freelancer'] loop
    insert into public.practitioners (organization_id, user_id, display_name)
    values (
      v_organization,
      case when v_name <> 'freelancer' then tests.id(slug || '.' || v_name || '_user') end,
      initcap(v_name)
    )
    returning id into v_id;
    perform tests.remember(slug || '.' || v_name, v_id);
    if v_name <> 'freelancer' then
      insert into public.working_hours (organization_id, practitioner_id, location_id, weekday, start_time, end_time)
      select v_organization, v_id, v_location, weekday, '08:00', '18:00' from generate_series(1, 7) as weekday;
      insert into public.booking_activations (organization_id, practitioner_id, day, is_open)
      select v_organization, v_id, tests.today() + n, true from generate_series(0, 60) as n;
    end if;
  end loop;

  insert into public.clients (organization_id, user_id, given_name, family_name, email)
  values (v_organization, tests.id(slug || '.client_user'), 'Jana', 'Nováková', 'client@' || slug || '.example')
  returning id into v_id;
  perform tests.remember(slug || '.client', v_id);
  insert into public.clients (organization_id, user_id, given_name, family_name)
  values (v_organization, tests.id(slug || '.other_user'), 'Karel', 'Dvořák')
  returning id into v_id;
  perform tests.remember(slug || '.other', v_id);
  insert into public.clients (organization_id, given_name, family_name, phone)
  values (v_organization, 'Walter', 'Walkin', '+420 777 123 456')
  returning id into v_id;
  perform tests.remember(slug || '.walkin', v_id);

  foreach v_name in array array['room1', 'room2', 'laser'] loop
    insert into public.rooms (organization_id, location_id, name, kind)
    values (
      v_organization, v_location, v_name, case when v_name = 'laser' then 'equipment' else 'room' end::public.room_kind
    )
    returning id into v_id;
    perform tests.remember(slug || '.' || v_name, v_id);
  end loop;

  -- talk: 60 minutes, no room. massage: 15 minutes of buffer after, room1. group: 3 seats, room2.
  -- call: video, 30 minutes. internal: only staff book it. free: costs nothing.
  foreach v_name in array array['talk', 'massage', 'group', 'call', 'internal', 'free'] loop
    insert into public.services (
      organization_id, name, duration_minutes, buffer_after_minutes, price_amount, currency, mode, seats, is_public
    )
    values (
      v_organization, v_name,
      case v_name when 'call' then 30 else 60 end,
      case v_name when 'massage' then 15 else 0 end,
      case v_name when 'free' then 0 when 'group' then 30000 else 100000 end,
      'CZK',
      case v_name when 'call' then 'video' else 'in_person' end::public.service_mode,
      case v_name when 'group' then 3 else 1 end,
      v_name <> 'internal'
    )
    returning id into v_id;
    perform tests.remember(slug || '.' || v_name, v_id);
    insert into public.service_practitioners (organization_id, service_id, practitioner_id)
    values
      (v_organization, v_id, tests.id(slug || '.therapist')),
      (v_organization, v_id, tests.id(slug || '.colleague'));
  end loop;
  insert into public.service_rooms (organization_id, service_id, room_id)
  values
    (v_organization, tests.id(slug || '.massage'), tests.id(slug || '.room1')),
    (v_organization, tests.id(slug || '.group'), tests.id(slug || '.room2'));
  -- What is checked at commit is checked now, so that it does not answer for what the tests try.
  set constraints all immediate;
  set constraints all deferred;
end
$$;

grant execute on all functions in schema tests to anon, authenticated, service_role;
