-- Demo data: two practices with their people, supply, three months of history and two weeks ahead.
--
-- Everything is relative to the day of loading and derived from row numbers, so that a load is
-- repeatable and there are free slots tomorrow whichever weekday that is. Where the organizations
-- exist already, nothing happens. It is one statement, hence one transaction in whatever runs it:
-- the embedded stack, `supabase db reset`, `supabase db push --include-seed`. Role: postgres.
--
-- Sign in with the password praxis-demo-2026 as owner@, reception@, therapist@ or client@ of
-- pristav.test (organization `pristav`) and harbour.test (organization `harbour`).
--
-- Fixed ids: KK000000-0000-4000-8000-00000000ONNN, where O is 1 for pristav and 2 for harbour, NNN
-- counts within the organization and KK is the kind:
--   10 organization (NNN 000)        11 location
--   12 account: 001 owner, 002 reception, 003 therapist, 004 client
--   13 member: as its account        14 practitioner: 001 is therapist@
--   15 client: 001 is client@        16 invitation: 001 is open, 002 has expired
--   20 service (numbers below)       21 room
--   45 tag                           50 bank account, 51 payer
--   75 document of a client
--   40 appointment, 41 block, 42 group session: numbered by start, so not the same on every day
--   60 bulk operation: 001 is completed, 002 is running
-- Services of pristav: 001 individual, 002 couple, 003 group of 6, 004 video, 005 introduction (free),
-- 006 biofeedback (equipment), 007 supervision (staff only), 008 late video. Of harbour: 001
-- counselling, 002 couples, 003 group of 8, 004 video, 005 first conversation (free).

do $seed$
declare
  v_now timestamptz := now();
  v_password constant text := 'praxis-demo-2026';
  -- Local days of the two organizations; around midnight they differ.
  v_prague_today date := (v_now at time zone 'Europe/Prague')::date;
  v_london_today date := (v_now at time zone 'Europe/London')::date;
  v_owner record;
  v_invoice record;
begin

if exists (select 1 from public.organizations where slug in ('pristav', 'harbour')) then
  return;
end if;

create function pg_temp.demo_id(kind integer, organization integer, number integer)
returns uuid language sql immutable strict as $$
  select (kind || '000000-0000-4000-8000-00000000' || organization || lpad(number::text, 3, '0'))::uuid
$$;

-- A number from 0 to 99 that looks random and is always the same for the same words.
create function pg_temp.demo_dice(variadic words text[])
returns integer language sql immutable as $$
  select ('x' || substr(md5(array_to_string(words, '|')), 1, 6))::bit(24)::integer % 100
$$;

-- The buckets of Storage: rows of its own, so no migration makes them.
perform private.ensure_buckets();

-- Accounts ------------------------------------------------------------------------------------------

create temporary table seed_accounts on commit drop as
select
  pg_temp.demo_id(12, organization, number) as id,
  organization,
  number,
  concat(name, '@', domain) as email,
  display_name
from (
  values
    (1, 1, 'owner', 'pristav.test', 'Markéta Havlenová'),
    (1, 2, 'reception', 'pristav.test', 'Jitka Podroužková'),
    (1, 3, 'therapist', 'pristav.test', 'Mgr. Tereza Lindaurová'),
    (1, 4, 'client', 'pristav.test', 'Vojtěch Říhánek'),
    (2, 1, 'owner', 'harbour.test', 'Imogen Thackwell'),
    (2, 2, 'reception', 'harbour.test', 'Callum Preswick'),
    (2, 3, 'therapist', 'harbour.test', 'Eleanor Marshgate'),
    (2, 4, 'client', 'harbour.test', 'Owen Pellbrook')
) as account (organization, number, name, domain, display_name);

-- Hosted Auth cannot read null where it expects a token: they are empty strings.
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data,
  raw_user_meta_data, created_at, updated_at, confirmation_token, recovery_token, email_change,
  email_change_token_new, email_change_token_current, phone_change, phone_change_token, reauthentication_token
)
select
  '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email,
  extensions.crypt(v_password, extensions.gen_salt('bf')), v_now,
  '{"provider": "email", "providers": ["email"]}', '{}', v_now, v_now, '', '', '', '', '', '', '', ''
from seed_accounts;

insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
select
  id::text, id, jsonb_build_object('sub', id, 'email', email, 'email_verified', true), 'email', v_now, v_now, v_now
from seed_accounts;

insert into public.profiles (user_id, display_name, locale, timezone)
select
  id, display_name, case organization when 1 then 'cs' else 'en' end,
  case organization when 1 then 'Europe/Prague' else 'Europe/London' end
from seed_accounts;

-- Organizations, locations, staff -------------------------------------------------------------------

insert into public.organizations (id, slug, name, timezone, currency, locale, contact_email)
values
  (
    '10000000-0000-4000-8000-000000001000', 'pristav', 'Přístav, centrum terapie', 'Europe/Prague', 'CZK', 'cs',
    'recepce@pristav.test'
  ),
  (
    '10000000-0000-4000-8000-000000002000', 'harbour', 'Harbour Counselling', 'Europe/London', 'GBP', 'en',
    'hello@harbour.test'
  );

-- pristav keeps the defaults; harbour is stricter about notice and kinder about late cancellations.
update public.organization_settings
set minimum_notice_minutes = 120, cancellation_window_minutes = 2880, late_cancellation = 'refund'
where organization_id = '10000000-0000-4000-8000-000000002000';

insert into public.locations (id, organization_id, name, timezone, address, phone)
values
  (
    '11000000-0000-4000-8000-000000001001', '10000000-0000-4000-8000-000000001000', 'Přístav Vinohrady',
    'Europe/Prague', 'Na Kotvě 12, 120 00 Praha 2', '+420 700 000 100'
  ),
  (
    '11000000-0000-4000-8000-000000001002', '10000000-0000-4000-8000-000000001000', 'Přístav Brno',
    'Europe/Prague', 'Lodní 7, 602 00 Brno', '+420 700 000 200'
  ),
  (
    '11000000-0000-4000-8000-000000002001', '10000000-0000-4000-8000-000000002000', 'Harbour House',
    'Europe/London', '4 Lantern Quay, London SE16', '+44 20 7946 0123'
  );

insert into public.members (id, organization_id, user_id, role, display_name)
select
  pg_temp.demo_id(13, organization, number),
  pg_temp.demo_id(10, organization, 0),
  id,
  (array['owner', 'receptionist', 'practitioner'])[number]::public.member_role,
  display_name
from seed_accounts
where number <= 3;

insert into public.practitioners (id, organization_id, user_id, display_name, title, biography, colour)
select
  pg_temp.demo_id(14, organization, number),
  pg_temp.demo_id(10, organization, 0),
  (
    select a.id from seed_accounts as a
    where a.organization = practitioner.organization and a.number = 3 and practitioner.number = 1
  ),
  display_name, title, biography, colour
