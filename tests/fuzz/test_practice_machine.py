"""Two practices living side by side: every answer is the model's, and every rule holds after it.

Hypothesis chooses who does what next: clients, therapists, the desk and strangers of two
organizations on one database, one person being a client of both and one a therapist here and a
client there. Each call is a transaction that stays. The model is asked what the call should have
answered at the moment of the transaction; then calendars, ledgers and balances are compared whole,
and the invariants of both organizations are checked.

How time passes, since nobody can move the clock of appointments and ledger that never change:
- the model is told the transaction's own `now()`, so that notice, horizon, cancellation window and
  expiry are judged by the same instant on both sides, whatever day the tests run on;
- what lies behind is written by the schema's owner as time would have left it: confirmed sessions
  of the past days, and series of which half is over;
- what is late becomes late by widening the window or the notice up to and beyond the appointment;
- credit expires for real: it is given a microsecond, which is over when the next call comes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import DictRow, dict_row
from psycopg.types.range import TimestamptzRange

from tests.fuzz.conftest import MULTIPLIER, times
from tests.fuzz.practice_model import MOVABLE, STEPS, Appointment, Option, PracticeModel
from tests.fuzz.twin import CLIENTS, ROOMS, SERVICES, Outcome, Twin, call, outsider
from tests.invariants import assert_invariants
from tests.properties.ledger_model import NEVER
from tests.properties.oracle import DAY, Closing, Place, instant, local_to_utc, minute

ZONES = ("Europe/Prague", "Asia/Kathmandu")
STEPS_EACH = 50

BOOK: LiteralString = (
    "select * from public.book_appointment(%(service)s, %(start)s, practitioner_id => %(person)s,"
    " client_id => %(client)s, room_id => %(room)s, idempotency_key => %(key)s)"
)
OVERLAP: LiteralString = (
    "select * from public.book_appointment(%(service)s, %(start)s, practitioner_id => %(person)s,"
    " client_id => %(client)s, allow_overlap => true, overlap_reason => 'on purpose')"
)
BLOCK: LiteralString = (
    "select * from public.book_block(%(service)s, %(person)s, %(client)s, %(start)s,"
    " %(occurrences)s, %(weeks)s, skip_conflicts => %(skip)s, idempotency_key => %(key)s)"
)
MOVE: LiteralString = (
    "select * from public.reschedule_appointment(%(id)s, %(start)s, practitioner_id => %(person)s,"
    " idempotency_key => %(key)s)"
)
MOVE_BLOCK: LiteralString = (
    "select * from public.reschedule_block(%(id)s, %(scope)s, %(start)s,"
    " idempotency_key => %(key)s)"
)
CANCEL: LiteralString = (
    "select * from public.cancel_appointment(%(id)s, refund => %(refund)s,"
    " idempotency_key => %(key)s)"
)
CANCEL_BLOCK: LiteralString = (
    "select * from public.cancel_block(%(id)s, %(scope)s, refund => %(refund)s,"
    " idempotency_key => %(key)s)"
)
PAY: LiteralString = "select * from public.pay_appointment(%(id)s, idempotency_key => %(key)s)"
STEP: dict[str, LiteralString] = {
    "confirm_appointment": "select * from public.confirm_appointment(%s)",
    "start_appointment": "select * from public.start_appointment(%s)",
    "complete_appointment": "select * from public.complete_appointment(%s)",
    "mark_no_show": "select * from public.mark_no_show(%s)",
}
ADJUST: LiteralString = (
    "select * from public.adjust_credits(%(client)s, %(amount)s, 'fuzzing',"
    " expires_at => now() + %(life)s::interval, idempotency_key => %(key)s)"
)
INVOICE: LiteralString = "select public.mark_invoiced(%s::uuid[]) as count"

organizations = st.integers(0, 1)
people = st.sampled_from(
    [
        *("owner", "owner", "owner", "desk", "desk", "therapist", "therapist"),
        *("client 0", "client 0", "client 0", "client 1", "client 1", "abroad", "nobody"),
    ]
)
# Who changes an appointment: mostly those whom it concerns.
concerned = st.one_of(st.sampled_from(["own", "own", "owner", "desk", "therapist"]), people)
insiders = st.sampled_from(["owner", "desk", "therapist", "client 0", "client 0", "client 1"])
days = st.sampled_from([1, 2, 14, 14, 14, 15, 21])
clocks = st.sampled_from([600, 600, 600, 615, 630, 660, 660, 690, 720, 465, 1050, 607])
services = st.sampled_from([0, 0, 0, 1, 2, 2, 2, 3])
clients = st.integers(0, CLIENTS - 1)
practitioners = st.sampled_from([None, 0, 0, 0, 1])
picks = st.integers(0, 11)
wishes = st.sampled_from([None, None, True, False])
scopes = st.sampled_from(["this", "this_and_following", "all_future"])
keyed = st.booleans()


class PracticeMachine(RuleBasedStateMachine):
    """What can happen on a day."""

    sql: psycopg.Connection[DictRow]
    # Asking every rule after every step takes most of the time; at the end of a life, hardly any.
    every_step = True

    def __init__(self) -> None:
        super().__init__()
        sql = self.sql
        both, here, there = outsider(sql), outsider(sql), outsider(sql)
        first = Twin(sql, ZONES[0], [both, here, None])
        # The therapist of one practice is a client of the other.
        second = Twin(sql, ZONES[1], [both, first.therapist, there])
        self.twins = (first, second)
        self.nobody = outsider(sql)
        self.keys = 0
        self.answered: list[tuple[str, LiteralString, dict[str, Any], list[DictRow]]] = []
        self.today = [dt.datetime.now(ZoneInfo(zone)).date() for zone in ZONES]
        for twin in self.twins:
            for client in (0, 1):
                twin.practice.top_up(twin.clients[client], 700)
                twin.model.adjust(client, 700)

    # ------------------------------------------------------------------------------------- helpers

    def who(self, n: int, name: str) -> str:
        """Return somebody's login, seen from an organization."""
        twin = self.twins[n]
        return {
            "owner": twin.practice.owner_id,
            "desk": twin.desk,
            "therapist": twin.therapist,
            "client 0": str(twin.clients[0].user_id),
            "client 1": str(twin.clients[1].user_id),
            "abroad": self.twins[1 - n].practice.owner_id,
            "nobody": self.nobody,
        }[name]

    def start(self, n: int, day: int, clock: int) -> int:
        """Return the minute of a local day and time."""
        wall = dt.datetime.combine(self.today[n] + day * DAY, dt.time(clock // 60, clock % 60))
        return minute(local_to_utc(wall, ZoneInfo(ZONES[n])))

    def whose(self, n: int, name: str, a: Appointment) -> str:
        """Return somebody's login; an appointment has an own client."""
        own = self.twins[n].clients[a.client].user_id
        if name == "own":
            return own or self.who(n, "owner")
        return self.who(n, name)

    def some(self, n: int, pick: int) -> Appointment:
        """Return one of the last appointments."""
        return self.twins[n].model.appointments[-1 - pick % len(self.twins[n].model.appointments)]

    def is_booked(self) -> bool:
        """Say whether both have appointments."""
        return all(twin.model.appointments for twin in self.twins)

    def ask(
        self, user_id: str, query: LiteralString, parameters: dict[str, Any], *, key: bool = False
    ) -> Outcome:
        """Call, perhaps with a key; a success with a key is kept, to be repeated later."""
        if key:
            self.keys += 1
        parameters = {**parameters, "key": f"key-{self.keys}" if key else None}
        outcome = call(self.sql, user_id, query, parameters)
        if key and outcome.token == "ok":
            self.answered.append((user_id, query, parameters, outcome.rows))
        return outcome

    @initialize(
        rules=st.lists(
            st.fixed_dictionaries(
                {
                    "activation_required": st.sampled_from([False, False, True]),
                    "minimum_notice_minutes": st.sampled_from([0, 0, 20160]),
                    "cancellation_window_minutes": st.sampled_from([0, 1440, 43200]),
                    "late_cancellation": st.sampled_from(["refuse", "keep_payment", "refund"]),
                    "auto_confirm": st.booleans(),
                    "credit_overdraft_amount": st.sampled_from([0, 0, 200]),
                }
            ),
            min_size=2,
            max_size=2,
        )
    )
    def open_both(self, rules: list[dict[str, Any]]) -> None:
        """Every life begins under other rules, and with a series that is half over."""
        for n, chosen in enumerate(rules):
            self.twins[n].practice.set(**chosen)
            for column, value in chosen.items():
                setattr(self.twins[n].model.rules, column, value)
            self.have_series(n, client=0, person=0, clock=600)

    # ------------------------------------------------------------------------------------- booking

    @rule(
        n=organizations,
        name=people,
        service=services,
        client=st.none() | clients | clients,
        person=practitioners,
        day=days,
        clock=clocks,
        key=keyed,
    )
    def book(
        self,
        n: int,
        name: str,
        service: int,
        client: int | None,
        person: int | None,
        day: int,
        clock: int,
        *,
        key: bool,
    ) -> None:
        self.book_one(n, name, service, client, person, day, clock, key=key)

    def book_one(
        self,
        n: int,
        name: str,
        service: int,
        client: int | None,
        person: int | None,
        day: int,
        clock: int,
        *,
        key: bool,
    ) -> None:
        """Book, and expect of the database what the model says."""
        twin, user, start = self.twins[n], self.who(n, name), self.start(n, day, clock)
        caller = twin.caller(user)
        outcome = self.ask(
            user,
            BOOK,
            {
                "service": twin.services[service],
                "start": instant(start),
                "person": None if person is None else twin.people[person],
                "client": None if client is None else twin.clients[client].id,
                "room": None,
            },
            key=key,
        )
        token, options = twin.model.booking(caller, service, client, person, start, outcome.at)
        assert outcome.token == token
        if token == "ok":
            whom = caller.client if client is None else client
            assert whom is not None
            option, room = granted(twin, outcome.row, options)
            booked = str(outcome.row["id"])
            twin.model.book(caller, booked, service, whom, start, option, room=room)

    @rule(
        n=organizations,
        name=insiders,
        service=st.sampled_from([0, 0, 2, 2, 2]),
        client=clients,
        clock=st.sampled_from([600, 600, 630, 660, 675]),
        key=keyed,
    )
    def book_in_the_rush(
        self, n: int, name: str, service: int, client: int, clock: int, *, key: bool
    ) -> None:
        """Everybody wants the same morning."""
        own = self.twins[n].caller(self.who(n, name)).client
        chosen = client if own is None else None
        self.book_one(n, name, service, chosen, 0, 14, clock, key=key)

    @rule(
        n=organizations,
        name=people,
        service=services,
        client=clients,
        person=st.integers(0, 1),
        day=days,
        clock=clocks,
    )
    def book_over(
        self, n: int, name: str, service: int, client: int, person: int, day: int, clock: int
    ) -> None:
        twin, user, start = self.twins[n], self.who(n, name), self.start(n, day, clock)
        caller, sold = twin.caller(user), twin.model.services[service]
        outcome = self.ask(
            user,
            OVERLAP,
            {
                "service": twin.services[service],
                "start": instant(start),
                "person": twin.people[person],
                "client": twin.clients[client].id,
            },
        )
        token = twin.model.booking_refusal(caller, service, client, person)
        if not token and (caller.role is None or (caller.role == "practitioner" and person != 0)):
            token = "forbidden"
        assert outcome.token == (token or "ok")
        if not token:
            option = Option(person, Place(0, frozenset([None]), start + sold.duration))
            twin.model.book(
                caller,
                str(outcome.row["id"]),
                service,
                client,
                start,
                option,
                room=None,
                overlap=True,
            )

    @rule(
        n=organizations,
        name=people,
        service=services,
        client=clients,
        person=st.integers(0, 1),
        day=days,
        clock=clocks,
        occurrences=st.integers(2, 4),
        weeks=st.integers(1, 2),
        skip=st.booleans(),
        key=keyed,
    )
    def book_series(
        self,
        n: int,
        name: str,
        service: int,
        client: int,
        person: int,
        day: int,
        clock: int,
        occurrences: int,
        weeks: int,
        *,
        skip: bool,
        key: bool,
    ) -> None:
        twin, user, start = self.twins[n], self.who(n, name), self.start(n, day, clock)
        caller, model = twin.caller(user), twin.model
        outcome = self.ask(
            user,
            BLOCK,
            {
                "service": twin.services[service],
                "person": twin.people[person],
                "client": twin.clients[client].id,
                "start": instant(start),
                "occurrences": occurrences,
                "weeks": weeks,
                "skip": skip,
            },
            key=key,
        )
        if refusal := model.booking_refusal(caller, service, client, person):
            assert outcome.token == refusal
            return
        planned = model.series(
            caller, service, client, person, start, occurrences, weeks, outcome.at
        )
        conflicts = [token for _, token, _ in planned if token != "ok"]
        if conflicts and (not skip or len(conflicts) == occurrences):
            assert outcome.token == conflicts[0]
            assert outcome.detail.count('"occurrence"') == len(conflicts)
            return
        assert outcome.token == "ok"
        rows = iter(outcome.rows)
        for begins, token, options in planned:
            if token == "ok":
                row = next(rows)
                option, room = granted(twin, row, options)
                model.book(
                    caller,
                    str(row["id"]),
                    service,
                    client,
                    begins,
                    option,
                    room=room,
                    block=str(row["block_id"]),
                )
        assert not list(rows)

    @rule(n=organizations, name=people, what=st.integers(0, 3), day=days, clock=clocks)
    def book_across(self, n: int, name: str, what: int, day: int, clock: int) -> None:
        """Mix the two: what belongs to the other organization does not exist."""
        twin, other, user = self.twins[n], self.twins[1 - n], self.who(n, name)
        ids = [twin.services[0], twin.people[0], twin.clients[0].id, twin.rooms[0]]
        ids[what] = [other.services[0], other.people[0], other.clients[0].id, other.rooms[0]][what]
        service, person, client, room = ids
        outcome = self.ask(
            user,
            BOOK,
            {
                "service": service,
                "start": instant(self.start(n, day, clock)),
                "person": person,
                "client": client,
                "room": room,
            },
        )
        assert outcome.token == "not_found"

    # -------------------------------------------------------------------------------------- moving

    @precondition(is_booked)
    @rule(
        n=organizations,
        name=concerned,
        pick=picks,
        person=practitioners,
        day=days,
        clock=clocks,
        key=keyed,
    )
    def move(
        self, n: int, name: str, pick: int, person: int | None, day: int, clock: int, *, key: bool
    ) -> None:
        a = self.some(n, pick)
        start = self.start(n, day, clock)
        self.move_one(n, self.whose(n, name, a), a, person, start, key=key)

    @precondition(is_booked)
    @rule(n=organizations, pick=picks, clock=st.sampled_from([600, 660, 690, 780, 840]), key=keyed)
    def change_ones_plans(self, n: int, pick: int, clock: int, *, key: bool) -> None:
        """A client asks for another time of the same or the next day."""
        if a := self.open_of_a_client(n, pick):
            start = self.start(n, 14 + pick % 2, clock)
            self.move_one(n, self.whose(n, "own", a), a, None, start, key=key)

    def move_one(
        self, n: int, user: str, a: Appointment, person: int | None, start: int, *, key: bool
    ) -> None:
        """Move, and expect of the database what the model says."""
        twin = self.twins[n]
        outcome = self.ask(
            user,
            MOVE,
            {
                "id": a.id,
                "start": instant(start),
                "person": None if person is None else twin.people[person],
            },
            key=key,
        )
        token, options = twin.model.moving(twin.caller(user), a, person, start, outcome.at)
        assert outcome.token == token
        if token == "ok":
            option, room = granted(twin, outcome.row, options)
            twin.model.move(a, start, option, room)

    @precondition(is_booked)
    @rule(
        n=organizations,
        name=concerned,
        pick=picks,
        scope=scopes,
        hours=st.sampled_from([-24, -2, -1, 1, 1, 2, 3, 24]),
        key=keyed,
    )
    def move_series(
        self, n: int, name: str, pick: int, scope: str, hours: int, *, key: bool
    ) -> None:
        twin, a = self.twins[n], self.some(n, pick)
        user = self.whose(n, name, a)
        caller, model = twin.caller(user), twin.model
        start = model.shifted(a.start, dt.timedelta(hours=hours))
        outcome = self.ask(
            user, MOVE_BLOCK, {"id": a.id, "scope": scope, "start": instant(start)}, key=key
        )
        token, moves = model.moving_series(caller, a, scope, start, outcome.at)
        if token != "ok":
            assert outcome.token == token
            return
        rows = {str(row["id"]): row for row in outcome.rows}
        before = [snapshot(o) for o, _ in moves]
        tokens = []
        for o, begins in moves:
            answer, options = model.moving(caller, o, None, begins, outcome.at)
            if answer == "ok":
                # Where the call was refused, nobody can say which of the rooms it would have taken.
                option, room = (
                    granted(twin, rows[o.id], options)
                    if outcome.token == "ok"
                    else (options[0], next(iter(options[0].place.rooms)))
                )
                model.move(o, begins, option, room)
            else:
                tokens.append(answer)
                if answer == "too_late" and model.may_change(caller, o) == "client":
                    # The window is checked before the time, and ends it there.
                    break
        if tokens:
            for (o, _), values in zip(moves, before, strict=True):
                o.__dict__.update(values)
            assert outcome.token in {tokens[0], tokens[-1]}
        else:
            assert outcome.token == "ok"
            assert len(rows) == len(moves)

    # ---------------------------------------------------------------- cancelling, and the rest

    @precondition(is_booked)
    @rule(n=organizations, name=concerned, pick=picks, wish=wishes, key=keyed)
    def cancel(self, n: int, name: str, pick: int, *, wish: bool | None, key: bool) -> None:
        a = self.some(n, pick)
        self.cancel_one(n, self.whose(n, name, a), a, wish=wish, key=key)

    @precondition(is_booked)
    @rule(n=organizations, pick=picks, wish=st.sampled_from([None, None, None, False]), key=keyed)
    def change_ones_mind(self, n: int, pick: int, *, wish: bool | None, key: bool) -> None:
        """A client gives up what was paid: the case that the policies are about."""
        if a := self.open_of_a_client(n, pick):
            self.cancel_one(n, self.whose(n, "own", a), a, wish=wish, key=key)

    def open_of_a_client(self, n: int, pick: int) -> Appointment | None:
        """Return an appointment that its client could still change, a paid one if there is one."""
        found = [
            a
            for a in self.twins[n].model.appointments
            if a.status in MOVABLE and self.twins[n].clients[a.client].user_id
        ]
        paid = [a for a in found if a.spend]
        chosen = paid or found
        return chosen[-1 - pick % len(chosen)] if chosen else None

    def cancel_one(
        self, n: int, user: str, a: Appointment, *, wish: bool | None, key: bool
    ) -> None:
        """Cancel, and expect of the database what the model says."""
        twin = self.twins[n]
        outcome = self.ask(user, CANCEL, {"id": a.id, "refund": wish}, key=key)
        caller = twin.caller(user)
        token = twin.model.cancelling(caller, a, outcome.at)
        assert outcome.token == token
        if token == "ok":
            twin.model.cancel(caller, a, outcome.at, wish=wish)

    @precondition(is_booked)
    @rule(n=organizations, name=concerned, pick=picks, scope=scopes, wish=wishes, key=keyed)
    def cancel_series(
        self, n: int, name: str, pick: int, scope: str, *, wish: bool | None, key: bool
    ) -> None:
        twin, a = self.twins[n], self.some(n, pick)
        user = self.whose(n, name, a)
        caller, model = twin.caller(user), twin.model
        outcome = self.ask(
            user, CANCEL_BLOCK, {"id": a.id, "scope": scope, "refund": wish}, key=key
        )
        whom = model.may_change(caller, a)
        meant = model.scope(a, scope, outcome.at)
        if not whom or meant is None:
            assert outcome.token == ("invalid_state" if whom else "not_found")
            return
        # Who may change one occurrence may change them all, whoever they are with by now.
        rights = caller if whom == "client" else type(caller)("owner", None)
        tokens = [model.cancelling(rights, o, outcome.at) for o in meant]
        refused = next((token for token in tokens if token != "ok"), "ok")
        assert outcome.token == refused
        if refused == "ok":
            assert {str(row["id"]) for row in outcome.rows} == {o.id for o in meant}
            for o in meant:
                model.cancel(rights, o, outcome.at, wish=wish)

    @precondition(is_booked)
    @rule(n=organizations, name=concerned, pick=picks, key=keyed)
    def pay(self, n: int, name: str, pick: int, *, key: bool) -> None:
        twin, a = self.twins[n], self.some(n, pick)
        user = self.whose(n, name, a)
        outcome = self.ask(user, PAY, {"id": a.id}, key=key)
        assert outcome.token == twin.model.paying(twin.caller(user), a)
        if outcome.token == "ok":
            assert twin.model.settle(a)

    @precondition(is_booked)
    @rule(n=organizations, name=concerned, pick=picks, function=st.sampled_from(sorted(STEPS)))
    def step(self, n: int, name: str, pick: int, function: str) -> None:
        twin, a = self.twins[n], self.some(n, pick)
        user = self.whose(n, name, a)
        outcome = call(self.sql, user, STEP[function], [a.id])
        assert outcome.token == twin.model.stepping(twin.caller(user), a, function)
        if outcome.token == "ok":
            a.status = STEPS[function][1]
            a.revision += 1

    @precondition(is_booked)
    @rule(
        n=organizations,
        name=people,
        chosen=st.lists(picks, min_size=1, max_size=3),
        foreign=st.sampled_from([False, False, False, True]),
        over=st.booleans(),
    )
    def invoice(self, n: int, name: str, chosen: list[int], *, foreign: bool, over: bool) -> None:
        twin, user = self.twins[n], self.who(n, name)
        found = {a.id: a for a in (self.some(n, pick) for pick in chosen)}
        if over:
            # Otherwise sets that can be marked would hardly ever come up.
            found = {
                a.id: a
                for a in twin.model.appointments
                if a.status in {"completed", "no_show"} and a.payment != "invoiced"
            } or found
        ids = [*found, self.some(1 - n, chosen[0]).id] if foreign else [*found]
        outcome = call(self.sql, user, INVOICE, [ids])
        caller = twin.caller(user)
        token = twin.model.invoicing(caller, [*found.values()], foreign=foreign)
        if foreign and caller.role is None:
            # Who is staff over there is told only that not all of them exist; a client may not.
            there, theirs = self.twins[1 - n], self.some(1 - n, chosen[0])
            elsewhere = there.caller(user)
            if elsewhere.role is not None:
                token = "not_found"
            elif elsewhere.client == theirs.client:
                token = "forbidden"
        assert outcome.token == token
        if token == "ok":
            assert outcome.row["count"] == len(found)
            for a in found.values():
                a.payment = "invoiced"

    # --------------------------------------------------------------------------------------- money

    @rule(
        n=organizations,
        name=people,
        client=clients,
        amount=st.sampled_from([100, 300, 300, 600, 950, -100, -300]),
        life=st.sampled_from(["never", "never", "10 days", "20 days", "moment"]),
        key=keyed,
    )
    def adjust(self, n: int, name: str, client: int, amount: int, life: str, *, key: bool) -> None:
        twin, user = self.twins[n], self.who(n, name)
        life = "never" if amount < 0 else life
        expires = {"never": NEVER, "10 days": 10, "20 days": 20, "moment": 1}[life]
        outcome = self.ask(
            user,
            ADJUST,
            {
                "client": twin.clients[client].id,
                "amount": amount,
                "life": {"never": None, "moment": "1 microsecond"}.get(life, life),
            },
            # The expiry that is sent says when, so that a repeat is another request.
            key=key and life == "never",
        )
        token = twin.model.adjusting(twin.caller(user), client, amount)
        assert outcome.token == token
        if token == "ok":
            lot = twin.model.adjust(client, amount, expires)
            if lot is not None and life == "moment":
                lot.expires = 0

    @rule()
    def sweep(self) -> None:
        """Run the job that writes expired credit off."""
        self.sql.execute("select private.expire_credits()")
        for twin in self.twins:
            for account in twin.model.accounts:
                account.retire()

    # ------------------------------------------------------------------------------------ settings

    @rule(
        n=organizations,
        change=st.one_of(
            st.tuples(st.just("slot_step_minutes"), st.sampled_from([15, 15, 30, 60])),
            st.tuples(st.just("activation_required"), st.booleans()),
            st.tuples(st.just("minimum_notice_minutes"), st.sampled_from([0, 0, 60, 20160])),
            st.tuples(st.just("booking_horizon_days"), st.sampled_from([1, 14, 730, 730])),
            st.tuples(st.just("cancellation_window_minutes"), st.sampled_from([0, 0, 1440, 43200])),
            st.tuples(
                st.just("late_cancellation"), st.sampled_from(["refuse", "keep_payment", "refund"])
            ),
            st.tuples(st.just("auto_confirm"), st.booleans()),
            st.tuples(st.just("credit_overdraft_amount"), st.sampled_from([0, 0, 200, 1000])),
        ),
        name=people,
    )
    def change_settings(self, n: int, change: tuple[str, Any], name: str) -> None:
        user = self.who(n, name)
        column, value = change
        query: dict[str, LiteralString] = {
            "slot_step_minutes": "update public.organization_settings set slot_step_minutes = %s",
            "activation_required": "update public.organization_settings set"
            " activation_required = %s",
            "minimum_notice_minutes": "update public.organization_settings set"
            " minimum_notice_minutes = %s",
            "booking_horizon_days": "update public.organization_settings set"
            " booking_horizon_days = %s",
            "cancellation_window_minutes": "update public.organization_settings set"
            " cancellation_window_minutes = %s",
            "late_cancellation": "update public.organization_settings set late_cancellation = %s",
            "auto_confirm": "update public.organization_settings set auto_confirm = %s",
            "credit_overdraft_amount": "update public.organization_settings set"
            " credit_overdraft_amount = %s",
        }
        # Without a filter: row level security alone keeps it to the own organization.
        outcome = call(self.sql, user, f"{query[column]} returning organization_id", [value])
        assert outcome.token == "ok"
        changed = {str(row["organization_id"]) for row in outcome.rows}
        owned = [t for t in self.twins if t.caller(user).role == "owner"]
        assert changed == {t.practice.id for t in owned}
        for t in owned:
            setattr(t.model.rules, column, value)

    @rule(n=organizations, service=services, price=st.sampled_from([0, 100, 250, 300]))
    def change_price(self, n: int, service: int, price: int) -> None:
        """What is booked keeps its price."""
        twin = self.twins[n]
        outcome = call(
            self.sql,
            twin.practice.owner_id,
            "update public.services set price_amount = %s where id = %s returning id",
            [price, twin.services[service]],
        )
        assert len(outcome.rows) == 1
        twin.model.services[service].price = price

    @rule(
        n=organizations,
        name=people,
        what=st.sampled_from(["practitioner", "room", "all"]),
        number=st.integers(0, 1),
        day=days,
        clock=clocks,
        length=st.sampled_from([30, 120]),
    )
    def close(
        self, n: int, name: str, what: str, number: int, day: int, clock: int, length: int
    ) -> None:
        twin, user, start = self.twins[n], self.who(n, name), self.start(n, day, clock)
        person = number if what == "practitioner" else None
        room = number % ROOMS if what == "room" else None
        outcome = call(
            self.sql,
            user,
            "insert into public.time_off (organization_id, practitioner_id, room_id, during)"
            " values (%s, %s, %s, %s) returning id",
            [
                twin.practice.id,
                None if person is None else twin.people[person],
                None if room is None else twin.rooms[room],
                TimestamptzRange(instant(start), instant(start + length)),
            ],
        )
        role = twin.caller(user).role
        may = role in {"owner", "receptionist"} or (role == "practitioner" and person == 0)
        assert outcome.token == ("ok" if may else "forbidden")
        if may:
            twin.model.closings[str(outcome.row["id"])] = Closing(
                start, start + length, practitioner=person, room=room
            )

    @precondition(lambda self: any(twin.model.closings for twin in self.twins))
    @rule(name=people)
    def reopen(self, name: str) -> None:
        for n, twin in enumerate(self.twins):
            for closing_id, closing in list(twin.model.closings.items())[:1]:
                user = self.who(n, name)
                outcome = call(
                    self.sql,
                    user,
                    "delete from public.time_off where id = %s returning id",
                    [closing_id],
                )
                role = twin.caller(user).role
                may = role in {"owner", "receptionist"} or (
                    role == "practitioner" and closing.practitioner == 0
                )
                assert len(outcome.rows) == may
                if may:
                    del twin.model.closings[closing_id]

    @rule(
        n=organizations,
        name=people,
        person=st.integers(0, 1),
        day=days,
        count=st.integers(1, 9),
        is_open=st.sampled_from([True, True, False]),
    )
    def activate(
        self, n: int, name: str, person: int, day: int, count: int, *, is_open: bool
    ) -> None:
        twin, user = self.twins[n], self.who(n, name)
        first = self.today[n] + day * DAY
        outcome = call(
            self.sql,
            user,
            "select public.set_booking_activation(%s, %s, %s, %s) as changed",
            [twin.people[person], first, first + (count - 1) * DAY, is_open],
        )
        caller = twin.caller(user)
        if caller.role is None:
            token = "not_found" if caller.client is None else "forbidden"
        else:
            token = "forbidden" if caller.role == "practitioner" and person else "ok"
        assert outcome.token == token
        if token == "ok":
            changed = twin.model.activate(person, first, count, is_open=is_open)
            assert outcome.row["changed"] == changed

    # --------------------------------------------------------------------------------------- time

    @rule(
        n=organizations,
        service=st.sampled_from([0, 1, 2, 3]),
        client=clients,
        ago=st.integers(1, 4),
        clock=clocks,
    )
    def have_been(self, n: int, service: int, client: int, ago: int, clock: int) -> None:
        """A session of the last days that nobody has closed yet."""
        twin = self.twins[n]
        person = SERVICES[service].practitioners[0]
        twin.write_past(service, client, person, self.start(n, -ago, clock), None)

    @rule(n=organizations, client=clients, person=st.integers(0, 1), clock=clocks)
    def have_a_running_series(self, n: int, client: int, person: int, clock: int) -> None:
        """A series of which half is over."""
        self.have_series(n, client, person, clock)

    def have_series(self, n: int, client: int, person: int, clock: int) -> None:
        """Write a weekly series that began last week."""
        twin = self.twins[n]
        first = self.start(n, -7, clock)
        row = twin.practice.one(
            "insert into public.appointment_blocks (organization_id, client_id, practitioner_id,"
            " service_id, starts_at, occurrences, interval_weeks)"
            " values (%s, %s, %s, %s, %s, 4, 1) returning id",
            [
                twin.practice.id,
                twin.clients[client].id,
                twin.people[person],
                twin.services[0],
                instant(first),
            ],
        )
        for weeks in (-1, 1, 2, 3):
            start = twin.model.shifted(first, (weeks + 1) * 7 * DAY)
            twin.write_past(0, client, person, start, str(row["id"]))

    # ------------------------------------------------------------------------------------- reading

    @rule(n=organizations, name=people, service=services, day=days)
    def list_slots(self, n: int, name: str, service: int, day: int) -> None:
        """What is offered is what is free in the model."""
        twin, user = self.twins[n], self.who(n, name)
        date = self.today[n] + day * DAY
        outcome = call(
            self.sql,
            user,
            "select public.find_slots(%s, %s, %s) as slots",
            [twin.services[service], date, date],
        )
        caller, sold = twin.caller(user), twin.model.services[service]
        if caller.role is None and (caller.client is None or not sold.is_public):
            assert outcome.token == "not_found"
            return
        listed = {
            (minute(dt.datetime.fromisoformat(slot["starts_at"])), twin.practitioner(slot))
            for slot in outcome.row["slots"]
        }
        assert listed == free(twin.model, service, self.start(n, day, 0), outcome.at, caller)

    @precondition(lambda self: self.answered)
    @rule(pick=picks, other=st.booleans())
    def repeat(self, pick: int, *, other: bool) -> None:
        """The same key gives the same answer and does nothing more; another request is refused."""
        user, query, parameters, rows = self.answered[-1 - pick % len(self.answered)]
        if user in {twin.therapist for twin in self.twins}:
            # What a therapist gave away is no longer theirs to ask about.
            return
        if other:
            changed = another(parameters)
            if changed is None:
                return
            parameters = changed
        outcome = call(self.sql, user, query, parameters)
        assert outcome.token == ("idempotency_mismatch" if other else "ok")
        if not other:
            assert outcome.rows == rows

    # ---------------------------------------------------------------------------- after every step

    @invariant()
    def both_are_as_they_should_be(self) -> None:
        for twin in self.twins:
            twin.assert_same()
            if self.every_step:
                assert_invariants(self.sql, twin.practice.id)

    def teardown(self) -> None:
        """At the end of a life, too, every rule holds."""
        for twin in self.twins:
            assert_invariants(self.sql, twin.practice.id)


def granted(twin: Twin, row: DictRow, options: list[Option]) -> tuple[Option, int | None]:
    """Return the option that the database chose; it must be one of the model's."""
    person, room, end = twin.practitioner(row), twin.room(row), minute(row["ends_at"])
    found = [
        o
        for o in options
        if o.practitioner == person and room in o.place.rooms and o.place.end == end
    ]
    assert found, (person, room, options)
    return found[0], room


def another(parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Return another request of the same kind, if there is one."""
    if "start" in parameters:
        return {**parameters, "start": parameters["start"] + dt.timedelta(minutes=15)}
    if "refund" in parameters:
        return {**parameters, "refund": parameters["refund"] is not True}
    if "amount" in parameters:
        return {**parameters, "amount": parameters["amount"] + 1}
    return None


def snapshot(a: Appointment) -> dict[str, Any]:
    """Return an appointment's present values."""
    return dict(a.__dict__)


def free(
    model: PracticeModel, service: int, midnight: int, at: dt.datetime, caller: Any
) -> set[tuple[int, int]]:
    """Return the starts of one local day that the model has to offer."""
    oracle = model.oracle(service, midnight, at)
    as_client = caller.role is None
    sold = model.services[service]
    return {
        (start, person)
        for person in sold.practitioners
        # Nobody works at night, and every grid is one of quarters.
        for start in range(midnight, midnight + 24 * 60, 15)
        if oracle.places(
            person, start, as_client=as_client, client=caller.client if as_client else None
        )
    }


@pytest.fixture
def machine(stack: Any) -> Iterator[type[PracticeMachine]]:
    """The machine, on a connection of its own."""
    # A call that never ends is a failure and should say so.
    with psycopg.connect(
        stack.db_url, autocommit=True, row_factory=dict_row, options="-c statement_timeout=20s"
    ) as sql:
        # The invariants are asked after every step: planning them once halves the time.
        sql.prepare_threshold, sql.prepared_max = 0, 1_000

        class Connected(PracticeMachine):
            """The machine on this test's connection."""

        Connected.sql = sql
        yield Connected


def live(machine: type[PracticeMachine], lives: int) -> None:
    """Let the machine choose this many lives."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=times(lives),
            stateful_step_count=STEPS_EACH,
            derandomize=MULTIPLIER <= 1,
            print_blob=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if MULTIPLIER > 1 else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_two_practices_follow_the_model(machine: type[PracticeMachine]) -> None:
    live(machine, 5)


def test_many_practices_follow_the_model(machine: type[PracticeMachine]) -> None:
    machine.every_step = False
    live(machine, 25)
