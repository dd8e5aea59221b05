"""The main job, walked through against the running stack: what `make demo` shows.

It uses what any frontend would: supabase-py for sign-in, tables and RPCs, plain HTTP for the
functions. Each run books, pays, holds and invoices one more video session of the demo client.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import jwt
from fpdf import FPDF
from postgrest.exceptions import APIError
from supabase import AuthError, AuthRetryableError, Client, create_client

from local.dev import DEMO_PASSWORD
from local.stack import STACK_FILE, Stack

# Fixed in seed.sql, which says how its ids are made.
VIDEO_SERVICE = "20000000-0000-4000-8000-000000001004"
THERAPIST = "14000000-0000-4000-8000-000000001001"
DAYS_AHEAD = 14
TOP_UP = 500_000
HTTP_SECONDS = 30
LABEL_WIDTH = 22


class DemoError(RuntimeError):
    """The walk-through cannot go on; the message says why."""


class Printer:
    """Prints numbered steps with aligned lines, in colour where somebody watches."""

    def __init__(self) -> None:
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.number = 0

    def step(self, title: str) -> None:
        """Begin a step."""
        self.number += 1
        print(f"\n{self._paint('1;36', f'{self.number:2}  {title}')}")

    def line(self, label: str, value: object, *, good: bool = False) -> None:
        """Print one result of the step."""
        text = self._paint("32", str(value)) if good else str(value)
        print(f"    {label:<{LABEL_WIDTH}}{text}")

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.colours else text


@dataclass(frozen=True)
class Answer:
    """What a function answered."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.text)


