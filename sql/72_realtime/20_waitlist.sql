-- Changes of the waiting list: of who waits, and of the places that are offered.

create function private.tg_waitlist_entries__broadcast()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending, nor reading whose login a client has
set search_path = ''
as $$
begin
  perform private.broadcast(
    array[
      private.calendar_topic(new.organization_id),
      private.user_topic((select c.user_id from public.clients as c where c.id = new.client_id))
    ],
    'waitlist:changed',
    jsonb_build_object('waitlist_entry_id', new.id, 'organization_id', new.organization_id)
  );
  return null;
end
$$;

comment on function private.tg_waitlist_entries__broadcast() is
  'Tells the desk and the client that an entry has changed.';

create trigger waitlist_entries_broadcast_insert after insert on public.waitlist_entries
  for each row execute function private.tg_waitlist_entries__broadcast();
create trigger waitlist_entries_broadcast_update after update on public.waitlist_entries
  for each row when (old.* is distinct from new.*) execute function private.tg_waitlist_entries__broadcast();

create function private.tg_waitlist_offers__broadcast()
returns trigger
language plpgsql
security definer -- definer because nobody is granted sending, nor reading whose login a client has
set search_path = ''
as $$
begin
  perform private.broadcast(
    array[
      private.calendar_topic(new.organization_id),
      private.user_topic((select c.user_id from public.clients as c where c.id = new.client_id)),
      private.user_topic((select p.user_id from public.practitioners as p where p.id = new.practitioner_id))
    ],
    case new.status when 'open' then 'waitlist:offered' else 'waitlist:answered' end,
    jsonb_build_object(
      'waitlist_offer_id', new.id,
      'waitlist_entry_id', new.waitlist_entry_id,
      'appointment_id', new.appointment_id,
      'organization_id', new.organization_id,
      'practitioner_id', new.practitioner_id,
      'starts_at', new.starts_at,
      'ends_at', new.ends_at,
      'expires_at', new.expires_at
    )
  );
  return null;
end
$$;

comment on function private.tg_waitlist_offers__broadcast() is
  'Tells the desk, the client and the practitioner whose time it is that a place is offered, or the offer over.';

create trigger waitlist_offers_broadcast_insert after insert on public.waitlist_offers
  for each row execute function private.tg_waitlist_offers__broadcast();
create trigger waitlist_offers_broadcast_update after update on public.waitlist_offers
  for each row when (old.status <> new.status) execute function private.tg_waitlist_offers__broadcast();