from (
  values
    (1, 1, 'Mgr. Tereza Lindaurová', 'psychoterapeutka', 'Úzkosti, vyhoření, životní změny.', '#3a7ca5'),
    (1, 2, 'PhDr. Ondřej Malýšek', 'párový terapeut', 'Páry a rodiny, v Praze i v Brně.', '#81667a'),
    (1, 3, 'Mgr. Kateřina Sedmíková', 'klinická psycholožka', 'Skupiny a biofeedback.', '#5f9e6e'),
    (1, 4, 'Bc. Šimon Hájovský', 'poradce', 'Online konzultace večer a v noci.', '#c17c3a'),
    (2, 1, 'Eleanor Marshgate', 'counsellor', 'Anxiety, grief and change.', '#2f6690'),
    (2, 2, 'Rhys Callowby', 'counsellor', 'Couples, and the bereavement group.', '#7a5c61')
) as practitioner (organization, number, display_name, title, biography, colour);

-- Services and what can serve them ------------------------------------------------------------------

insert into public.services (
  id, organization_id, name, description, duration_minutes, buffer_before_minutes, buffer_after_minutes,
  price_amount, currency, colour, mode, seats, is_public
)
select
  pg_temp.demo_id(20, organization, number),
  pg_temp.demo_id(10, organization, 0),
  name, description, duration, before, after, price, case organization when 1 then 'CZK' else 'GBP' end, colour,
  mode::public.service_mode, seats, is_public
from (
  values
    (1, 1, 'Individuální terapie', 'Sezení jednoho klienta.', 50, 0, 10, 120000, '#3a7ca5', 'in_person', 1, true),
    (1, 2, 'Párová terapie', 'Sezení pro dva.', 80, 10, 15, 190000, '#81667a', 'in_person', 1, true),
    (1, 3, 'Skupinová terapie', 'Nejvýše šest lidí.', 90, 15, 15, 45000, '#5f9e6e', 'in_person', 6, true),
    (1, 4, 'Online konzultace', 'Videohovor odkudkoli.', 50, 0, 10, 100000, '#c17c3a', 'video', 1, true),
    (1, 5, 'Úvodní setkání', 'Nezávazně a zdarma.', 30, 5, 5, 0, '#8d99ae', 'in_person', 1, true),
    (1, 6, 'Biofeedback', 'Trénink s přístrojem.', 45, 5, 10, 90000, '#a26769', 'in_person', 1, true),
    (1, 7, 'Supervize', 'Pro kolegy; objednává recepce.', 60, 0, 0, 150000, '#6d6875', 'in_person', 1, false),
    (1, 8, 'Noční online podpora', 'Krátký videohovor večer a v noci.', 30, 0, 5, 60000, '#e09f3e', 'video', 1, true),
    (2, 1, 'Counselling session', 'One to one.', 50, 0, 10, 6000, '#2f6690', 'in_person', 1, true),
    (2, 2, 'Couples counselling', 'For two.', 75, 10, 15, 9000, '#7a5c61', 'in_person', 1, true),
    (2, 3, 'Bereavement group', 'Up to eight people.', 90, 15, 15, 1500, '#6b9080', 'in_person', 8, true),
    (2, 4, 'Online counselling', 'By video, wherever you are.', 50, 0, 10, 5500, '#c9ada7', 'video', 1, true),
    (2, 5, 'First conversation', 'Free and without obligation.', 20, 5, 5, 0, '#8d99ae', 'in_person', 1, true)
) as service (
  organization, number, name, description, duration, before, after, price, colour, mode, seats, is_public
);

insert into public.rooms (id, organization_id, location_id, name, kind)
select
  pg_temp.demo_id(21, organization, number),
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(11, organization, location),
  name, kind::public.room_kind
from (
  values
    (1, 1, 1, 'Pracovna Maják', 'room'),
    (1, 2, 1, 'Pracovna Kotva', 'room'),
    (1, 3, 1, 'Pracovna Molo', 'room'),
    (1, 4, 1, 'Skupinový sál Paluba', 'room'),
    (1, 5, 1, 'Přístroj pro biofeedback', 'equipment'),
    (1, 6, 2, 'Brno, pracovna Přívoz', 'room'),
    (2, 1, 1, 'Quay Room', 'room'),
    (2, 2, 1, 'Lantern Room', 'room'),
    (2, 3, 1, 'Long Room', 'room')
) as room (organization, number, location, name, kind);

insert into public.service_practitioners (organization_id, service_id, practitioner_id)
select
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(20, organization, service),
  pg_temp.demo_id(14, organization, practitioner)
from (
  values
    (1, 1, '{1,2,3}'::integer[]), (1, 2, '{1,2}'), (1, 3, '{2,3}'), (1, 4, '{1,4}'), (1, 5, '{1,2,3}'),
    (1, 6, '{2,3}'), (1, 7, '{2}'), (1, 8, '{4}'),
    (2, 1, '{1,2}'), (2, 2, '{1,2}'), (2, 3, '{1,2}'), (2, 4, '{1,2}'), (2, 5, '{1,2}')
) as served (organization, service, practitioners)
cross join lateral unnest(practitioners) as practitioner;

-- Video needs no room, so it has none here.
insert into public.service_rooms (organization_id, service_id, room_id)
select
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(20, organization, service),
  pg_temp.demo_id(21, organization, room)
from (
  values
    (1, 1, '{1,2,3,6}'::integer[]), (1, 2, '{1,2,3,6}'), (1, 3, '{4}'), (1, 5, '{1,2,3,6}'), (1, 6, '{5}'),
    (1, 7, '{1,2,3}'),
    (2, 1, '{1,2}'), (2, 2, '{1,2}'), (2, 3, '{3}'), (2, 5, '{1,2}')
) as held (organization, service, rooms)
cross join lateral unnest(rooms) as room;

-- Working time --------------------------------------------------------------------------------------

insert into public.working_hours (
  organization_id, practitioner_id, location_id, weekday, start_time, end_time, valid_from
)
select
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(14, organization, practitioner),
  pg_temp.demo_id(11, organization, location),
  weekday, start_time::time, end_time::time, coalesce(valid_from, date '2000-01-01')
from (
  values
    -- A split shift.
    (1, 1, 1, '{1,2,3,4,5}'::smallint[], '08:00', '12:00', null::date),
    (1, 1, 1, '{1,2,3,4,5}', '13:00', '17:00', null),
    (1, 1, 1, '{6}', '09:00', '13:00', null),
    -- Thursdays at the other location.
    (1, 2, 1, '{2,3,5,6}', '10:00', '18:00', null),
    (1, 2, 2, '{4}', '10:00', '18:00', null),
    (1, 2, 1, '{7}', '10:00', '15:00', null),
    -- Fridays from next month on.
    (1, 3, 1, '{1,2,3,4}', '09:00', '15:00', null),
    (1, 3, 1, '{6,7}', '09:00', '14:00', null),
    (1, 3, 1, '{5}', '09:00', '15:00', (date_trunc('month', v_prague_today) + interval '1 month')::date),
    -- Evenings, at the weekend across midnight.
    (1, 4, 1, '{1,2,3,4,7}', '16:00', '21:00', null),
    (1, 4, 1, '{5,6}', '19:30', '01:30', null),
    (2, 1, 1, '{1,2,3,4,5}', '09:00', '17:00', null),
    (2, 1, 1, '{6}', '10:00', '14:00', null),
    (2, 2, 1, '{2,3,4,5}', '12:00', '20:00', null),
    (2, 2, 1, '{6}', '09:00', '13:00', null),
    (2, 2, 1, '{7}', '10:00', '16:00', null)
) as shift (organization, practitioner, location, weekdays, start_time, end_time, valid_from)
cross join lateral unnest(weekdays) as weekday;