class Person:
    """One signed-in account: its Data API and the functions on its behalf."""

    def __init__(self, stack: dict[str, Any], name: str, http: httpx.Client) -> None:
        self.email = f"{name}@pristav.test"
        self.api: Client = create_client(stack["api_url"], stack["publishable_key"])
        session = self.api.auth.sign_in_with_password(
            {"email": self.email, "password": DEMO_PASSWORD}
        ).session
        if session is None:
            raise DemoError(f"{self.email} cannot sign in.")
        self._headers = {"Authorization": f"Bearer {session.access_token}"}
        self._http = http

    def rpc(self, name: str, **arguments: object) -> Any:
        """Call a database function."""
        return self.api.rpc(name, dict(arguments)).execute().data

    def one(self, table: str, columns: str, **equal: str) -> Any:
        """Read one row."""
        query = self.api.table(table).select(columns)
        for column, value in equal.items():
            query = query.eq(column, value)
        return query.single().execute().data

    def get(self, path: str) -> Answer:
        """Read from a function."""
        return self._send("GET", path, 200)

    def post(
        self, path: str, body: dict[str, Any] | None = None, *, key: str = "", expect: int = 200
    ) -> Answer:
        """Send to a function; the key makes a repeat harmless."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._send("POST", path, expect, headers=headers, json=body or {})

    def _send(self, method: str, path: str, expect: int, **options: Any) -> Answer:
        headers = {**self._headers, **options.pop("headers", {})}
        response = self._http.request(method, path, headers=headers, **options)
        if response.status_code != expect:
            raise DemoError(
                f"{method} {path} answered {response.status_code} instead of {expect}:\n"
                f"{response.text}"
            )
        return Answer(response.status_code, response.text)


class Demo:
    """The steps, in the order in which a practice meets them."""

    def __init__(self, stack: dict[str, Any], http: httpx.Client) -> None:
        self.stack = stack
        self.out = Printer()
        self.people = {
            name: Person(stack, name, http)
            for name in ("client", "reception", "therapist", "owner")
        }
        self.zone = ZoneInfo("UTC")
        self.client_id = ""
        self.service: dict[str, Any] = {}

    def run(self) -> None:
        """Walk through everything."""
        self.who_is_there()
        slot = self.free_time()
        self.make_sure_of_credits()
        appointment = self.book(slot)
        self.somebody_else(slot)
        self.video_room(appointment)
        self.calendar_file(appointment)
        self.complete(appointment)
        self.document(appointment)
        report = self.report(appointment)
        self.invoice(appointment, report)

    def who_is_there(self) -> None:
        """Sign in as the client."""
        client = self.people["client"]
        self.out.step("The client signs in")
        identity = client.rpc("current_identity")
        record = identity["clients"][0]
        self.client_id = record["client_id"]
        practice = client.one("organizations", "timezone", id=record["organization_id"])
        self.zone = ZoneInfo(practice["timezone"])
        self.service = client.one("services", "*", id=VIDEO_SERVICE)
        self.out.line("client", f"{identity['profile']['display_name']}, {client.email}")
        self.out.line("practice", f"{record['organization_name']} ({practice['timezone']})")

    def free_time(self) -> dict[str, Any]:
        """Find a free slot of the therapist on the emptiest day, of this month if there is one."""
        client, service = self.people["client"], self.service
        self.out.step("and looks for free time")
        tomorrow = datetime.now(self.zone).date() + timedelta(days=1)
        wanted = {"service_id": VIDEO_SERVICE, "practitioner_id": THERAPIST}
        days = client.rpc(
            "find_bookable_days",
            **wanted,
            from_date=tomorrow.isoformat(),
            to_date=(tomorrow + timedelta(days=DAYS_AHEAD - 1)).isoformat(),
        )
        if not days:
            raise DemoError("The therapist is booked out: `make reset` gives a fresh practice.")
        day = max(
            days, key=lambda found: (found["day"][:7] == days[0]["day"][:7], found["slot_count"])
        )["day"]
        slots = client.rpc("find_slots", **wanted, from_date=day, to_date=day)
        slot: dict[str, Any] = slots[0]
        price = money(service["price_amount"], service["currency"])
        self.out.line("service", f"{service['name']}, {service['duration_minutes']} min, {price}")
        shown = ", ".join(f"{short(found['day'])} ({found['slot_count']})" for found in days[:4])
        self.out.line("bookable days", f"{len(days)} of {DAYS_AHEAD}: {shown} …")
        times = " ".join(self.local(found["starts_at"]).strftime("%H:%M") for found in slots[:8])
        self.out.line(f"slots {short(day)}", f"{times} …")
        self.out.line("chosen", self.when(slot["starts_at"]), good=True)
        return slot

    def make_sure_of_credits(self) -> None:
        """Top up at the desk when the purse does not cover the session."""
        if self.available() >= self.service["price_amount"]:
            return
        self.out.step("Reception tops up the client's credits")
        entry = self.people["reception"].post(
            f"/credits/{self.client_id}/adjust",
            {"amount": TOP_UP, "reason": "Hotově na recepci"},
            expect=201,
        )
        self.out.line("added", money(entry.body["amount"], entry.body["currency"]), good=True)

    def book(self, slot: dict[str, Any]) -> dict[str, Any]:
        """Book and pay in one request, then send the very same request again."""
        client, currency = self.people["client"], self.service["currency"]
        self.out.step("books it and pays with credits, in one request")
        before = self.available()
        key = str(uuid.uuid4())
        wanted = {
            "service_id": VIDEO_SERVICE,
            "practitioner_id": slot["practitioner_id"],
            "starts_at": slot["starts_at"],
        }
        booked = client.post("/booking", wanted, key=key, expect=201)
        appointment: dict[str, Any] = booked.body
        after = self.available()
        state = f"{appointment['status']}, {appointment['payment_status']}"
        self.out.line(f"POST /booking {booked.status}", state, good=True)
        self.out.line("appointment", appointment["id"])
        spent = money(before - after, currency)
        self.out.line("credits", f"{money(before, currency)} → {money(after, currency)} (-{spent})")
        if before - after != appointment["price_amount"] or appointment["payment_status"] != "paid":
            raise DemoError("The session was not paid with its price.")

        self.out.step("A double click sends the same request again")
        again = client.post("/booking", wanted, key=key, expect=201)
        if again.body["id"] != appointment["id"] or self.available() != after:
            raise DemoError("The repeated request had a second effect.")
        self.out.line(f"POST /booking {again.status}", "the same appointment, paid once", good=True)
        return appointment

    def somebody_else(self, slot: dict[str, Any]) -> None:
        """Try to give the slot to another client."""
        self.out.step("Meanwhile, on the telephone, another client wants that time")
        reception = self.people["reception"]
        other = reception.rpc("search_clients", query="zdarkova")[0]
        refused = reception.post(
            "/booking",
            {
                "service_id": VIDEO_SERVICE,
                "practitioner_id": slot["practitioner_id"],
                "client_id": other["id"],
                "starts_at": slot["starts_at"],
            },
            expect=409,
        )
        if refused.body["code"] != "slot_taken":
            raise DemoError(f"Expected slot_taken, not {refused.body['code']}.")
        self.out.line("search zdarkova", f"{other['given_name']} {other['family_name']}")
        self.out.line(f"POST /booking {refused.status}", refused.body["code"], good=True)
        self.out.line("", refused.body.get("detail", ""))

    def video_room(self, appointment: dict[str, Any]) -> None:
        """Enter the room as client and as therapist."""
        self.out.step("Both enter the video room")
        rooms = {}
        for name in ("client", "therapist"):
            answer = self.people[name].post("/video/rooms", {"appointment_id": appointment["id"]})
            room = rooms[name] = answer.body
            role = "moderator" if room["moderator"] else "participant"
            self.out.line(name, f"{role}, until {self.when(room['expires_at'])}")
        if len({room["room"] for room in rooms.values()}) != 1:
            raise DemoError("Client and therapist were sent to different rooms.")
        if rooms["client"]["moderator"] or not rooms["therapist"]["moderator"]:
            raise DemoError("The therapist leads the meeting, not the client.")
        url = rooms["client"]["url"]
        self.out.line("url", f"{url.split('?')[0]}?jwt=…" if "?jwt=" in url else url)
        if token := rooms["client"]["token"]:
            self.show_token(token)
        else:
            self.out.line("token", "none: a public server is configured")

    def show_token(self, token: str) -> None:
        """Show what a room token says, and check its signature where the secret is known."""
        secret = self.stack.get("video_secret")
        is_shared = jwt.get_unverified_header(token)["alg"] == "HS256"
        claims = jwt.decode(
            token,
            secret or "",
            algorithms=["HS256"],
            options={
                "verify_signature": bool(secret) and is_shared,
                "verify_aud": False,
                # It opens shortly before the session.
                "verify_nbf": False,
            },
        )
        for name in ("iss", "aud", "sub", "room"):
            self.out.line(f"  {name}", claims.get(name))
        opens, ends = (datetime.fromtimestamp(claims[name], self.zone) for name in ("nbf", "exp"))
        self.out.line("  valid", f"{opens:%a %d %b %H:%M} to {ends:%H:%M}")
        user = claims["context"]["user"]
        self.out.line("  user", f"{user['name']}, moderator {user['moderator']}")

    def calendar_file(self, appointment: dict[str, Any]) -> None:
        """Fetch the calendar invitation."""
        self.out.step("The client takes the appointment into a calendar")
        text = self.people["client"].get(f"/booking/{appointment['id']}/calendar.ics").text
        # Long lines are folded: a break and a blank continue the line before.
        unfolded = text.replace("\r\n ", "").replace("\r\n\t", "").splitlines()
        event = unfolded[unfolded.index("BEGIN:VEVENT") :]
        for name in ("METHOD", "UID", "SEQUENCE", "DTSTART", "SUMMARY"):
            source = unfolded if name == "METHOD" else event
            for found in source:
                if found.split(":")[0].split(";")[0] == name:
                    self.out.line(name, found[len(name) + 1 :])
                    break

    def complete(self, appointment: dict[str, Any]) -> None:
        """Finish the session as the therapist."""
        self.out.step("After the session the therapist completes it")
        done = self.people["therapist"].post(f"/booking/{appointment['id']}/complete")
        self.out.line("status", f"{appointment['status']} → {done.body['status']}", good=True)

    def document(self, appointment: dict[str, Any]) -> None:
        """Store a note about the session as the therapist; the client reads it."""
        self.out.step("writes a note about it, which the client reads")
        therapist, client = self.people["therapist"], self.people["client"]
        content = note(self.when(appointment["starts_at"]))
        prepared = therapist.rpc(
            "prepare_client_report",
            client_id=self.client_id,
            appointment_id=appointment["id"],
            title="Session note",
            file_name="note.pdf",
            content_type="application/pdf",
            size_bytes=len(content),
            visible_to_client=True,
        )
        files = therapist.api.storage.from_("client-reports")
        signed = files.create_signed_upload_url(prepared["storage_path"])
        files.upload_to_signed_url(
            prepared["storage_path"], signed["token"], content, {"content-type": "application/pdf"}
        )
        stored = therapist.post(f"/reports/{prepared['id']}/finish").body
        self.out.line("document", f"{stored['size_bytes']:,} bytes, {stored['status']}", good=True)
        address = client.get(f"/reports/{stored['id']}/download").body["url"]
        fetched = httpx.get(address, timeout=HTTP_SECONDS)
        if fetched.content != content:
            raise DemoError("The client got another document than the therapist wrote.")
        self.out.line("the client reads", f"{fetched.headers['content-type']}, the same bytes")
        viewed = self.people["owner"].one("report_views", "role", report_id=stored["id"])
        self.out.line("on record", f"opened by the {viewed['role']}")

    def report(self, appointment: dict[str, Any]) -> dict[str, Any]:
        """Make the month's billing report as the owner and export it."""
        self.out.step("The owner makes the billing report of the month and exports it")
        owner = self.people["owner"]
        first = self.local(appointment["starts_at"]).date().replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        report: dict[str, Any] = owner.post(
            "/billing/reports",
            {"period_start": first.isoformat(), "period_end": following.isoformat()},
            expect=201,
        ).body
        self.out.line("period", f"{first:%B %Y}, sessions: {report['line_count']}")
        for total in report["totals"]:
            currency = total.pop("currency")
            for name, part in total.items():
                amount = money(part["amount"], currency)
                self.out.line(
                    f"  {name.removeprefix('completed_')}", f"{part['count']:3}  {amount:>15}"
                )
        text = owner.get(f"/billing/reports/{report['id']}/export?format=csv").text
        rows = list(csv.DictReader(io.StringIO(text)))
        line = next((row for row in rows if row["appointment_id"] == appointment["id"]), None)
        if line is None or len(rows) != report["line_count"]:
            raise DemoError("The export does not hold the sessions of the report.")
        self.out.line("export CSV", f"{len(rows)} lines, {len(text.encode()):,} bytes", good=True)
        columns = ("starts_at", "practitioner_name", "client_name", "price", "currency")
        self.out.line(f"line {line['line_number']}", " | ".join(line[name] for name in columns))
        return report

    def invoice(self, appointment: dict[str, Any], report: dict[str, Any]) -> None:
        """Mark the session as invoiced, once."""
        self.out.step("and marks the session as invoiced")
        owner = self.people["owner"]
        wanted = {"appointment_ids": [appointment["id"]]}
        marked = owner.post("/billing/mark-invoiced", wanted).body["invoiced_count"]
        now = owner.one("appointments", "payment_status", id=appointment["id"])
        self.out.line("marked", f"{marked}, now {now['payment_status']}", good=True)
        refused = owner.post("/billing/mark-invoiced", wanted, expect=409)
        self.out.line("once more", f"{refused.status} {refused.body['code']}")
        kept = owner.one(
            "billing_report_lines",
            "payment_status",
            report_id=report["id"],
            appointment_id=appointment["id"],
        )
        self.out.line("in the report", f"still {kept['payment_status']}: a snapshot never changes")

    def available(self) -> int:
        """Return what the client can spend now, in minor units."""
        answer = self.people["client"].get(f"/credits/{self.client_id}")
        return int(answer.body["available_amount"])

    def local(self, instant: str) -> datetime:
        """Return an instant on the practice's clock."""
        return datetime.fromisoformat(instant).astimezone(self.zone)

    def when(self, instant: str) -> str:
        """Write an instant on the practice's clock."""
        return self.local(instant).strftime("%A %d %B %Y, %H:%M")


