"""A practice in plain Python: what every call answers, and what is true afterwards.

It knows the rules as docs/architecture.md words them and shares nothing with the SQL. Whether a
start is free is left to the minute-by-minute oracle of the property tests, money to their ledger;
this model adds who may do what, the states of an appointment, series, groups and policies.

Instants are whole minutes since 1970, people and things are small numbers. Nothing happens here by
itself: the machine asks the model what a call should answer at the moment at which the database
answered it, compares, and then has the model do the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tests.properties.ledger_model import NEVER, Account, Lot, Spend
from tests.properties.oracle import (
    DAY,
    MINUTE,
    Busy,
    Closing,
    Hours,
    Oracle,
    Place,
    World,
    instant,
    local_to_utc,
    minute,
)

DESK = ("owner", "admin", "receptionist")
MANAGERS = ("owner", "admin")
OPEN = ("pending", "confirmed", "in_progress")
MOVABLE = ("pending", "confirmed")
STEPS = {
    "confirm_appointment": (("pending",), "confirmed"),
    "start_appointment": (("confirmed",), "in_progress"),
    "complete_appointment": (("confirmed", "in_progress"), "completed"),
    "mark_no_show": (("confirmed", "in_progress"), "no_show"),
}
# The practitioner whom the practice's therapist signs in as.
THERAPIST = 0


@dataclass
class Service:
    """What is sold."""

    duration: int
    before: int
    after: int
    price: int
    seats: int
    rooms: tuple[int, ...]
    practitioners: tuple[int, ...]
    is_public: bool = True


@dataclass
class Rules:
    """The organization's settings, by the names of their columns."""

    slot_step_minutes: int = 15
    activation_required: bool = False
    minimum_notice_minutes: int = 0
    booking_horizon_days: int = 730
    cancellation_window_minutes: int = 0
    late_cancellation: str = "keep_payment"
    auto_confirm: bool = True
    credit_overdraft_amount: int = 0


@dataclass(eq=False)
class Appointment:
    """One line of the calendar."""

    id: str
    service: int
    practitioner: int
    client: int
    start: int
    end: int
    before: int
    after: int
    room: int | None
    session: int
    status: str
    price: int
    payment: str = "unpaid"
    block: str | None = None
    overlap: bool = False
    revision: int = 0
    spend: Spend | None = None

    @property
    def is_active(self) -> bool:
        """Does it take up time?"""
        return self.status != "cancelled"


@dataclass(frozen=True)
class Caller:
    """Who asks, as this organization knows them: a role, a client, both or neither."""

    role: str | None
    client: int | None


@dataclass(frozen=True)
class Option:
    """A way in which the database may grant a start."""

    practitioner: int
    place: Place