insert into public.extra_hours (organization_id, practitioner_id, location_id, during)
select
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(14, organization, practitioner),
  pg_temp.demo_id(11, organization, 1),
  tstzrange((day + from_time) at time zone timezone, (day + to_time) at time zone timezone)
from (
  values
    -- The second Sunday ahead, and an evening in the past.
    (
      1, 1, v_prague_today + 14 - extract(isodow from v_prague_today)::integer, time '09:00', time '12:00',
      'Europe/Prague'
    ),
    (1, 3, v_prague_today - 20, time '17:00', time '19:00', 'Europe/Prague'),
    (2, 1, v_london_today + 6, time '17:30', time '19:30', 'Europe/London')
) as extra (organization, practitioner, day, from_time, to_time, timezone);

insert into public.time_off (organization_id, practitioner_id, location_id, room_id, during, reason)
select
  pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(14, organization, practitioner),
  pg_temp.demo_id(11, organization, location),
  pg_temp.demo_id(21, organization, room),
  tstzrange(from_day::timestamp at time zone timezone, to_day::timestamp at time zone timezone),
  reason
from (
  values
    (1, 2, null::integer, null::integer, v_prague_today + 4, v_prague_today + 7, 'Europe/Prague', 'Dovolená'),
    (1, 1, null, null, v_prague_today - 30, v_prague_today - 28, 'Europe/Prague', 'Konference'),
    (1, null, null, 2, v_prague_today + 3, v_prague_today + 4, 'Europe/Prague', 'Malování'),
    (1, null, 1, null, v_prague_today + 10, v_prague_today + 11, 'Europe/Prague', 'Sanitární den'),
    (2, 2, null, null, v_london_today + 9, v_london_today + 10, 'Europe/London', 'Annual leave'),
    (2, null, 1, null, v_london_today + 11, v_london_today + 12, 'Europe/London', 'Building closed')
) as off (organization, practitioner, location, room, from_day, to_day, timezone, reason);

insert into public.booking_activations (organization_id, practitioner_id, day, is_open, set_by)
select p.organization_id, p.id, (v_now at time zone o.timezone)::date + n, true, m.user_id
from public.practitioners as p
join public.organizations as o on o.id = p.organization_id
join public.members as m on m.organization_id = o.id and m.role = 'receptionist'
cross join generate_series(0, 28) as n
where o.slug in ('pristav', 'harbour');

-- Clients ---------------------------------------------------------------------------------------------
-- Each comes to one practitioner at one regular time of the week, so that nobody is booked twice.

create temporary table seed_clients on commit drop as
select
  pg_temp.demo_id(15, organization, number) as id,
  organization,
  number,
  given_name,
  family_name,
  1 + (number - 1) % case organization when 1 then 4 else 2 end as practitioner,
  1 + (number - 1) / case organization when 1 then 4 else 2 end as position,
  case organization when 1 then v_prague_today else v_london_today end as today,
  -- Every fifth client pays by invoice, the others from their credits.
  number % 5 = 0 as pays_by_invoice
from (
  values
    (1, 1, 'Vojtěch', 'Říhánek'), (1, 2, 'Ludmila', 'Žďárková'), (1, 3, 'Čeněk', 'Hruštička'),
    (1, 4, 'Kristýna', 'Šafářová'), (1, 5, 'Bohdan', 'Kyselák'), (1, 6, 'Zdeňka', 'Ptáčníková'),
    (1, 7, 'Radim', 'Ječmínek'), (1, 8, 'Květa', 'Lišková'), (1, 9, 'Miloslav', 'Třeštík'),
    (1, 10, 'Anežka', 'Vrbenská'), (1, 11, 'Dušan', 'Chmelař'), (1, 12, 'Žofie', 'Koníčková'),
    (1, 13, 'Přemysl', 'Děkan'), (1, 14, 'Božena', 'Sluníčková'), (1, 15, 'Hynek', 'Čížkovský'),
    (1, 16, 'Alžběta', 'Mlynářová'), (1, 17, 'Štěpán', 'Ovčárek'), (1, 18, 'Růžena', 'Havránková'),
    (1, 19, 'Otakar', 'Břízek'), (1, 20, 'Světlana', 'Jedličková'), (1, 21, 'Matyáš', 'Zeťák'),
    (1, 22, 'Dagmar', 'Úlehlová'), (1, 23, 'Ctirad', 'Nový-Pešl'), (1, 24, 'Blanka', 'Ďurišová'),
    (1, 25, 'Jáchym', 'Vodnář'), (1, 26, 'Šárka', 'Pěnkavová'), (1, 27, 'Leoš', 'Stehlíček'),
    (1, 28, 'Eliška', 'Kopřivová'),
    (2, 1, 'Owen', 'Pellbrook'), (2, 2, 'Maeve', 'Dunstanley'), (2, 3, 'Tobias', 'Fernhollow'),
    (2, 4, 'Priya', 'Ashdown'), (2, 5, 'Gareth', 'Winterbourne'), (2, 6, 'Siân', 'Oakeshott'),
    (2, 7, 'Declan', 'O''Harrow'), (2, 8, 'Beatrix', 'Larkspur'), (2, 9, 'Kwame', 'Thornbury'),
    (2, 10, 'Isla', 'McKettrick'), (2, 11, 'Rupert', 'Swansdale'), (2, 12, 'Zoë', 'Bramwell-Finch')
) as client (organization, number, given_name, family_name);

-- Every eighth has no e-mail address and every ninth no telephone.
insert into public.clients (
  id, organization_id, user_id, given_name, family_name, email, phone, birth_date, locale, created_at
)
select
  c.id,
  pg_temp.demo_id(10, c.organization, 0),
  a.id,
  c.given_name,
  c.family_name,
  case
    when a.id is not null then a.email
    when c.number % 8 <> 0 then
      regexp_replace(private.normalize_search(c.given_name || '.' || c.family_name), '[^a-z.-]', '', 'g')
      || '@example.com'
  end,
  case when c.number % 9 <> 0 then
    case c.organization when 1 then '+420 700 000 3' else '+44 7700 9003' end || lpad(c.number::text, 2, '0')
  end,
  date '1955-03-14' + c.organization * 97 + c.number * 379,
  case c.organization when 1 then 'cs' else 'en' end,
  v_now - make_interval(days => 100)
from seed_clients as c
left join seed_accounts as a on a.organization = c.organization and a.number = 4 and c.number = 1;

insert into public.client_notes (organization_id, client_id, body, created_by, created_at)
select
  pg_temp.demo_id(10, organization, 0), pg_temp.demo_id(15, organization, client), body,
  pg_temp.demo_id(12, organization, author), v_now - make_interval(days => days_ago)
from (
  values
    (1, 1, 'Preferuje online sezení, když je na cestách.', 3, 70),
    (1, 1, 'Domluveno pokračování do léta.', 3, 12),
    (1, 2, 'Volat jen dopoledne.', 2, 55),
    (1, 5, 'Fakturovat na zaměstnavatele.', 2, 40),
    (1, 8, 'Nemá e-mail, termíny potvrzovat telefonicky.', 2, 33),
    (1, 13, 'Objednán na pět týdnů dopředu.', 3, 9),
    (1, 22, 'Zmeškala dvě sezení, promluvit o pravidlech storna.', 1, 5),
    (2, 1, 'Prefers mornings.', 3, 62),
    (2, 5, 'Invoice goes to the employer.', 2, 45),
    (2, 7, 'Ask about the referral letter.', 3, 8)
) as note (organization, client, body, author, days_ago);

