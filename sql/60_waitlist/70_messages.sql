-- What people are told of offers, in the transaction that makes or ends them. No message holds a secret:
-- links are made when it is delivered.

create function private.offer_facts(offer public.waitlist_offers)
returns jsonb
language sql
stable
security definer -- definer because it is asked on behalf of the recipient
set search_path = ''
as $$
  select jsonb_build_object(
    'waitlist_offer_id', (offer).id,
    'service_name', s.name,
    'practitioner_name', p.display_name,
    'location_name', l.name,
    'starts_at', (offer).starts_at,
    'ends_at', (offer).ends_at,
    'timezone', l.timezone,
    'expires_at', (offer).expires_at
  )
  from public.appointments as a
  join public.services as s on s.id = a.service_id
  join public.practitioners as p on p.id = (offer).practitioner_id
  join public.locations as l on l.id = a.location_id
  where a.id = (offer).appointment_id
$$;

comment on function private.offer_facts(public.waitlist_offers) is 'What a message may tell about an offer.';

create function private.tell_client(offer public.waitlist_offers, kind text, channel text, expires_at timestamptz)
returns uuid
language sql
set search_path = ''
as $$
  select private.enqueue_message(
    (offer).organization_id, concat_ws(':', kind, (offer).id, channel), kind, channel,
    client_id => (offer).client_id, data => private.offer_facts(offer), priority => 1::smallint,
    expires_at => expires_at, subject_id => (offer).id
  )
$$;

create function private.tg_waitlist_offers__tell()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    -- By e-mail, else by telephone, and in the app of those who have a login.
    perform private.tell_client(new, 'waitlist_offer', way.channel, new.expires_at)
    from public.clients as c
    cross join lateral (
      values
        ('email', c.email is not null),
        ('sms', c.email is null and c.phone is not null),
        ('in_app', c.user_id is not null)
    ) as way (channel, is_open)
    where c.id = new.client_id and way.is_open;
    return null;
  end if;

  perform private.cancel_messages(new.id, array['waitlist_offer']);
  if new.status in ('expired', 'withdrawn') then
    -- Where it was not told of, it need not be told that it is over.
    perform private.tell_client(new, 'waitlist_offer_expired', m.channel::text, new.starts_at)
    from unnest(array['email', 'sms', 'in_app']) as way (channel)
    join public.messages as m
      on m.organization_id = new.organization_id and m.key = concat_ws(':', 'waitlist_offer', new.id, way.channel)
    where m.status <> 'cancelled';
  end if;
  -- Who made the offer by hand looks for somebody else. What is automatic goes on to the next by itself.
  if not new.is_automatic and new.status in ('expired', 'declined') then
    perform private.enqueue_message(
      new.organization_id, 'waitlist_unfilled:' || new.id, 'waitlist_unfilled', 'in_app', user_id => new.created_by,
      data => private.offer_facts(new), expires_at => new.starts_at, subject_id => new.id
    )
    from public.members as m
    where m.organization_id = new.organization_id and m.user_id = new.created_by;
  end if;
  return null;
end
$$;

create trigger waitlist_offers_tell_of_offer after insert on public.waitlist_offers
  for each row when (new.status = 'open') execute function private.tg_waitlist_offers__tell();
create trigger waitlist_offers_tell_of_end after update of status on public.waitlist_offers
  for each row when (old.status = 'open' and new.status <> 'open')
  execute function private.tg_waitlist_offers__tell();

create function private.tg_freed_slots__tell()
returns trigger
language plpgsql
security definer -- definer because nobody is granted writes on messages
set search_path = ''
as $$
begin
  perform private.enqueue_message(
    new.organization_id, concat_ws(':', 'waitlist_unfilled', new.id, m.user_id), 'waitlist_unfilled', 'in_app',
    user_id => m.user_id,
    data => jsonb_build_object(
      'practitioner_name', p.display_name, 'starts_at', lower(new.during), 'ends_at', upper(new.during),
      'timezone', o.timezone, 'offer_count', new.offer_count
    ),
    expires_at => upper(new.during), subject_id => new.id
  )
  from public.members as m
  join public.organizations as o on o.id = m.organization_id
  join public.practitioners as p on p.id = new.practitioner_id
  where m.organization_id = new.organization_id
    and (m.role in ('owner', 'admin', 'receptionist') or m.user_id = p.user_id);
  return null;
end
$$;

-- Where nobody was asked there is nothing to tell.
create trigger freed_slots_tell_of_end after update of outcome on private.freed_slots
  for each row when (old.outcome is null and new.outcome = 'unfilled' and new.offer_count > 0)
  execute function private.tg_freed_slots__tell();
