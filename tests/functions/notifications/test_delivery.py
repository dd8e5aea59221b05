"""Delivery on the real stack: outages, deaths at every boundary, what no longer stands."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Never

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from kernel.database import Database
from kernel.errors import Problem, unavailable
from kernel.machines import sign
from notifications import worker
from notifications.worker import Run
from tests.functions.house import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notifications.providers.fcm import Fcm
    from notifications.providers.model import Outgoing, Provider, Result
    from notifications.providers.resend import Resend
    from notifications.providers.twilio import Twilio
    from tests.functions.house import House
    from tests.functions.notifications.fakes import FakeGoogle, FakeResend, FakeTwilio
    from tests.stack_fixture import TestStack

pytestmark = pytest.mark.usefixtures("on_stack")


class Killed(BaseException):
    """What a worker that is killed would not survive either."""


@dataclass
class Outbox:
    """The outbox of the house's practice, and workers on it."""

    house: House
    sql: psycopg.Connection[Any]

    def enqueue(self, channel: str = "email", **options: Any) -> str:
        """Put one message to a fresh address into the outbox."""
        given = {"address": f"{secrets.token_hex(6)}@example.test", **options}
        names = ", ".join(f"{name} => %({name})s" for name in given)
        return str(
            self.value(
                f"select private.enqueue_message(%(o)s, %(k)s, 'staff_message', %(c)s, {names},"
                ' data => \'{"subject": "News", "body": "Closed."}\') as id',
                {"o": self.house.practice.id, "k": secrets.token_hex(8), "c": channel, **given},
            )
        )

    def value(self, query: str, parameters: Any) -> Any:
        """The one value that a query finds."""
        row = self.sql.execute(query.encode(), parameters).fetchone()
        assert row is not None
        return next(iter(row.values()))

    def row(self, message_id: str) -> dict[str, Any]:
        """One message as it stands."""
        query = b"select * from public.messages where id = %s"
        found = self.sql.execute(query, [message_id]).fetchone()
        assert found is not None
        return dict(found)

    def state(self, message_id: str) -> tuple[str, str | None]:
        """How it stands, and why."""
        row = self.row(message_id)
        return row["status"], row["error"]

    def run(self) -> dict[str, int]:
        """Let a worker do what is due."""
        return Run(Database(None, "test", is_service=True), max_seconds=30, batch_size=50).go()

    def pass_time(self) -> None:
        """Let leases and waits run out."""
        self.sql.execute(
            "update public.messages set send_after = least(send_after, now()),"
            " leased_until = case when status = 'sending' then now() - interval '1 second' end"
            " where organization_id = %s and status in ('pending', 'sending')",
            [self.house.practice.id],
        )


@pytest.fixture
def outbox(
    house: House, stack: TestStack, on_stack: None, monkeypatch: pytest.MonkeyPatch, email: Resend
) -> Iterator[Outbox]:
    assert on_stack is None
    carriers: dict[str, Provider] = {"email": email}
    monkeypatch.setattr(worker, "provider_for", carriers.get)
    with psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as sql:
        # What others left waiting is theirs, and not for these fakes.
        sql.execute("select public.announce_bookings(10000)")
        sql.execute(
            "update public.messages set status = 'cancelled', error = 'test', lease = null,"
            " leased_until = null where status in ('pending', 'sending')"
        )
        yield Outbox(house, sql)


def test_a_message_is_sent_once(outbox: Outbox, resend: FakeResend) -> None:
    message = outbox.enqueue(address="once@example.test")
    outbox.run()
    outbox.run()
    [sent] = resend.to("once@example.test")
    assert sent["subject"] == "News"
    assert "Closed." in sent["text"]
    row = outbox.row(message)
    assert (row["status"], row["provider"], row["attempts"]) == ("sent", "resend", 1)
    assert row["provider_id"]