-- The secret of the open one is known, so that accepting it can be tried: demo-invitation-<slug>.
insert into public.invitations (
  id, organization_id, email, role, display_name, token_hash, created_by, created_at, expires_at
)
select
  pg_temp.demo_id(16, organization, number), pg_temp.demo_id(10, organization, 0), email,
  role::public.member_role, display_name, private.hash_token(secret), pg_temp.demo_id(12, organization, 1),
  v_now - make_interval(days => days_ago), v_now - make_interval(days => days_ago - 7)
from (
  values
    (1, 1, 'novacek@pristav.test', 'practitioner', 'Mgr. Filip Nováček', 'demo-invitation-pristav', 1),
    (1, 2, 'brigada@pristav.test', 'receptionist', 'Výpomoc recepce', 'demo-invitation-pristav-expired', 20),
    (2, 1, 'locum@harbour.test', 'practitioner', 'Nadia Westerley', 'demo-invitation-harbour', 2),
    (2, 2, 'desk@harbour.test', 'receptionist', 'Weekend desk', 'demo-invitation-harbour-expired', 30)
) as invitation (organization, number, email, role, display_name, secret, days_ago);

-- Appointments --------------------------------------------------------------------------------------
-- Shifts are divided into places of two hours, long enough for every service with its buffers. The
-- places of a practitioner are handed out day by day, so that no day is ever full.

create temporary table seed_places on commit drop as
with place as (
  select
    p.id as practitioner_id, w.location_id, l.timezone, w.weekday,
    w.start_time::interval + n * interval '2 hours' as local_time,
    -- Two places are kept for the groups.
    (p.id, w.weekday, w.start_time::interval + n * interval '2 hours') in (
      (pg_temp.demo_id(14, 1, 3), 3, interval '13:00'), (pg_temp.demo_id(14, 2, 2), 4, interval '18:00')
    ) as is_for_group
  from public.working_hours as w
  join public.practitioners as p on p.id = w.practitioner_id
  join public.locations as l on l.id = w.location_id
  join public.organizations as o on o.id = w.organization_id
  cross join generate_series(0, 11) as n
  where o.slug in ('pristav', 'harbour')
    and w.valid_from <= v_prague_today
    and (n + 1) * interval '2 hours'
      <= w.end_time - w.start_time + case when w.end_time <= w.start_time then interval '1 day' else '0' end
)
select
  spread.*,
  row_number() over (
    partition by practitioner_id, is_for_group
    order by of_day, md5(concat(practitioner_id, weekday, local_time))
  ) as position
from (
  select
    place.*,
    row_number() over (
      partition by practitioner_id, weekday, is_for_group order by md5(concat(local_time, weekday, practitioner_id))
    ) as of_day
  from place
) as spread;

create temporary table seed_visits on commit drop as
with regular as (
  -- Every third client comes weekly, the others every other week; every third began later, with an
  -- introduction. Client 13 of pristav has booked five weeks as a block.
  select
    c.organization, c.number, c.id as client_id, c.practitioner, p.practitioner_id, p.location_id,
    (c.today - extract(isodow from c.today)::integer + p.weekday + week * 7 + p.local_time) at time zone p.timezone
      as starts_at,
    week,
    case
      when c.number % 3 = 2 and week < -7 + c.number % 5 and c.practitioner <> 4 then 5
      when c.number = 1 then (array[1, 4])[1 + (week + 14) % 2]
      else (
        case c.organization * 10 + c.practitioner
          when 11 then array[1, 2, 1, 4]
          when 12 then array[1, 2, 1]
          when 13 then array[1, 6]
          when 14 then array[4, 8]
          when 21 then array[1, 4, 2]
          when 22 then array[1, 1, 2, 4]
        end
      )[1 + c.position % case c.organization * 10 + c.practitioner
          when 11 then 4 when 22 then 4 when 12 then 3 when 21 then 3 else 2
        end]
    end as service,
    (c.organization, c.number) = (1, 13) and week between -1 and 3 as is_in_block,
    false as is_group
  from seed_clients as c
  join seed_places as p
    on p.practitioner_id = pg_temp.demo_id(14, c.organization, c.practitioner)
    and p.position = c.position
    and not p.is_for_group
  cross join generate_series(-13, 3) as week
  where (c.number % 3 = 1 or (week + c.number) % 2 = 0)
    and (c.number % 3 <> 2 or week >= -9 + c.number % 5)
    and (
      c.today - extract(isodow from c.today)::integer + p.weekday + week * 7 between c.today - 91 and c.today + 14
      or (c.organization, c.number) = (1, 13) and week between 1 and 3
    )
    and (c.number in (1, 13) or pg_temp.demo_dice('skip', c.id::text, week::text) >= 6)
),
grouped as (
  -- Every other week until now, and the next one that is at least two days ahead with three people.
  select
    c.organization, c.number, c.id, c.practitioner, p.practitioner_id, p.location_id,
    (session.day + p.local_time) at time zone p.timezone, session.week, 3, false, true
  from seed_places as p
  join seed_clients as c on pg_temp.demo_id(14, c.organization, c.practitioner) = p.practitioner_id
  cross join generate_series(-13, 2) as week
  cross join lateral (
    select c.today - extract(isodow from c.today)::integer + p.weekday + week * 7 as day, week
  ) as session
  where p.is_for_group
    and (
      session.day between c.today - 91 and c.today - 1
      and session.week % 2 = 0
      and c.position <= 6
      and pg_temp.demo_dice('group', c.id::text, session.week::text) < 75
      or session.day between c.today + 2 and c.today + 8 and c.position <= 3
    )
)
select
  v.*,
  s.id as service_id,
  case
    when s.mode = 'video' then null
    when v.is_group then pg_temp.demo_id(21, v.organization, case v.organization when 1 then 4 else 3 end)
    when v.organization = 1 and v.service = 6 then pg_temp.demo_id(21, 1, 5)
    when v.location_id = pg_temp.demo_id(11, 1, 2) then pg_temp.demo_id(21, 1, 6)
    else pg_temp.demo_id(21, v.organization, v.practitioner)
  end as room_id,
  v.starts_at + make_interval(mins => s.duration_minutes) as ends_at,
  s.price_amount,
  s.currency,
  s.mode,
  pg_temp.demo_dice('fate', v.client_id::text, v.week::text, v.is_group::text) as dice
from (select * from regular union all select * from grouped) as v
join public.services as s on s.id = pg_temp.demo_id(20, v.organization, v.service);

-- Nobody was booked into what is closed.
delete from seed_visits as v
using public.time_off as t
where t.organization_id = pg_temp.demo_id(10, v.organization, 0)
  and t.during && tstzrange(v.starts_at, v.ends_at)
  and (t.practitioner_id is null or t.practitioner_id = v.practitioner_id)
  and (t.location_id is null or t.location_id = v.location_id)
  and (t.room_id is null or t.room_id = v.room_id);

