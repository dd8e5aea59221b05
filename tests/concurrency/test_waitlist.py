"""Cancelling, offering, booking, answering and the scheduler at once: one place, one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from psycopg.rows import DictRow

from tests.concurrency.practice import Client, Practice, monday
from tests.concurrency.race import Call, Crew, Outcome, rpc, tokens

JOB = Call(None, "select private.offer_freed_slots()")
# As the scheduler does, in one transaction, without noting that they ran.
ALL_JOBS = Call(
    None,
    "select private.run_job('expire_credits'), private.run_job('offer_freed_slots'),"
    " private.run_job('seal_audit')",
)


@pytest.fixture(autouse=True)
def sound(make_practice: Callable[..., Practice]) -> Iterator[list[Practice]]:
    """Look at the waiting list of every practice when its test is over."""
    made: list[Practice] = []
    yield made
    for practice in made:
        found = practice.sql.execute(
            "select * from private.waitlist_violations(%s)", [practice.id]
        ).fetchall()
        assert found == []


@pytest.fixture
def practice(make_practice: Callable[..., Practice], sound: list[Practice]) -> Practice:
    """A practice whose list is looked at afterwards."""
    made = make_practice()
    sound.append(made)
    return made


def wait_all(practice: Practice, crew: Crew, service: str, clients: list[Client]) -> list[str]:
    """Put everybody on the list; returns their entries."""
    outcomes = crew.race(
        [rpc(str(client.user_id), "join_waitlist", service_id=service) for client in clients]
    )
    assert tokens(outcomes) == {"ok": len(clients)}
    return [str(outcome.row["id"]) for outcome in outcomes]


def offer(practice: Practice, entry: str, person: str, starts_at: dt.datetime) -> Call:
    return rpc(
        practice.owner_id,
        "offer_slot",
        waitlist_entry_id=entry,
        practitioner_id=person,
        starts_at=starts_at,
    )


def answer_of(outcome: Outcome) -> DictRow:
    """Return the JSON that offer_slot answered."""
    found: DictRow = outcome.row["offer_slot"]
    return found


def offers(practice: Practice) -> list[DictRow]:
    return practice.sql.execute(
        "select * from public.waitlist_offers where organization_id = %s order by created_at",
        [practice.id],
    ).fetchall()


def test_everybody_joins_once(practice: Practice, crew: Crew) -> None:
    service = practice.service(practice.practitioners())
    client = practice.client()
    outcomes = crew.race(
        [rpc(str(client.user_id), "join_waitlist", service_id=service) for _ in range(50)]
    )
    assert tokens(outcomes) == {"ok": 1, "already_exists": 49}


def test_one_place_is_offered_to_one_of_many(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    clients = practice.clients(50)
    entries = wait_all(practice, crew, service, clients)
    outcomes = crew.race([offer(practice, entry, person, monday()) for entry in entries])
    assert tokens(outcomes) == {"ok": 1, "slot_taken": 49}
    [held] = practice.appointments()
    assert held["status"] == "pending"
    assert held["held_until"] is not None


def test_one_person_gets_one_offer(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(5)
    service = practice.service(people)
    [entry] = wait_all(practice, crew, service, practice.clients(1))
    outcomes = crew.race(
        [
            offer(practice, entry, people[n % 5], monday() + dt.timedelta(hours=n // 5))
            for n in range(50)
        ]
    )
    assert tokens(outcomes) == {"ok": 1, "invalid_state": 49}
    assert len(practice.appointments()) == 1


def test_offers_and_bookings_of_one_place(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    waiting, others = practice.clients(25), practice.clients(25)
    entries = wait_all(practice, crew, service, waiting)
    calls = [offer(practice, entry, person, monday()) for entry in entries]
    calls += [
        rpc(
            str(client.user_id),
            "book_appointment",
            service_id=service,
            starts_at=monday(),
            practitioner_id=person,
        )
        for client in others
    ]
    outcomes = crew.race(calls[::2] + calls[1::2])
    assert tokens(outcomes) == {"ok": 1, "slot_taken": 49}
    assert len(practice.appointments()) == 1


def test_a_secret_accepts_once(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=400)
    client = practice.client(credit=1000)
    [entry] = wait_all(practice, crew, service, [client])
    [made] = crew.race([offer(practice, entry, person, monday())])
    token = answer_of(made)["token"]
    users = [str(client.user_id), practice.owner_id]
    outcomes = crew.race([rpc(users[n % 2], "accept_offer", token=token) for n in range(50)])
    assert tokens(outcomes) == {"ok": 1, "not_found": 49}
    [booked] = practice.appointments()
    assert (booked["status"], booked["payment_status"]) == ("confirmed", "paid")
    assert practice.balance(client) == 600


def test_every_answer_at_once(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], price_amount=400)
    for day in range(5):
        client = practice.client(credit=1000)
        [entry] = wait_all(practice, crew, service, [client])
        [made] = crew.race([offer(practice, entry, person, monday() + dt.timedelta(days=day))])
        found = answer_of(made)
        by_id = {"waitlist_offer_id": found["waitlist_offer_id"]}
        users = [str(client.user_id), practice.owner_id]
        calls = [
            call
            for n in range(6)
            for call in (
                rpc(users[n % 2], "accept_offer", **by_id),
                rpc(users[n % 2], "decline_offer", **by_id),
                rpc(users[n % 2], "accept_offer", token=found["token"]),
                rpc(users[n % 2], "cancel_appointment", appointment_id=found["appointment_id"]),
                rpc(users[n % 2], "leave_waitlist", waitlist_entry_id=entry),
                rpc(users[n % 2], "pay_appointment", appointment_id=found["appointment_id"]),
                JOB,
            )
        ]
        outcomes = crew.race(calls)
        assert set(tokens(outcomes)) <= {"ok", "invalid_state", "not_found"}
        accepted = [
            o for o in outcomes if o.token == "ok" and "accept_offer" in o.call.query and o.rows
        ]
        assert len(accepted) <= 1
        [answered] = [o for o in offers(practice) if str(o["waitlist_entry_id"]) == entry]
        assert (answered["status"] == "accepted") == (len(accepted) == 1)
        final = practice.one(
            "select * from public.appointments where id = %s", [found["appointment_id"]]
        )
        assert practice.balance(client) == (600 if final["payment_status"] == "paid" else 1000)


def test_a_freed_place_goes_to_one_person(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    holder = practice.client()
    waiting, others = practice.clients(10), practice.clients(10)
    for round_ in range(3):
        start = monday() + dt.timedelta(days=round_)
        if round_ == 0:
            wait_all(practice, crew, service, waiting)
        made = practice.appointment(service, person, holder, start)
        booking = [
            rpc(
                str(client.user_id),
                "book_appointment",
                service_id=service,
                starts_at=start,
                practitioner_id=person,
            )
            for client in others + waiting
        ]
        cancel = rpc(str(holder.user_id), "cancel_appointment", appointment_id=made)
        outcomes = crew.race([cancel, *booking[:15], *[JOB] * 19, *booking[15:]])
        assert set(tokens(outcomes)) <= {"ok", "slot_taken", "client_busy"}
        assert outcomes[0].token == "ok"
        crew.race([JOB] * 4)
        # One has this place, another an earlier one of the calendar: both may have come in vain.
        crew.race([JOB])
        there = [a for a in practice.appointments() if a["starts_at"] == start]
        assert len(there) == 1


def test_schedulers_make_one_offer(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person], practice.rooms())
    holder = practice.client()
    waiting = practice.clients(5)
    made = practice.appointment(service, person, holder, monday())
    entries = wait_all(practice, crew, service, waiting)
    crew.race([rpc(str(holder.user_id), "cancel_appointment", appointment_id=made)])
    asked = []
    for _ in entries:
        crew.race([JOB] * 25 + [ALL_JOBS] * 25)
        [open_] = [o for o in offers(practice) if o["status"] == "open"]
        asked.append(str(open_["waitlist_entry_id"]))
        [declined] = crew.race(
            [rpc(practice.owner_id, "decline_offer", waitlist_offer_id=open_["id"])]
        )
        assert declined.token == "ok"
    # Who came first is asked first, nobody twice, and then it is over.
    rows = practice.sql.execute(
        "select id from public.waitlist_entries where organization_id = %s order by created_at, id",
        [practice.id],
    ).fetchall()
    assert asked == [str(row["id"]) for row in rows]
    crew.race([JOB] * 8)
    assert len(offers(practice)) == len(entries)


def test_accepting_as_the_hold_ends(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    service = practice.service([person])
    # The callers come long before the time is over, at about that moment, and after it.
    for turn, seconds in enumerate([3600, 0.08, 0.06, 0.04, 0.03, 0.02, 0.01, 0]):
        client = practice.client()
        start = monday() + dt.timedelta(hours=2 * turn)
        made = short_offer(practice, service, person, client, start, seconds=seconds)
        accept = rpc(str(client.user_id), "accept_offer", waitlist_offer_id=made["id"])
        outcomes = crew.race([accept if n % 2 else JOB for n in range(50)])
        assert set(tokens(outcomes)) <= {"ok", "invalid_state"}
        accepted = [o for o in outcomes if o.token == "ok" and o.call is accept]
        assert (seconds == 3600) <= len(accepted) <= (seconds > 0)
        practice.sql.execute(
            "select pg_sleep_until(o.expires_at) from public.waitlist_offers as o"
            " where o.id = %s and o.status = 'open'",
            [made["id"]],
        )
        crew.race([JOB])
        final = practice.one(
            "select o.status as offer, a.status as appointment from public.waitlist_offers as o"
            " join public.appointments as a on a.id = o.appointment_id where o.id = %s",
            [made["id"]],
        )
        expected = ("accepted", "confirmed") if accepted else ("expired", "cancelled")
        assert (final["offer"], final["appointment"]) == expected


def short_offer(
    practice: Practice,
    service: str,
    person: str,
    client: Client,
    start: dt.datetime,
    seconds: float,
) -> DictRow:
    """Insert an offer that ends in a moment: no caller can make one that short."""
    return practice.one(
        """
        with ends as (
          select clock_timestamp() + make_interval(secs => %(seconds)s) as at
        ),
        entry as (
          insert into public.waitlist_entries (organization_id, client_id, service_id, status)
          values (%(organization)s, %(client)s, %(service)s, 'offered') returning id
        ),
        held as (
          insert into public.appointments (
            organization_id, location_id, client_id, practitioner_id, service_id, during, status,
            held_until
          )
          select %(organization)s, %(location)s, %(client)s, %(person)s, %(service)s,
            tstzrange(%(start)s, %(start)s + interval '1 hour'), 'pending', ends.at
          from ends returning id
        )
        insert into public.waitlist_offers (
          organization_id, waitlist_entry_id, client_id, practitioner_id, appointment_id, starts_at,
          ends_at, expires_at
        )
        select %(organization)s, entry.id, %(client)s, %(person)s, held.id, %(start)s,
          %(start)s + interval '1 hour', ends.at
        from ends, entry, held
        returning id, appointment_id
        """,
        {
            "organization": practice.id,
            "location": practice.location_id,
            "client": client.id,
            "service": service,
            "person": person,
            "start": start,
            "seconds": seconds,
        },
    )


def test_a_storm_ends_without_a_deadlock(practice: Practice, crew: Crew) -> None:
    people = practice.practitioners(3)
    rooms = practice.rooms(2)
    service = practice.service(people, rooms, price_amount=100)
    clients = practice.clients(12, credit=1000)
    starts = [monday() + dt.timedelta(hours=n) for n in range(3)]
    scripts = []
    for number, client in enumerate(clients):
        user = str(client.user_id)
        calls = []
        for turn in range(6):
            start = starts[(number + turn) % 3]
            calls += [
                rpc(user, "join_waitlist", service_id=service),
                rpc(user, "book_appointment", service_id=service, starts_at=start),
                Call(
                    user,
                    "select public.cancel_appointment(a.id) from public.appointments as a"
                    " where a.client_id = %s and a.status in ('pending', 'confirmed') limit 1",
                    [client.id],
                ),
                JOB,
                Call(
                    user,
                    "select public.accept_offer(waitlist_offer_id => o.id)"
                    " from public.waitlist_offers as o where o.status = 'open'",
                ),
                ALL_JOBS if number == 0 else JOB,
            ]
        scripts.append(calls)
    outcomes = crew.run(scripts)
    expected = {
        "ok",
        "slot_taken",
        "client_busy",
        "already_exists",
        "invalid_state",
        "rate_limited",
        "not_found",
    }
    assert set(tokens(outcomes)) <= expected