def note(when: str) -> bytes:
    """Write a small document."""
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=14)
    page.cell(text=f"Session of {when}")
    return bytes(page.output())


def money(amount: int, currency: str) -> str:
    """Write minor units of a currency with two decimals for people."""
    return f"{amount / 100:,.2f} {currency}"


def short(day: str) -> str:
    """Write a day in few letters."""
    return date.fromisoformat(day).strftime("%a %d %b")


def stack_file() -> Path:
    """Return the file of the stack that PRAXIS_PORT_BASE names, or of the one that runs."""
    if os.environ.get("PRAXIS_PORT_BASE", "").strip():
        return Stack.from_environment().folder / "stack.json"
    return STACK_FILE


def main() -> int:
    """Run the walk-through; what goes wrong is said in a sentence."""
    options = argparse.ArgumentParser(prog="demo", description=__doc__)
    options.add_argument("--stack", type=Path, default=None, help="a stack.json")
    path = options.parse_args().stack or stack_file()
    try:
        stack = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        print("No stack is running. Start one with `make dev` in another window.", file=sys.stderr)
        return 1
    print(f"Praxis on {stack['api_url']}: the main job, with the accounts of seed.sql")
    try:
        with httpx.Client(base_url=stack["functions_url"], timeout=HTTP_SECONDS) as http:
            Demo(stack, http).run()
    except (httpx.TransportError, AuthRetryableError) as error:
        print(f"The stack does not answer ({error}). Start it with `make dev`.", file=sys.stderr)
        return 1
    except AuthError as error:
        print(f"Signing in failed ({error}). `make reset` loads the seed.", file=sys.stderr)
        return 1
    except (APIError, DemoError) as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    print(
        "\nDone: found, booked, paid, met, completed, billed. Run it again, it books another one."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