create temporary table seed_appointments on commit drop as
with fate as (
  select
    v.*,
    case
      when v.dice < 7 and not v.is_in_block and not v.is_group and (v.number > 1 or v.ends_at <= v_now) then 'cancelled'
      when v.ends_at <= v_now then case when v.dice < 13 then 'no_show' else 'completed' end
      when v.starts_at <= v_now then 'in_progress'
      when v.dice >= 84 and not v.is_in_block and v.number > 1 then 'pending'
      else 'confirmed'
    end as status
  from seed_visits as v
)
select
  f.*,
  -- client@ books alone, the others by telephone.
  pg_temp.demo_id(12, f.organization, case f.number when 1 then 4 else 2 end) as author_id,
  pg_temp.demo_id(40, f.organization, (
    row_number() over (partition by f.organization order by f.starts_at, f.client_id)
  )::integer) as id,
  case when f.is_group then pg_temp.demo_id(42, f.organization, (
    dense_rank() over (partition by f.organization, f.is_group order by f.starts_at)
  )::integer) end as session_id,
  case
    when f.price_amount = 0 then 'paid'
    -- Until last month the invoices have gone out.
    when c.pays_by_invoice and f.status in ('completed', 'no_show')
      and f.starts_at < date_trunc('month', c.today::timestamp) then 'invoiced'
    when c.pays_by_invoice then 'unpaid'
    -- Cancelled in time the credits went back, cancelled late they were kept.
    when f.status = 'cancelled' then case when f.dice < 5 then 'refunded' else 'paid' end
    when f.dice between 70 and 76 then 'unpaid'
    else 'paid'
  end as payment_status
from fate as f
join seed_clients as c on c.id = f.client_id;

insert into public.appointment_blocks (
  id, organization_id, client_id, practitioner_id, service_id, starts_at, occurrences, interval_weeks, created_by,
  created_at
)
select
  pg_temp.demo_id(41, organization, 1), pg_temp.demo_id(10, organization, 0), client_id, practitioner_id, service_id,
  min(starts_at), 5, 1, pg_temp.demo_id(12, organization, 2), min(starts_at) - interval '6 days'
from seed_appointments
where is_in_block
group by organization, client_id, practitioner_id, service_id;

insert into public.appointments (
  id, organization_id, location_id, client_id, practitioner_id, service_id, room_id, block_id, session_id,
  during, blocked_during, status, payment_status, price_amount, currency, mode, note, cancelled_at, cancelled_by,
  cancellation_reason, created_by, created_at, updated_at
)
select
  a.id, pg_temp.demo_id(10, a.organization, 0), a.location_id, a.client_id, a.practitioner_id, a.service_id,
  a.room_id, case when a.is_in_block then pg_temp.demo_id(41, a.organization, 1) end, coalesce(a.session_id, a.id),
  tstzrange(a.starts_at, a.ends_at),
  tstzrange(
    a.starts_at - make_interval(mins => s.buffer_before_minutes),
    a.ends_at + make_interval(mins => s.buffer_after_minutes)
  ),
  a.status::public.appointment_status, a.payment_status::public.payment_status, a.price_amount, a.currency, a.mode,
  case when a.dice = 50 then
    case a.organization when 1 then 'Přijde o pár minut později.' else 'Runs a few minutes late.' end
  end,
  change.cancelled_at,
  case when change.cancelled_at is not null then a.author_id end,
  case when change.cancelled_at is not null then
    case a.organization when 1 then 'Klient onemocněl.' else 'The client is ill.' end
  end,
  a.author_id,
  change.created_at,
  coalesce(change.cancelled_at, case when a.ends_at <= v_now then a.ends_at else change.created_at end)
from seed_appointments as a
join public.services as s on s.id = a.service_id
cross join lateral (
  select
    least(a.starts_at, v_now) - make_interval(days => 2 + a.dice % 14) as created_at,
    case when a.status = 'cancelled' then
      least(a.starts_at, v_now) - make_interval(hours => case a.payment_status when 'paid' then 3 else 30 end)
    end as cancelled_at
) as change
order by a.starts_at, a.client_id;

-- Credits -------------------------------------------------------------------------------------------
-- The ledger keeps its own order and time: what was paid needs its top-up first. `unit` is a round
-- amount to top up by.

create temporary table seed_purses on commit drop as
select
  c.*,
  case c.organization when 1 then 'CZK' else 'GBP' end as currency,
  case c.organization when 1 then 100000 else 5000 end as unit,
  coalesce((
    select sum(a.price_amount)
    from seed_appointments as a
    where a.client_id = c.id and a.payment_status in ('paid', 'refunded')
  ), 0) as spent_amount
from seed_clients as c
where not c.pays_by_invoice;

-- A few had a voucher that has expired: the next entry writes it off.
insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at, reason, created_by)
select
  pg_temp.demo_id(10, organization, 0), id, 'top_up', unit / 5, currency, v_now - interval '10 days',
  case organization when 1 then 'Dárkový poukaz' else 'Gift voucher' end, pg_temp.demo_id(12, organization, 2)
from seed_purses
where number % 6 = 1
order by organization, number;

insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason, created_by)
select
  pg_temp.demo_id(10, organization, 0), id, 'top_up', ceil(spent_amount / unit)::bigint * unit, currency,
  case organization when 1 then 'Převod na účet' else 'Bank transfer' end, pg_temp.demo_id(12, organization, 2)
from seed_purses
where spent_amount > 0
order by organization, number;

insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id, created_by)
select
  pg_temp.demo_id(10, organization, 0), client_id, 'spend', -price_amount, currency, id,
  author_id
from seed_appointments
where payment_status in ('paid', 'refunded') and price_amount > 0
order by starts_at, client_id;

insert into public.credit_entries (organization_id, client_id, kind, amount, currency, appointment_id, created_by)
select
  pg_temp.demo_id(10, organization, 0), client_id, 'refund', price_amount, currency, id,
  author_id
from seed_appointments
where payment_status = 'refunded'
order by starts_at, client_id;

-- What is left for the coming weeks; client@ has plenty. Every fourth has nothing to spare.
insert into public.credit_entries (organization_id, client_id, kind, amount, currency, expires_at, reason, created_by)
select
  pg_temp.demo_id(10, organization, 0), id, 'top_up',
  case when number = 1 then 4 else 1 + number % 3 end * unit, currency,
  v_now + make_interval(days => 30 * (2 + number % 5)),
  case organization when 1 then 'Balíček sezení' else 'Session package' end, pg_temp.demo_id(12, organization, 2)
from seed_purses
where number % 4 <> 3
order by organization, number;

insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason, created_by)
select
  pg_temp.demo_id(10, organization, 0), id, 'top_up', 10 * unit, currency,
  case organization when 1 then 'Převod na účet' else 'Bank transfer' end, pg_temp.demo_id(12, organization, 2)
from seed_purses
where number = 1
order by organization;

insert into public.credit_entries (organization_id, client_id, kind, amount, currency, reason, created_by)
select
  pg_temp.demo_id(10, organization, 0), id, 'adjustment', -unit / 10, currency,
  case organization when 1 then 'Oprava dvojího dobití' else 'Correction of a double top-up' end,
  pg_temp.demo_id(12, organization, 1)
from seed_purses
where number = 2
order by organization;

-- Last month's billing report, made by its owner ----------------------------------------------------

for v_owner in
  select a.id, date_trunc('month', c.today::timestamp) as month
  from seed_accounts as a
  join seed_clients as c on c.organization = a.organization and c.number = 1
  where a.number = 1