@dataclass
class PracticeModel:
    """One organization."""

    zone: str
    services: list[Service]
    hours: tuple[Hours, ...]
    rooms: int
    clients: int
    rules: Rules = field(default_factory=Rules)
    closings: dict[str, Closing] = field(default_factory=dict)
    days: dict[tuple[int, dt.date], bool] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        """Give every client an empty purse."""
        self.accounts = [Account() for _ in range(self.clients)]

    # ---------------------------------------------------------------------------------- free time

    def oracle(
        self,
        service: int,
        start: int,
        at: dt.datetime,
        *,
        moved: Appointment | None = None,
    ) -> Oracle:
        """Return the oracle for one service around one day; a moved one keeps its own length."""
        sold = self.services[service]
        ignored = None
        busy = []
        for a in self.appointments:
            one = Busy(
                practitioner=a.practitioner,
                location=0,
                start=a.start,
                end=a.end,
                blocked_start=a.start - a.before,
                blocked_end=a.end + a.after,
                client=a.client,
                room=a.room,
                session=a.session,
                same_service=a.service == service,
                status=a.status,
                overlap=a.overlap,
            )
            busy.append(one)
            if a is moved:
                ignored = one
        day = self.local(start).date()
        return Oracle(
            World(
                zones=(self.zone,),
                rooms=(0,) * self.rooms,
                practitioners=2,
                step=self.rules.slot_step_minutes,
                duration=moved.end - moved.start if moved else sold.duration,
                buffer_before=moved.before if moved else sold.before,
                buffer_after=moved.after if moved else sold.after,
                seats=sold.seats,
                service_rooms=sold.rooms,
                hours=self.hours,
                extra=(),
                closings=tuple(self.closings.values()),
                busy=tuple(busy),
                open_days=frozenset(key for key, is_open in self.days.items() if is_open),
                activation_required=self.rules.activation_required,
                notice=self.rules.minimum_notice_minutes,
                horizon=self.rules.booking_horizon_days,
                first_day=day,
                last_day=day,
            ),
            at,
            ignored,
        )

    def local(self, start: int) -> dt.datetime:
        """Return the wall time."""
        return instant(start).astimezone(ZoneInfo(self.zone))

    def shifted(self, start: int, shift: dt.timedelta) -> int:
        """Return the instant whose wall time is later by this much."""
        wall = self.local(start).replace(tzinfo=None) + shift
        return minute(local_to_utc(wall, ZoneInfo(self.zone)))

    # ------------------------------------------------------------------------------------ booking

    def booking(
        self,
        caller: Caller,
        service: int,
        client: int | None,
        practitioner: int | None,
        start: int,
        at: dt.datetime,
    ) -> tuple[str, list[Option]]:
        """Return what booking answers, and in which ways it may be granted."""
        refusal = self.booking_refusal(caller, service, client, practitioner)
        if refusal:
            return refusal, []
        whom = caller.client if client is None else client
        assert whom is not None
        sold = self.services[service]
        people = list(sold.practitioners) if practitioner is None else [practitioner]
        as_client = caller.role is None
        oracle = self.oracle(service, start, at)
        token = oracle.refusal(people, start, client=whom, as_client=as_client)
        options = [
            Option(person, place)
            for person in people
            for place in oracle.places(person, start, as_client=as_client, client=whom)
        ]
        assert bool(options) == (token == "ok")
        return token, options

    def booking_refusal(
        self, caller: Caller, service: int, client: int | None, practitioner: int | None
    ) -> str:
        """Return why the caller may not ask for this at all, or nothing."""
        sold = self.services[service]
        if caller.role is None and (caller.client is None or not sold.is_public):
            return "not_found"
        if client is None and caller.client is None:
            return "invalid_argument"
        if caller.role is None and client not in {None, caller.client}:
            return "not_found"
        if practitioner is not None and practitioner not in sold.practitioners:
            return "not_found"
        return ""

    def series(
        self,
        caller: Caller,
        service: int,
        client: int,
        practitioner: int,
        start: int,
        occurrences: int,
        weeks: int,
        at: dt.datetime,
    ) -> list[tuple[int, str, list[Option]]]:
        """Return the start, the answer and the options of every occurrence."""
        starts = [self.shifted(start, n * weeks * 7 * DAY) for n in range(occurrences)]
        # They are weeks apart, so that none is in the way of another.
        return [(s, *self.booking(caller, service, client, practitioner, s, at)) for s in starts]

    def book(
        self,
        caller: Caller,
        appointment_id: str,
        service: int,
        client: int,
        start: int,
        option: Option,
        *,
        room: int | None,
        block: str | None = None,
        overlap: bool = False,
    ) -> None:
        """Write an appointment down, and pay it if the credits cover it."""
        sold = self.services[service]
        companion = next(
            (a for a in self.appointments if a.session == option.place.session and a.is_active),
            None,
        )
        if companion is None:
            self.sessions += 1
        by_client = caller.role is None
        made = Appointment(
            id=appointment_id,
            service=service,
            practitioner=option.practitioner,
            client=client,
            start=start,
            end=option.place.end,
            before=companion.before if companion else sold.before,
            after=companion.after if companion else sold.after,
            room=room,
            session=companion.session if companion else self.sessions,
            status="pending" if by_client and not self.rules.auto_confirm else "confirmed",
            price=sold.price,
            block=block,
            overlap=overlap,
        )
        self.appointments.append(made)
        self.settle(made)

    def settle(self, made: Appointment) -> bool:
        """Pay an appointment, if the client can."""
        if made.price:
            made.spend = self.purse(made.client).take("spend", made.price)
            if made.spend is None:
                return False
        made.payment = "paid"
        return True

    def purse(self, client: int) -> Account:
        """Return a client's account under today's limit."""
        account = self.accounts[client]
        account.overdraft = self.rules.credit_overdraft_amount
        return account

    # ----------------------------------------------------------------------------------- changing

    def may_change(self, caller: Caller, a: Appointment) -> str:
        """Return as whom the caller may change an appointment: staff, client or nobody."""
        if caller.role in DESK or (caller.role == "practitioner" and a.practitioner == THERAPIST):
            return "staff"
        return "client" if caller.client == a.client else ""

    def is_late(self, a: Appointment, at: dt.datetime) -> bool:
        """Is it within the cancellation window?"""
        return at > instant(a.start) - self.rules.cancellation_window_minutes * MINUTE

    def cancelling(self, caller: Caller, a: Appointment, at: dt.datetime) -> str:
        """Return what cancelling answers."""
        whom = self.may_change(caller, a)
        if not whom:
            return "not_found"
        if a.status not in OPEN:
            return "invalid_state"
        if whom == "client" and (
            at >= instant(a.start)
            or (self.is_late(a, at) and self.rules.late_cancellation == "refuse")
        ):
            return "too_late"
        return "ok"

    def cancel(self, caller: Caller, a: Appointment, at: dt.datetime, *, wish: bool | None) -> None:
        """Cancel, and give the money back where the policy or staff say so."""
        refund = wish is not False
        if self.may_change(caller, a) == "client" and self.is_late(a, at):
            refund = refund and self.rules.late_cancellation == "refund"
        a.status = "cancelled"
        a.revision += 1
        if refund and a.payment == "paid" and a.spend is not None:
            self.purse(a.client).refund(a.spend)
            a.payment = "refunded"

    def scope(self, a: Appointment, scope: str, at: dt.datetime) -> list[Appointment] | None:
        """Return the occurrences that are meant; None when there is no series."""
        if scope == "this":
            return [a]
        if a.block is None:
            return None
        return sorted(
            (
                o
                for o in self.appointments
                if o.block == a.block
                and o.status in MOVABLE
                and instant(o.start) > at
                and (scope == "all_future" or o.start >= a.start)
            ),
            key=lambda o: o.start,
        )

    def moving(
        self,
        caller: Caller,
        a: Appointment,
        practitioner: int | None,
        start: int,
        at: dt.datetime,
    ) -> tuple[str, list[Option]]:
        """Return what moving one appointment answers, and where it may end up."""
        person = a.practitioner if practitioner is None else practitioner
        if refusal := self.moving_refusal(caller, a, person):
            return refusal, []
        if a.status not in MOVABLE:
            return "invalid_state", []
        as_client = self.may_change(caller, a) == "client"
        if as_client and self.is_late(a, at):
            return "too_late", []
        oracle = self.oracle(a.service, start, at, moved=a)
        places = oracle.places(person, start, as_client=as_client)
        if not places:
            return oracle.reason([person], start, as_client=as_client), []
        free = [p for p in places if not oracle.client_is_busy(a.client, start, p.end)]
        return ("ok" if free else "client_busy"), [Option(person, place) for place in free]

    def moving_refusal(self, caller: Caller, a: Appointment, person: int) -> str:
        """Return why the caller may not ask for this move at all, or nothing."""
        if not self.may_change(caller, a) or person not in self.services[a.service].practitioners:
            return "not_found"
        return ""

    def move(self, a: Appointment, start: int, option: Option, room: int | None) -> None:
        """Move an appointment; a group session stays with those who stay."""
        companions = [
            o for o in self.appointments if o.session == a.session and o is not a and o.is_active
        ]
        joined = next(
            (
                o
                for o in self.appointments
                if o.session == option.place.session and o is not a and o.is_active
            ),
            None,
        )
        is_moved = (a.start, a.practitioner, a.room) != (start, option.practitioner, room)
        a.start, a.end = start, option.place.end
        a.practitioner, a.room = option.practitioner, room
        if joined is not None:
            a.session, a.before, a.after = joined.session, joined.before, joined.after
        elif is_moved and companions:
            self.sessions += 1
            a.session = self.sessions
        a.revision += is_moved

    def moving_series(
        self, caller: Caller, a: Appointment, scope: str, start: int, at: dt.datetime
    ) -> tuple[str, list[tuple[Appointment, int]]]:
        """Return the answer to what must be known first, and which occurrence goes where."""
        if refusal := self.moving_refusal(caller, a, a.practitioner):
            return refusal, []
        meant = self.scope(a, scope, at)
        if meant is None or a.status not in MOVABLE:
            return "invalid_state", []
        wall = self.local(start).replace(tzinfo=None) - self.local(a.start).replace(tzinfo=None)
        if wall > dt.timedelta(0):
            meant.reverse()
        return "ok", [(o, start if o is a else self.shifted(o.start, wall)) for o in meant]

    def paying(self, caller: Caller, a: Appointment) -> str:
        """Return what paying answers."""
        if not self.may_change(caller, a):
            return "not_found"
        if a.status == "cancelled" or a.payment != "unpaid":
            return "invalid_state"
        return "ok" if self.purse(a.client).can_take(a.price) else "insufficient_credits"

    def stepping(self, caller: Caller, a: Appointment, function: str) -> str:
        """Return what a step of the state machine answers."""
        whom = self.may_change(caller, a)
        if whom != "staff":
            return "forbidden" if whom else "not_found"
        return "ok" if a.status in STEPS[function][0] else "invalid_state"

    def invoicing(self, caller: Caller, found: Sequence[Appointment], *, foreign: bool) -> str:
        """Return what marking as invoiced answers."""
        if caller.role is None or foreign:
            mine = caller.role is None and any(caller.client == a.client for a in found)
            return "forbidden" if mine else "not_found"
        if caller.role not in MANAGERS:
            return "forbidden"
        sound = all(
            a.status in {"completed", "no_show"} and a.payment in {"unpaid", "paid"} for a in found
        )
        return "ok" if sound else "invalid_state"

    # -------------------------------------------------------------------------------------- money

    def adjusting(self, caller: Caller, client: int, amount: int) -> str:
        """Return what an adjustment answers."""
        if caller.role is None:
            return "forbidden" if caller.client == client else "not_found"
        if caller.role not in DESK:
            return "forbidden"
        if amount < 0 and not self.purse(client).can_take(-amount):
            return "insufficient_credits"
        return "ok"

    def adjust(self, client: int, amount: int, expires: int = NEVER) -> Lot | None:
        """Add or take credit."""
        purse = self.purse(client)
        if amount > 0:
            return purse.add("top_up", amount, expires)
        assert purse.take("adjustment", -amount)
        return None

    # --------------------------------------------------------------------------------- activation

    def activate(self, practitioner: int, first: dt.date, count: int, *, is_open: bool) -> int:
        """Open or close days; return how many changed."""
        keys = [(practitioner, first + n * DAY) for n in range(count)]
        changed = sum(self.days.get(key) is not is_open for key in keys)
        self.days.update(dict.fromkeys(keys, is_open))
        return changed