def test_an_outage_loses_and_doubles_nothing(outbox: Outbox, resend: FakeResend) -> None:
    addresses = [f"{n}-{secrets.token_hex(4)}@example.test" for n in range(20)]
    messages = [outbox.enqueue(address=address) for address in addresses]
    resend.is_down = True
    waited = 0.0
    # Half an hour of it: the waits between the attempts add up to more.
    while waited < 1800:
        outbox.run()
        rows = [outbox.row(message) for message in messages]
        assert {row["status"] for row in rows} == {"pending"}
        assert {row["error"] for row in rows} == {"http_503"}
        waited += min((row["send_after"] - row["created_at"]).total_seconds() for row in rows)
        outbox.pass_time()
    resend.is_down = False
    resend.faults = [None, (429, {}, {"retry-after": "1"})]
    for _ in range(3):
        outbox.run()
        outbox.pass_time()
    assert [outbox.state(message)[0] for message in messages] == ["sent"] * 20
    assert [len(resend.to(address)) for address in addresses] == [1] * 20


@pytest.mark.parametrize(
    "step",
    [
        "claim_messages",
        "prepare_messages",
        "register_message_links",
        "settle_message",
        "before sending",
        "after sending",
    ],
)
def test_a_worker_that_dies_anywhere(
    outbox: Outbox,
    resend: FakeResend,
    email: Resend,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """Whether or not the provider has it already: it goes out once."""
    house = outbox.house
    appointment = house.book()
    address = house.users["client"].email
    outbox.value("select public.announce_bookings(10000)", [])
    message = outbox.value(
        "select id from public.messages where subject_id = %s and channel = 'email'",
        [appointment["id"]],
    )
    rpc, send = Database.rpc, email.send

    def die(*_: Any) -> Never:
        raise Killed

    def dying_rpc(self: Database, name: str, *arguments: Any, **more: Any) -> Any:
        answer = None if name == "settle_message" else rpc(self, name, *arguments, **more)
        if name == step:
            raise Killed
        return answer

    if step == "before sending":
        monkeypatch.setattr(email, "send", die)
    elif step == "after sending":
        monkeypatch.setattr(email, "send", lambda outgoing: die(send(outgoing)))
    else:
        monkeypatch.setattr(Database, "rpc", dying_rpc)
    before = len(resend.to(address))
    with pytest.raises(Killed):
        outbox.run()
    monkeypatch.setattr(Database, "rpc", rpc)
    monkeypatch.setattr(email, "send", send)

    assert outbox.row(message)["status"] == "sending"
    outbox.run()
    assert outbox.row(message)["status"] == "sending", "until its lease has run out"
    outbox.pass_time()
    outbox.run()
    assert outbox.row(message)["status"] == "sent"
    assert len(resend.to(address)) == before + 1
    # The links that went out are the ones that work.
    text = resend.to(address)[-1]["text"]
    secret = text.partition("/notifications/links/")[2].split()[0]
    found = house.functions(None).get(f"/notifications/links/{secret}")
    # The stack's own function has another secret, but the hash is all that the database knows.
    assert (found.status_code, found.json()["purpose"]) == (200, "appointment_cancel")


def test_a_worker_that_dies_while_it_announces(
    outbox: Outbox, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not its call went through: the client hears of the booking once."""
    house = outbox.house
    address = house.users["client"].email
    before = len(resend.to(address))
    rpc = Database.rpc

    def before_the_call(*_: Any, **__: Any) -> Never:
        raise Killed

    def after_the_call(self: Database, name: str, *arguments: Any, **more: Any) -> Never:
        rpc(self, name, *arguments, **more)
        raise Killed

    for dying in (before_the_call, after_the_call):
        house.book()
        monkeypatch.setattr(Database, "rpc", dying)
        with pytest.raises(Killed):
            outbox.run()
        monkeypatch.setattr(Database, "rpc", rpc)
        outbox.run()
        outbox.run()
    assert len(resend.to(address)) == before + 2


def test_a_database_that_is_away_for_a_moment(
    outbox: Outbox, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = outbox.enqueue(address="away@example.test")
    rpc = Database.rpc

    def failing(self: Database, name: str, *arguments: Any, **more: Any) -> Any:
        if name == "settle_message":
            raise unavailable("gone")
        return rpc(self, name, *arguments, **more)

    monkeypatch.setattr(Database, "rpc", failing)
    assert outbox.run()["unsettled"] == 1
    monkeypatch.setattr(Database, "rpc", rpc)
    outbox.pass_time()
    outbox.run()
    assert outbox.state(message) == ("sent", None)
    assert len(resend.to("away@example.test")) == 1


def test_what_no_longer_stands_is_not_sent(outbox: Outbox, resend: FakeResend) -> None:
    house = outbox.house
    before = len(resend.sent)
    appointment = house.book()
    outbox.value("select public.announce_bookings(10000)", [])
    # Claimed by a worker, then the appointment is cancelled: it looks again before it sends.
    claimed = Database(None, "t", is_service=True).rpc(
        "claim_messages", {"worker": "slow"}, answers=list
    )
    assert claimed
    client = house.as_("receptionist")
    assert client.post(f"/booking/{appointment['id']}/cancel").status_code == 200
    prepared = Database(None, "t", is_service=True).rpc(
        "prepare_messages",
        {"message_ids": [entry["id"] for entry in claimed], "lease": claimed[0]["lease"]},
        answers=list,
    )
    assert {entry["error"] for entry in prepared} == {"superseded"}
    assert len(resend.sent) == before


def test_what_is_queued_again_by_hand_goes_out_again(outbox: Outbox, resend: FakeResend) -> None:
    """Also on the same day, when the provider still knows the first one's key."""
    house = outbox.house
    message = outbox.enqueue(address="bounces@example.test")
    outbox.run()
    outbox.sql.execute(
        "select public.record_delivery_event('resend', %s, 'failed', %s)",
        [secrets.token_hex(8), message],
    )
    rest = house.rest(house.users["owner"])
    for _ in range(2):
        answer = rest.post("/rpc/requeue_message", json={"message_id": message})
        assert answer.status_code == 200
    outbox.run()
    assert outbox.state(message) == ("sent", None)
    assert len(resend.to("bounces@example.test")) == 2


def test_what_is_not_begun_within_the_lease_is_left_to_others(
    outbox: Outbox, email: Resend, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider so slow that the lease would end: another worker sends what was not begun."""
    messages = [outbox.enqueue(address=f"slow-{n}@example.test") for n in range(3)]
    passed = 0.0
    clock, send = time.monotonic, email.send

    def slow(outgoing: Outgoing) -> Result:
        nonlocal passed
        passed += worker.LEASE_SECONDS
        return send(outgoing)

    monkeypatch.setattr(worker, "PARALLEL", 1)
    monkeypatch.setattr(time, "monotonic", lambda: clock() + passed)
    monkeypatch.setattr(email, "send", slow)
    counts = outbox.run()
    assert (counts["sent"], counts["postponed"]) == (1, 2)
    rows = [outbox.row(message) for message in messages]
    assert sorted((row["status"], row["attempts"]) for row in rows) == [
        ("pending", 0),
        ("pending", 0),
        ("sent", 1),
    ]
    monkeypatch.setattr(email, "send", send)
    outbox.run()
    assert {outbox.state(message)[0] for message in messages} == {"sent"}
    assert [len(resend.to(f"slow-{n}@example.test")) for n in range(3)] == [1, 1, 1]


def test_bookings_that_cannot_be_told_hold_up_nothing(
    outbox: Outbox, resend: FakeResend, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.enqueue(address="queued@example.test")
    rpc = Database.rpc

    def failing(self: Database, name: str, *arguments: Any, **more: Any) -> Any:
        if name == "announce_bookings":
            raise unavailable("gone")
        return rpc(self, name, *arguments, **more)

    monkeypatch.setattr(Database, "rpc", failing)
    outbox.run()
    assert len(resend.to("queued@example.test")) == 1


def test_without_a_secret_for_links_nothing_is_tried(
    outbox: Outbox, environment: Callable[..., None]
) -> None:
    message = outbox.enqueue()
    environment(LINK_SECRET=None)
    with pytest.raises(Problem):
        outbox.run()
    row = outbox.row(message)
    assert (row["status"], row["attempts"]) == ("pending", 0)


def test_whoever_said_stop_was_not_reached(
    outbox: Outbox, sms: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    carriers: dict[str, Provider] = {"sms": sms}
    monkeypatch.setattr(worker, "provider_for", carriers.get)
    message = outbox.enqueue("sms", address="+420 700 000 001")
    outbox.run()
    assert outbox.state(message) == ("failed", "stopped: twilio_21610")


def test_messages_that_cannot_be_sent(outbox: Outbox, resend: FakeResend) -> None:
    nobody = outbox.enqueue("sms", address="+420777123456")
    unknown = outbox.value(
        "select private.enqueue_message(%s, %s, 'unheard_of', 'email', address => 'a@b.test')",
        [outbox.house.practice.id, secrets.token_hex(8)],
    )
    absent = '[{"bucket": "documents", "path": "no/such.pdf", "filename": "x.pdf",'
    file = outbox.enqueue(attachments=absent + ' "content_type": "application/pdf"}]')
    climbing = outbox.enqueue(
        attachments=absent.replace("no/such", "../x") + ' "content_type": "a/b"}]'
    )
    refused = outbox.enqueue(address="refused@example.test")
    resend.faults = []
    outbox.run()
    assert outbox.state(nobody) == ("failed", "no_provider")
    assert outbox.state(unknown) == ("failed", "no_template")
    assert outbox.state(file)[0] == "pending"
    assert str(outbox.state(file)[1]).startswith("attachment_")
    assert outbox.state(climbing) == ("failed", "bad_attachment")
    assert outbox.state(refused)[0] == "sent"


def test_an_organizations_broken_template_keeps_nobody_waiting(
    outbox: Outbox, resend: FakeResend
) -> None:
    outbox.sql.execute(
        "insert into public.message_templates"
        " (organization_id, kind, channel, locale, subject, body)"
        " values (%s, 'staff_message', 'email', 'en', 'Own', '{{ data.body * 9 }}')"
        " on conflict do nothing",
        [outbox.house.practice.id],
    )
    message = outbox.enqueue(address="broken@example.test")
    outbox.run()
    outbox.sql.execute(
        "delete from public.message_templates where organization_id = %s",
        [outbox.house.practice.id],
    )
    assert outbox.state(message) == ("sent", None)
    assert "Closed." in resend.to("broken@example.test")[0]["text"]


def test_sms_and_push(
    outbox: Outbox,
    sms: Twilio,
    twilio: FakeTwilio,
    push: Fcm,
    google: FakeGoogle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carriers: dict[str, Provider] = {"sms": sms, "push": push}
    monkeypatch.setattr(worker, "provider_for", carriers.get)
    house = outbox.house
    rest = house.rest(house.users["client"])
    for name in ("device-that-works", "device-that-is-gone"):
        arguments = {"registration": f"{name}-{house.practice.id}", "platform": "ios"}
        assert rest.post("/rpc/register_push_device", json=arguments).status_code == 200
    google.gone = {f"device-that-is-gone-{house.practice.id}"}
    text = outbox.enqueue("sms", address="+420 777 123 456")
    dead = outbox.enqueue("sms", address="+420 700 000 000")
    shown = outbox.enqueue("push", address=None, client_id=house.client_id)
    outbox.run()
    assert outbox.state(text) == ("sent", None)
    assert len(twilio.sent) == 1
    assert outbox.state(dead)[0] == "failed"
    assert outbox.state(shown) == ("sent", None)
    assert len(google.shown) == 1
    left = outbox.sql.execute(
        "select registration from private.push_devices where user_id = %s",
        [house.users["client"].id],
    ).fetchall()
    assert [row["registration"] for row in left] == [f"device-that-works-{house.practice.id}"]
    again = outbox.enqueue("sms", address="+420 700 000 000")
    outbox.run()
    assert outbox.state(again) == ("failed", "address_suppressed")


def test_the_entry_point(
    stack: TestStack, outbox: Outbox, environment: Callable[..., None], house: House
) -> None:
    url = f"{stack.functions_url}/notifications/run"
    problem(httpx.post(url), 401, "unauthenticated")
    problem(house.as_("owner").post("/notifications/run"), 401, "unauthenticated")
    if not stack.service_token_secret:
        pytest.skip("this stack's secret for machines is not known")
    environment(SERVICE_TOKEN_SECRET=stack.service_token_secret)
    message = outbox.enqueue(address="entry@example.test")
    headers = {"Authorization": f"Bearer {sign('tests', 'notifications:run')}"}
    response = httpx.post(url, headers=headers, json={"max_seconds": 20}, timeout=60)
    assert response.status_code == 200, response.text
    assert response.json()["counts"]["sent"] >= 1
    assert outbox.state(message) == ("sent", None)
    assert outbox.value(
        "select now() - finished_at < interval '1 minute' from private.worker_runs"
        " where worker = %s",
        ["notifications"],
    )
    other = {"Authorization": f"Bearer {sign('tests', 'notifications:send')}"}
    problem(httpx.post(url, headers=other), 403, "forbidden")
    problem(httpx.post(url, headers=headers, json={"max_seconds": 999}), 422, "invalid_argument")


def test_the_desk_writes_to_clients(house: House, outbox: Outbox, resend: FakeResend) -> None:
    wish = {
        "channel": "email",
        "subject": "Closed",
        "body": "Closed on Friday. {{ 7 * 7 }} <b>",
        "client_ids": [house.client_id, house.other_client_id],
    }
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    desk = house.as_("receptionist")
    first = desk.post("/notifications/send", json=wish, headers=headers)
    assert (first.status_code, first.json()["total_count"]) == (202, 2), first.text
    again = desk.post("/notifications/send", json=wish, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    outbox.run()
    [operation] = (
        house.rest(house.users["receptionist"])
        .get("/bulk_operations", params={"id": f"eq.{first.json()['id']}"})
        .json()
    )
    assert (operation["status"], operation["done_count"]) == ("completed", 2)
    sent = resend.to(house.users["client"].email)[-1]
    assert (sent["subject"], "{{ 7 * 7 }} <b>" in sent["text"]) == ("Closed", True)
    assert "<b>" not in sent["html"].replace("<br>", "")
    problem(house.as_("practitioner").post("/notifications/send", json=wish), 403, "forbidden")
    problem(house.as_("client").post("/notifications/send", json=wish), 403, "forbidden")
    problem(house.as_(None).post("/notifications/send", json=wish), 401, "unauthenticated")
    problem(desk.post("/notifications/send", json={"body": "x"}), 422, "invalid_argument")


def test_a_preview(house: House) -> None:
    desk = house.as_("owner")
    shown = desk.post("/notifications/preview", json={"kind": "appointment_reminder"}).json()
    assert "Reminder" in shown["subject"]
    own = {"kind": "own_kind", "body": "Hi {{ recipient.name }}", "subject": "S"}
    assert desk.post("/notifications/preview", json=own).json()["text"] == "Hi Sam Example"
    bad = {"kind": "own_kind", "body": "{{ 7 * 7 }}"}
    body = problem(desk.post("/notifications/preview", json=bad), 422, "invalid_argument")
    assert "mul" in body["detail"]
    problem(desk.post("/notifications/preview", json={"kind": "own_kind"}), 422, "invalid_argument")