loop
  perform set_config(
    'request.jwt.claims', json_build_object('sub', v_owner.id, 'role', 'authenticated')::text, true
  );
  perform public.create_billing_report((v_owner.month - interval '1 month')::date, v_owner.month::date);
end loop;
perform set_config('request.jwt.claims', '', true);

-- Invoices, payments, bank -------------------------------------------------------------------------

insert into public.billing_settings (
  organization_id, legal_name, registration_number, vat_number, is_vat_payer, street, city, postal_code, country,
  email, phone, register_note, due_days, reminder_after_days
)
values
  (
    '10000000-0000-4000-8000-000000001000', 'Přístav, centrum terapie, s.r.o.', '27082440', 'CZ27082440', true,
    'Na Kotvě 12', 'Praha 2', '120 00', 'CZ', 'fakturace@pristav.test', '+420 700 000 100',
    'Zapsáno v obchodním rejstříku u Městského soudu v Praze.', 14, '{7,14,30}'
  ),
  (
    '10000000-0000-4000-8000-000000002000', 'Harbour Counselling Ltd', '01234567', null, false, '4 Lantern Quay',
    'London', 'SE16 1AA', 'GB', 'accounts@harbour.test', '+44 20 7946 0123', null, 30, '{10,30}'
  );

insert into public.bank_accounts (id, organization_id, name, iban, account_number, bic, currency, provider, is_default)
values
  (
    pg_temp.demo_id(50, 1, 1), '10000000-0000-4000-8000-000000001000', 'Provozní účet', 'CZ6508000000192000145399',
    '19-2000145399/0800', 'GIBACZPX', 'CZK', 'fio', true
  ),
  (
    pg_temp.demo_id(50, 2, 1), '10000000-0000-4000-8000-000000002000', 'Current account', 'GB33BUKB20201555555555',
    null, 'BUKBGB22', 'GBP', null, true
  );

insert into public.payers (
  id, organization_id, name, registration_number, vat_number, street, city, postal_code, country, email, locale
)
values
  (
    pg_temp.demo_id(51, 1, 1), '10000000-0000-4000-8000-000000001000', 'Lodní strojírny, a.s.', '25596641',
    'CZ25596641', 'Přístavní 30', 'Praha 7', '170 00', 'CZ', 'ucetni@strojirny.test', 'cs'
  ),
  (
    pg_temp.demo_id(51, 2, 1), '10000000-0000-4000-8000-000000002000', 'Tideway Logistics Ltd', '07654321', null,
    '1 Dock Road', 'London', 'E16 2AB', 'GB', 'payables@tideway.test', 'en'
  );

-- Supervision is taxed, care is not.
insert into public.service_taxes (service_id, organization_id, tax_rate, tax_category)
values (pg_temp.demo_id(20, 1, 7), '10000000-0000-4000-8000-000000001000', 21, 'standard');

for v_owner in
  select a.id, a.organization, c.today, pg_temp.demo_id(50, a.organization, 1) as account_id
  from seed_accounts as a
  join seed_clients as c on c.organization = a.organization and c.number = 1
  where a.number = 1
loop
  perform set_config(
    'request.jwt.claims', json_build_object('sub', v_owner.id, 'role', 'authenticated')::text, true
  );
  -- One invoice in each state, oldest first, because numbers follow dates.
  for v_invoice in
    select
      d.number,
      (
        public.create_invoice(
          client_id => pg_temp.demo_id(15, v_owner.organization, d.client),
          lines => jsonb_build_array(jsonb_build_object(
            'description',
            case v_owner.organization when 1 then 'Individuální terapie' else 'Counselling session' end,
            'quantity', d.quantity,
            'unit_price_amount', case v_owner.organization when 1 then 120000 else 6500 end
          )),
          due_on => v_owner.today - d.days + 14,
          payer_id => case when d.payer then pg_temp.demo_id(51, v_owner.organization, 1) end
        )
      ).id,
      d.days
    from (
      values
        (1, 2, 60, 3, false), (2, 3, 45, 2, false), (3, 4, 40, 1, true), (4, 1, 20, 2, false), (5, 5, 10, 1, false),
        (6, 6, 5, 4, true), (7, 7, 3, 1, false), (8, 8, 1, 1, false), (9, 2, 0, 2, false)
    ) as d (number, client, days, quantity, payer)
    order by d.number
  loop
    if v_invoice.number < 9 then
      perform public.issue_invoice(v_invoice.id, v_owner.today - v_invoice.days);
    end if;
    if v_invoice.number = 1 then
      perform public.record_payment(
        v_invoice.id, (select i.open_amount from public.invoices as i where i.id = v_invoice.id),
        v_owner.today - 50, 'cash'
      );
    elsif v_invoice.number = 4 then
      perform public.record_payment(v_invoice.id, 5000, v_owner.today - 10, 'card');
    elsif v_invoice.number = 5 then
      perform public.void_invoice(
        v_invoice.id, case v_owner.organization when 1 then 'Vystaveno omylem' else 'Issued by mistake' end
      );
    elsif v_invoice.number = 6 then
      update public.invoices as i set sent_at = v_now where i.id = v_invoice.id;
    elsif v_invoice.number = 7 then
      perform public.create_credit_note(
        v_invoice.id, case v_owner.organization when 1 then 'Sleva dodatečně' else 'Discount granted later' end
      );
    end if;
  end loop;
  -- A statement: one line that matches by itself, one of a wrong amount, one that says little, one outgoing.
  perform public.import_bank_transactions(
    v_owner.account_id,
    (
      select jsonb_agg(jsonb_build_object(
        'booked_on', v_owner.today - 2,
        'amount', case l.kind when 'outgoing' then -250000 when 'unknown' then 33300 else i.open_amount - l.less end,
        'currency', i.currency,
        'variable_symbol', case when l.kind in ('exact', 'short') then i.variable_symbol end,
        'counterparty', case l.kind
          when 'outgoing' then 'Nájem / Rent'
          when 'unknown' then 'Neznámý plátce / Unknown'
          else i.payer ->> 'name'
        end,
        'message', case l.kind when 'unknown' then 'dekuji / thank you' end,
        'bank_reference', 'DEMO-' || l.number
      ) order by l.number)
      from (
        values (1, 'exact', 2, 0), (2, 'short', 3, 100), (3, 'unknown', 6, 0), (4, 'outgoing', 6, 0)
      ) as l (number, kind, place, less)
      join (
        select d.*, row_number() over (order by d.year, d.sequence) as place
        from public.invoices as d
        where d.organization_id = pg_temp.demo_id(10, v_owner.organization, 0) and d.series = 'main'
      ) as i on i.place = l.place
    ),
    'demo'
  );
  perform public.match_bank_transactions();
end loop;
perform set_config('request.jwt.claims', '', true);

-- Waitlist ----------------------------------------------------------------------------------------
-- People of every kind: some wait, client@ has an offer that is open for two days, one was booked
-- through an offer, one gave up, one waited in vain. All want the second practitioner, so that time
-- which is freed while somebody tries the demo stays free.

insert into public.waitlist_entries (
  id, organization_id, client_id, service_id, preferences, priority, status, ended_at, created_by, created_at
)
select
  pg_temp.demo_id(60, c.organization, e.number), pg_temp.demo_id(10, c.organization, 0), c.id,
  pg_temp.demo_id(20, c.organization, e.service),
  e.preferences::jsonb
    || jsonb_build_object('practitioner_ids', array[pg_temp.demo_id(14, c.organization, 2)])
    || case when e.status = 'expired' then jsonb_build_object('to_date', c.today - 3) else '{}' end,
  e.priority, e.status::public.waitlist_status,
  case when e.status in ('withdrawn', 'expired') then v_now - interval '2 days' end,
  case when e.client = 1 then pg_temp.demo_id(12, c.organization, 4) else pg_temp.demo_id(12, c.organization, 2) end,
  v_now - make_interval(days => e.days_ago)
from (
  values
    (1, 3, 1, '{"weekdays": [1, 2, 3, 4, 5], "times": [{"start_time": "08:00", "end_time": "12:00"}]}', 5,
      'waiting', 12),
    (2, 6, 1, '{"times": [{"start_time": "15:00", "end_time": "20:00"}]}', 2, 'waiting', 4),
    (3, 7, 5, '{"minimum_notice_minutes": 1440}', 5, 'waiting', 1),
    (4, 1, 2, '{}', 5, 'offered', 9),
    (5, 10, 2, '{"weekdays": [6, 7]}', 5, 'withdrawn', 20),
    (6, 11, 1, '{}', 7, 'expired', 30)
) as e (number, client, service, preferences, priority, status, days_ago)
join seed_clients as c on c.number = e.client;

with offered as (
  select e.organization_id, e.id as waitlist_entry_id, e.client_id, c.organization, s as service, slot
  from public.waitlist_entries as e
  join seed_clients as c on c.id = e.client_id
  join public.services as s on s.id = e.service_id
  cross join lateral (
    select o.*
    from private.open_slots(
      s, array[pg_temp.demo_id(14, c.organization, 2)], c.today + 6, c.today + 20, busy_client_id => c.id
    ) as o
    order by o.starts_at, o.location_id
    limit 1
  ) as slot
  where e.status = 'offered'
),
held as (
  insert into public.appointments (
    id, organization_id, location_id, client_id, practitioner_id, service_id, room_id, session_id, during,
    blocked_during, status, held_until, price_amount, currency, mode, created_by
  )
  select
    pg_temp.demo_id(62, organization, 1), organization_id, (slot).location_id, client_id, (slot).practitioner_id,
    (service).id, (slot).room_id, pg_temp.demo_id(62, organization, 1), tstzrange((slot).starts_at, (slot).ends_at),
    tstzrange(
      (slot).starts_at - make_interval(mins => (service).buffer_before_minutes),
      (slot).ends_at + make_interval(mins => (service).buffer_after_minutes)
    ),
    'pending', v_now + interval '2 days', (service).price_amount, (service).currency, (service).mode,
    pg_temp.demo_id(12, organization, 2)
  from offered
)
insert into public.waitlist_offers (
  id, organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, expires_at,
  created_by
)
select
  pg_temp.demo_id(61, organization, 1), organization_id, waitlist_entry_id, client_id, (slot).practitioner_id,
  pg_temp.demo_id(62, organization, 1), (slot).starts_at, (slot).ends_at, v_now + interval '2 days',
  pg_temp.demo_id(12, organization, 2)
from offered;

with accepted as (
  select distinct on (a.organization) a.*, p.created_at as booked_at
  from seed_appointments as a
  join seed_clients as c on c.id = a.client_id and c.number not in (1, 3, 6, 7, 10, 11)
  join public.appointments as p on p.id = a.id
  where a.status = 'confirmed' and not a.is_in_block and a.starts_at > v_now + interval '1 day'
  order by a.organization, a.starts_at, a.client_id
),
entry as (
  insert into public.waitlist_entries (
    id, organization_id, client_id, service_id, status, appointment_id, ended_at, created_by, created_at
  )
  select
    pg_temp.demo_id(60, organization, 7), pg_temp.demo_id(10, organization, 0), client_id, service_id, 'booked', id,
    booked_at, pg_temp.demo_id(12, organization, 2), booked_at - interval '6 days'
  from accepted
)
insert into public.waitlist_offers (
  id, organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at, ends_at, status,
  is_automatic, expires_at, answered_at, created_at
)
select
  pg_temp.demo_id(61, organization, 2), pg_temp.demo_id(10, organization, 0), pg_temp.demo_id(60, organization, 7),
  client_id, practitioner_id, id, starts_at, ends_at, 'accepted', true, booked_at + interval '1 hour', booked_at,
  booked_at - interval '1 hour'
from accepted;


-- Messages: templates, preferences, reminders, inbox ----------------------------------------------
-- What was told of the appointments so far has gone out; what is to come waits. Of every state one.

insert into public.reminder_rules (organization_id, minutes_before, channel)
select pg_temp.demo_id(10, organization, 0), minutes_before, channel::public.message_channel
from generate_series(1, 2) as organization
cross join (values (2880, 'email'), (180, 'sms')) as rule (minutes_before, channel);

insert into public.message_templates (organization_id, kind, channel, locale, subject, body)
values
  (
    pg_temp.demo_id(10, 1, 0), 'appointment_reminder', 'sms', 'cs', '',
    'Přístav: těšíme se na vás {{ appointment.day }} v {{ appointment.time }}.'
  ),
  (
    pg_temp.demo_id(10, 2, 0), 'appointment_reminder', 'sms', 'en', '',
    'Harbour: see you on {{ appointment.day }} at {{ appointment.time }}.'
  );

insert into public.notification_preferences (organization_id, client_id, channel, kind, is_enabled)
select pg_temp.demo_id(10, organization, 0), pg_temp.demo_id(15, organization, 1), channel::public.message_channel, kind,
  false
from generate_series(1, 2) as organization
cross join (values ('sms', null), ('email', 'staff_message')) as wish (channel, kind);
insert into public.quiet_hours (organization_id, client_id, start_time, end_time)
select pg_temp.demo_id(10, organization, 0), pg_temp.demo_id(15, organization, 1), '22:00', '07:00'
from generate_series(1, 2) as organization;

perform public.announce_bookings(10000);
update public.messages as m
set status = 'cancelled', error = 'no_address'
from public.clients as c
where c.id = m.client_id and m.address is null and m.status = 'pending'
  and ((m.channel = 'email' and c.email is null) or (m.channel = 'sms' and c.phone is null));
update public.messages as m
set status = 'sending', attempts = 1, lease = gen_random_uuid(), leased_until = v_now
where m.status = 'pending' and m.send_after <= v_now;
update public.messages as m
set status = 'sent', lease = null, leased_until = null, provider = 'smtp', sent_at = v_now
where m.status = 'sending';
update public.messages as m set status = 'delivered', delivered_at = v_now
where m.status = 'sent' and m.channel = 'email' and pg_temp.demo_dice(m.key) < 80;

insert into public.messages (
  id, organization_id, key, kind, channel, client_id, data, status, attempts, error, send_after, created_at
)
select
  pg_temp.demo_id(65, organization, number), pg_temp.demo_id(10, organization, 0), 'demo:' || number, 'staff_message',
  channel::public.message_channel, pg_temp.demo_id(15, organization, client),
  case organization
    when 1 then '{"subject": "Změna adresy", "body": "Od pondělí jsme o patro výš."}'
    else '{"subject": "We have moved", "body": "From Monday we are one floor up."}'
  end::jsonb,
  state::public.message_status, attempts, error, v_now, v_now - interval '1 day'
from generate_series(1, 2) as organization
cross join (
  values
    (1, 'email', 2, 'failed', 12, 'http_503'),
    (2, 'email', 3, 'failed', 1, 'address_suppressed'),
    (3, 'email', 1, 'cancelled', 0, 'not_wanted'),
    (4, 'in_app', 1, 'pending', 0, null)
) as message (number, channel, client, state, attempts, error);
insert into public.suppressed_addresses (organization_id, channel, address, reason)
select c.organization_id, 'email', lower(c.email), 'bounced'
from public.clients as c
where c.id in (pg_temp.demo_id(15, 1, 3), pg_temp.demo_id(15, 2, 3)) and c.email is not null;
-- The older half of every inbox has been read.
update public.notifications as n set read_at = v_now
where n.kind <> 'staff_message' and pg_temp.demo_dice(n.id::text) < 50;
insert into public.appointment_confirmations (organization_id, appointment_id, starts_at)
select distinct on (a.organization_id) a.organization_id, a.id, a.starts_at
from public.appointments as a
where a.status = 'confirmed' and a.starts_at > v_now
order by a.organization_id, a.starts_at, a.id;

-- Client reports and tags -------------------------------------------------------------------------

insert into public.tags (id, organization_id, name, colour)
select pg_temp.demo_id(45, organization, number), pg_temp.demo_id(10, organization, 0), name, colour
from (
  values
    (1, 1, 'Úzkost', '#3a7ca5'), (1, 2, 'Vyhoření', '#c17c3a'), (1, 3, 'Páry', '#81667a'),
    (1, 4, 'Hradí zaměstnavatel', '#5f9e6e'), (1, 5, 'Nepoužívaný', '#8d99ae'),
    (2, 1, 'Anxiety', '#2f6690'), (2, 2, 'Bereavement', '#7a5c61'), (2, 3, 'Employer pays', '#6b9080')
) as tag (organization, number, name, colour);

-- Some clients carry none, some several.
insert into public.client_tags (organization_id, client_id, tag_id, created_by)
select
  pg_temp.demo_id(10, c.organization, 0), c.id, t.id, pg_temp.demo_id(12, c.organization, 3)
from seed_clients as c
join public.tags as t on t.organization_id = pg_temp.demo_id(10, c.organization, 0)
where case
    when t.name in ('Hradí zaměstnavatel', 'Employer pays') then c.pays_by_invoice
    when t.name in ('Páry', 'Bereavement') then c.practitioner = 2
    when t.name = 'Nepoužívaný' then false
    else pg_temp.demo_dice('tag', c.id::text, t.name) < 35
  end;

-- Announced documents, and one that was refused. Stored ones have a file, which no seed can bring:
-- `make demo` stores one.
insert into public.client_reports (
  id, organization_id, client_id, title, file_name, content_type, size_bytes, created_by, created_at
)
select
  pg_temp.demo_id(75, organization, number), pg_temp.demo_id(10, organization, 0),
  pg_temp.demo_id(15, organization, client), title, file_name, content_type, size_bytes,
  pg_temp.demo_id(12, organization, 3), v_now - make_interval(hours => hours_ago)
from (
  values
    (1, 1, 1, 'Zpráva ze vstupního vyšetření', 'vstupni-vysetreni.pdf', 'application/pdf', 48213, 2),
    (1, 2, 1, 'Dotazník', 'dotaznik.png', 'image/png', 20480, 200),
    (2, 1, 1, 'Assessment', 'assessment.pdf', 'application/pdf', 51730, 1)
) as report (organization, number, client, title, file_name, content_type, size_bytes, hours_ago);
update public.client_reports set status = 'refused', refusal = 'content_type'
where id = pg_temp.demo_id(75, 1, 2);

-- Bulk operations ---------------------------------------------------------------------------------

-- A day that was cancelled because somebody was ill, and a list of clients of which half is brought
-- in: it waits for its sender. Nothing here runs by itself.

for v_owner in
  select
    a.id, a.organization, o.id as operation_id, o.kind,
    array(
      select s.id
      from public.appointments as s
      where s.organization_id = d.organization_id and s.practitioner_id = d.practitioner_id
        and s.starts_at::date = d.day and s.status = 'cancelled'
      order by s.starts_at
    ) as subject_ids,
    d.practitioner_id, d.day
  from seed_accounts as a
  cross join lateral (
    select s.organization_id, s.practitioner_id, s.starts_at::date as day
    from public.appointments as s
    where s.organization_id = pg_temp.demo_id(10, a.organization, 0) and s.status = 'cancelled' and s.starts_at < v_now
    group by s.organization_id, s.practitioner_id, s.starts_at::date
    order by count(*) desc, s.starts_at::date desc, s.practitioner_id
    limit 1
  ) as d
  cross join lateral (
    values (pg_temp.demo_id(60, a.organization, 1), 'cancel_day'), (pg_temp.demo_id(60, a.organization, 2), 'import_clients')
  ) as o (id, kind)
  where a.number = 2
loop
  insert into public.bulk_operations (id, organization_id, kind, parameters, created_by, created_at)
  values (
    v_owner.operation_id, pg_temp.demo_id(10, v_owner.organization, 0), v_owner.kind,
    case v_owner.kind
      when 'cancel_day' then jsonb_build_object(
        'practitioner_id', v_owner.practitioner_id, 'day', v_owner.day, 'reason',
        case v_owner.organization when 1 then 'Nemoc' else 'Illness' end
      )
      else jsonb_build_object('on_duplicate', 'skip', 'file_hash', encode(extensions.digest('demo', 'sha256'), 'hex'))
    end,
    v_owner.id, v_now - interval '20 minutes'
  );
  insert into public.bulk_operation_items (operation_id, number, organization_id, subject_id)
  select
    v_owner.operation_id, n, pg_temp.demo_id(10, v_owner.organization, 0),
    case v_owner.kind when 'cancel_day' then v_owner.subject_ids[n] end
  from generate_series(1, case v_owner.kind when 'cancel_day' then cardinality(v_owner.subject_ids) else 40 end) as n;
  update public.bulk_operation_items as i
  set
    status = case
      when i.subject_id is not null or i.number not in (4, 11, 17) then 'done'
      when i.number = 11 then 'skipped'
      else 'failed'
    end::public.bulk_item_status,
    code = case
      when i.subject_id is not null then null
      when i.number = 11 then 'already_exists'
      when i.number in (4, 17) then 'invalid_argument'
    end,
    detail = case
      when i.subject_id is not null then null
      when i.number = 4 then 'This is not an e-mail address.'
      when i.number = 11 then 'This client exists already.'
      when i.number = 17 then 'This is not a date.'
    end,
    result = case
      when i.subject_id is not null then '{"payment_status": "refunded"}'
      else jsonb_build_object(
        'outcome', case when i.number = 11 then 'skipped' when i.number in (4, 17) then 'failed' else 'created' end,
        'field', case i.number when 4 then 'email' when 11 then 'email' when 17 then 'birth_date' end,
        'row', i.number + 1
      )
    end
  where i.operation_id = v_owner.operation_id and (i.subject_id is not null or i.number <= 20);
end loop;

drop function pg_temp.demo_id(integer, integer, integer);
drop function pg_temp.demo_dice(text[]);

end
$seed$;
