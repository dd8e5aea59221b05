"""Two practices with one row of everything on each side, and the people who try things there.

Whatever a new table is called, it needs a row of both practices here: the matrix says so when it
has none. Everything derives from a prefix, so that several worlds fit into one database.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.conftest import Connection

NAMESPACE = uuid.UUID("5f0c7b1e-3c5e-4f0a-9d5b-6f1d6a3b2c10")
# The committed files were measured in the world of this prefix.
MEASURED = "measured"
PASSWORD = "access-matrix-2026"
STAFF = {
    "owner": "owner",
    "admin": "admin",
    "receptionist": "receptionist",
    "practitioner": "practitioner",
    "colleague": "practitioner",
    "spare": "receptionist",
    "removed": "admin",
}
USERS = (*STAFF, "client", "other", "stranger")
# On each side: an appointment of the client with the practitioner, and one of the other client
# with the colleague, for every state that a function starts from. Days from today, local hour.
APPOINTMENTS = {
    "confirmed": (3, 9),
    "pending": (4, 9),
    "paid": (5, 9),
    "payable": (6, 9),
    "first": (10, 9),
    "second": (17, 9),
    "completed": (-7, 9),
    "today": (0, 0),
}
PAIRS = {"own": ("client", "practitioner"), "other": ("other", "colleague")}
INVOICES = ("draft", "issued", "paid", "credit")
PRICE = 100_000


@dataclass(frozen=True)
class World:
    """A pair of practices; every id follows from the name of what it belongs to."""

    prefix: str

    def id(self, name: str) -> str:
        """Return the id of 'ours.client', 'theirs.services.talk', …"""
        return str(uuid.uuid5(NAMESPACE, f"{self.prefix}.{name}"))

    def email(self, name: str) -> str:
        """Return the address of a user."""
        return f"{self.prefix}.{name}@example.test"

    def slug(self, side: str) -> str:
        """Return the short name of a practice."""
        return f"{self.prefix}-{side}"

    def token(self, name: str) -> str:
        """Return the secret of an invitation."""
        return f"{self.prefix}-{name}-invitation"


def build(db: Connection, prefix: str) -> World:
    """Make both practices in the connection's transaction."""
    world = World(prefix)
    # A database made of declared files alone has no buckets.
    db.execute(
        b"""
        insert into storage.buckets (id, name)
        values ('client-reports', 'client-reports'), ('documents', 'documents')
        on conflict do nothing
        """
    )
    for side in ("ours", "theirs"):
        users(db, world, side)
        people(db, world, side)
        supply(db, world, side)
        for pair in PAIRS:
            demand(db, world, side, pair)
            report(db, world, side, pair)
        versions(db, world, side)
        papers(db, world, side)
        money(db, world, side)
        messages(db, world, side)
        waitlist(db, world, side)
    # A worker has told of the bookings; one of each practice is still to be told of.
    db.execute(b"select public.announce_bookings(10000)")
    for side in ("ours", "theirs"):
        insert(
            db,
            "private.booking_announcements",
            appointment_id=world.id(f"{side}.booking_announcements"),
            organization_id=world.id(f"{side}.organization"),
            booked_at="=now()",
        )
    return world


def insert(db: Connection, table: str, **values: Any) -> None:
    """Insert one row; values that begin with '=' are SQL."""
    columns, texts, parameters = [], [], []
    for column, value in values.items():
        columns.append(column)
        if isinstance(value, str) and value.startswith("="):
            texts.append(value[1:])
        else:
            texts.append("%s")
            parameters.append(value)
    db.execute(
        f"insert into {table} ({', '.join(columns)}) values ({', '.join(texts)})".encode(),
        parameters,
    )


def at(day: int, hour: int) -> str:
    """Return SQL for a local time of the practices, some days from today."""
    local = f"(now() at time zone 'Europe/Prague')::date + {day} + time '{hour:02}:00'"
    return f"(({local}) at time zone 'Europe/Prague')"


def users(db: Connection, world: World, side: str) -> None:
    db.execute(
        b"""
        insert into auth.users (
          id, instance_id, aud, role, email, encrypted_password, email_confirmed_at,
          raw_app_meta_data, raw_user_meta_data, created_at, updated_at
        )
        select u.id::uuid, '00000000-0000-0000-0000-000000000000', 'authenticated',
          'authenticated', u.email, p.hash, now(),
          '{"provider": "email", "providers": ["email"]}', '{}', now(), now()
        from unnest(%s::text[], %s::text[]) as u (id, email),
          (select extensions.crypt(%s, extensions.gen_salt('bf', 4)) as hash) as p
        """,
        [
            [world.id(f"{side}.{name}") for name in USERS],
            [world.email(f"{side}.{name}") for name in USERS],
            PASSWORD,
        ],
    )
    db.execute(
        b"""
        insert into auth.identities (
          provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at
        )
        select u.id::text, u.id, jsonb_build_object('sub', u.id, 'email', u.email), 'email', now(),
          now(), now()
        from auth.users as u where u.id = any (%s::uuid[])
        """,
        [[world.id(f"{side}.{name}") for name in USERS]],
    )


def people(db: Connection, world: World, side: str) -> None:
    organization = world.id(f"{side}.organization")
    insert(
        db,
        "public.organizations",
        id=organization,
        slug=world.slug(side),
        name=f"Practice {side}",
        timezone="Europe/Prague",
        currency="CZK",
    )
    for name, role in STAFF.items():
        insert(
            db,
            "public.members",
            id=world.id(f"{side}.members.{name}"),
            organization_id=organization,
            user_id=world.id(f"{side}.{name}"),
            role=role,
            display_name=name,
        )
    db.execute(b"delete from public.members where id = %s", [world.id(f"{side}.members.removed")])
    for name in ("practitioner", "colleague", "freelancer"):
        insert(
            db,
            "public.practitioners",
            id=world.id(f"{side}.practitioners.{name}"),
            organization_id=organization,
            user_id=None if name == "freelancer" else world.id(f"{side}.{name}"),
            display_name=name.title(),
        )
    for name in ("client", "other", "walkin"):
        insert(
            db,
            "public.clients",
            id=world.id(f"{side}.clients.{name}"),
            organization_id=organization,
            user_id=None if name == "walkin" else world.id(f"{side}.{name}"),
            given_name="Client",
            family_name=name.title(),
        )
    for name in USERS:
        insert(db, "public.profiles", user_id=world.id(f"{side}.{name}"), display_name=name)
    for name in ("owner", "practitioner"):
        insert(
            db,
            "public.client_notes",
            id=world.id(f"{side}.notes.{name}"),
            organization_id=organization,
            client_id=world.id(f"{side}.clients.client"),
            body="internal",
            created_by=world.id(f"{side}.{name}"),
        )
    insert(
        db,
        "public.tags",
        id=world.id(f"{side}.tag"),
        organization_id=organization,
        name="Adults",
    )
    insert(
        db,
        "public.client_tags",
        organization_id=organization,
        client_id=world.id(f"{side}.clients.client"),
        tag_id=world.id(f"{side}.tag"),
    )
    purposes: dict[str, dict[str, str]] = {
        "staff": {"role": "receptionist"},
        "client": {"client_id": world.id(f"{side}.clients.walkin")},
        "accepted": {
            "role": "practitioner",
            "accepted_at": "=now()",
            "accepted_by": world.id(f"{side}.practitioner"),
        },
    }
    for name, purpose in purposes.items():
        insert(
            db,
            "public.invitations",
            id=world.id(f"{side}.invitations.{name}"),
            organization_id=organization,
            email=world.email(f"{side}.stranger"),
            **purpose,
            token_hash=f"=extensions.digest('{world.token(f'{side}.{name}')}', 'sha256')",
            created_by=world.id(f"{side}.owner"),
            expires_at="=now() + interval '3 days'",
        )


def supply(db: Connection, world: World, side: str) -> None:
    organization = world.id(f"{side}.organization")
    location = world.id(f"{side}.location")
    insert(
        db,
        "public.locations",
        id=location,
        organization_id=organization,
        name="Branch",
        timezone="Europe/Prague",
    )
    for name in ("room", "spare"):
        insert(
            db,
            "public.rooms",
            id=world.id(f"{side}.rooms.{name}"),
            organization_id=organization,
            location_id=location,
            name=name,
        )
    insert(
        db,
        "public.time_off",
        organization_id=organization,
        room_id=world.id(f"{side}.rooms.spare"),
        during=f"=tstzrange({at(40, 21)}, {at(40, 23)})",
    )
    for name in ("talk", "internal", "spare"):
        service = world.id(f"{side}.services.{name}")
        insert(
            db,
            "public.services",
            id=service,
            organization_id=organization,
            name=name,
            duration_minutes=60,
            price_amount=PRICE,
            currency="CZK",
            is_public=name != "internal",
        )
        if name == "spare":
            continue
        insert(
            db,
            "public.service_rooms",
            organization_id=organization,
            service_id=service,
            room_id=world.id(f"{side}.rooms.room"),
        )
        for practitioner in ("practitioner", "colleague"):
            insert(
                db,
                "public.service_practitioners",
                organization_id=organization,
                service_id=service,
                practitioner_id=world.id(f"{side}.practitioners.{practitioner}"),
            )
    for name in ("practitioner", "colleague"):
        owned = {
            "organization_id": organization,
            "practitioner_id": world.id(f"{side}.practitioners.{name}"),
        }
        for weekday in range(1, 8):
            insert(
                db,
                "public.working_hours",
                **owned,
                location_id=location,
                weekday=weekday,
                start_time="07:00",
                end_time="20:00",
            )
        night = f"=tstzrange({at(40, 21)}, {at(40, 23)})"
        insert(db, "public.extra_hours", **owned, location_id=location, during=night)
        insert(db, "public.time_off", **owned, during=night)
        for day in range(1, 31):
            insert(
                db,
                "public.booking_activations",
                **owned,
                day=f"=(now() at time zone 'Europe/Prague')::date + {day}",
                is_open=True,
            )


def demand(db: Connection, world: World, side: str, pair: str) -> None:
    client, practitioner = PAIRS[pair]
    owned = {
        "organization_id": world.id(f"{side}.organization"),
        "client_id": world.id(f"{side}.clients.{client}"),
    }
    served = {
        **owned,
        "practitioner_id": world.id(f"{side}.practitioners.{practitioner}"),
        "service_id": world.id(f"{side}.services.talk"),
    }
    insert(
        db,
        "public.credit_entries",
        **owned,
        id=world.id(f"{side}.{pair}.top_up"),
        kind="top_up",
        amount=5 * PRICE,
        currency="CZK",
    )
    insert(
        db,
        "public.appointment_blocks",
        **served,
        id=world.id(f"{side}.{pair}.block"),
        starts_at=f"={at(10, 9)}",
        occurrences=2,
        interval_weeks=1,
    )
    for name, (day, hour) in APPOINTMENTS.items():
        later = hour + (0 if pair == "own" else 2)
        insert(
            db,
            "public.appointments",
            **served,
            id=world.id(f"{side}.{pair}.{name}"),
            location_id=world.id(f"{side}.location"),
            room_id=world.id(f"{side}.rooms.room"),
            block_id=world.id(f"{side}.{pair}.block") if name in {"first", "second"} else None,
            during=f"=tstzrange({at(day, later)}, {at(day, later + 1)})",
            status=name if name in {"pending", "completed"} else "confirmed",
        )
    db.execute(
        b"update public.appointments set payment_status = 'paid' where id = %s",
        [world.id(f"{side}.{pair}.paid")],
    )
    insert(
        db,
        "public.credit_entries",
        **owned,
        id=world.id(f"{side}.{pair}.spend"),
        kind="spend",
        amount=-PRICE,
        currency="CZK",
        appointment_id=world.id(f"{side}.{pair}.paid"),
    )


def report(db: Connection, world: World, side: str, pair: str) -> None:
    client, _ = PAIRS[pair]
    identity = world.id(f"{side}.{pair}.client_report")
    store(db, world, side, pair, identity)
    insert(
        db,
        "public.report_views",
        organization_id=world.id(f"{side}.organization"),
        report_id=identity,
        viewed_by=world.id(f"{side}.{client}"),
        role="client",
    )


def versions(db: Connection, world: World, side: str) -> None:
    """Make a document that is archived, and the version that came after it."""
    outdated = world.id(f"{side}.own.outdated")
    store(db, world, side, "own", outdated)
    store(db, world, side, "own", world.id(f"{side}.own.newest"), previous_id=outdated)
    db.execute(
        b"""
        update public.client_reports
        set status = 'archived', archived_at = now(), visible_to_client = false
        where id = %s
        """,
        [outdated],
    )


def store(db: Connection, world: World, side: str, pair: str, identity: str, **values: Any) -> None:
    client, practitioner = PAIRS[pair]
    insert(
        db,
        "public.client_reports",
        **values,
        id=identity,
        organization_id=world.id(f"{side}.organization"),
        client_id=world.id(f"{side}.clients.{client}"),
        title="Report",
        file_name="report.pdf",
        content_type="application/pdf",
        size_bytes=100,
        visible_to_client=True,
        created_by=world.id(f"{side}.{practitioner}"),
    )
    db.execute(
        b"""
        update public.client_reports
        set status = 'stored', sha256 = repeat('a', 64), stored_at = now()
        where id = %s
        """,
        [identity],
    )
    db.execute(
        b"""
        insert into storage.objects (bucket_id, name)
        select 'client-reports', storage_path from public.client_reports where id = %s
        """,
        [identity],
    )


def papers(db: Connection, world: World, side: str) -> None:
    organization = world.id(f"{side}.organization")
    insert(
        db,
        "public.billing_reports",
        id=world.id(f"{side}.report"),
        organization_id=organization,
        period_start="2026-01-01",
        period_end="2026-02-01",
        timezone="Europe/Prague",
        line_count=1,
        totals=json.dumps(
            [
                {
                    "currency": "CZK",
                    "completed_unpaid": {"count": 1, "amount": PRICE},
                    "completed_paid": {"count": 0, "amount": 0},
                    "completed_invoiced": {"count": 0, "amount": 0},
                    "no_show": {"count": 0, "amount": 0},
                }
            ]
        ),
        created_at="=now() - interval '1 day'",
    )
    # A report takes no lines later than its own making, which was yesterday.
    db.execute("alter table public.billing_report_lines disable trigger user")
    db.execute(
        b"""
        insert into public.billing_report_lines (
          report_id, line_number, organization_id, appointment_id, starts_at, ends_at,
          practitioner_id, practitioner_name, service_id, service_name, client_id, client_name,
          status, payment_status, price_amount, currency
        )
        select %s, 1, organization_id, id, starts_at, ends_at, practitioner_id, 'Practitioner',
          service_id, 'talk', client_id, 'Client', status, payment_status, price_amount, currency
        from public.appointments where id = %s
        """,
        [world.id(f"{side}.report"), world.id(f"{side}.own.completed")],
    )
    db.execute("alter table public.billing_report_lines enable trigger user")
    insert(
        db,
        "private.idempotency_keys",
        organization_id=organization,
        user_id=world.id(f"{side}.owner"),
        operation="book_appointment",
        key=f"{world.prefix}-{side}",
        request_hash=b"hash",
        response="{}",
    )
    insert(
        db,
        "private.video_rooms",
        session_id=world.id(f"{side}.session"),
        organization_id=organization,
        room_name="=encode(extensions.gen_random_bytes(16), 'hex')",
    )
    insert(
        db,
        "private.rate_limits",
        bucket=f"{world.prefix}-{side}",
        tokens=1,
        refilled_at="=now()",
    )
    insert(
        db,
        "private.job_runs",
        name=f"{world.prefix}-{side}",
        started_at="=now()",
        finished_at="=now()",
    )
    insert(
        db,
        "public.bulk_operations",
        id=world.id(f"{side}.bulk"),
        organization_id=organization,
        kind="cancel_day",
        parameters=json.dumps(
            {
                "practitioner_id": world.id(f"{side}.practitioners.practitioner"),
                "day": "2030-01-01",
            }
        ),
        created_by=world.id(f"{side}.owner"),
    )
    insert(
        db,
        "public.bulk_operation_items",
        operation_id=world.id(f"{side}.bulk"),
        number=1,
        organization_id=organization,
        subject_id=world.id(f"{side}.own.confirmed"),
    )
    db.execute(b"alter table public.audit_checkpoints disable trigger user")
    insert(db, "public.audit_checkpoints", organization_id=organization, number=0, hash=b"")
    db.execute(b"alter table public.audit_checkpoints enable trigger user")
    db.execute(
        b"""
        update public.audit_entries as e
        set number = 1, hash = private.audit_hash(null, jsonb_populate_record(e, '{"number": 1}'))
        where id = (select min(id) from public.audit_entries where organization_id = %s)
        """,
        [organization],
    )


def money(db: Connection, world: World, side: str) -> None:
    owned = {"organization_id": world.id(f"{side}.organization")}
    account = world.id(f"{side}.bank_account")
    insert(db, "public.billing_settings", **owned, legal_name=f"Practice {side}")
    # A series of their own: its digit is not spoken for, as those of main and credit are.
    insert(db, "public.invoice_series", **owned, code="academy", digit=9)
    insert(
        db,
        "public.service_taxes",
        **owned,
        service_id=world.id(f"{side}.services.talk"),
        tax_rate=0,
        tax_category="exempt",
    )
    insert(
        db,
        "public.bank_accounts",
        **owned,
        id=account,
        name="Main",
        iban="CZ6508000000192000145399",
        account_number="19-2000145399/0800",
        currency="CZK",
        provider="fio",
        is_default=True,
    )
    insert(
        db,
        "public.bank_accounts",
        **owned,
        id=world.id(f"{side}.spare_account"),
        name="Abroad",
        iban="DK5000400440116243",
        currency="DKK",
    )
    for name in (account, world.id(f"{side}.spare_account")):
        insert(
            db,
            "private.bank_syncs",
            bank_account_id=name,
            requested_at="=now() - interval '1 day'",
        )
    insert(
        db,
        "public.payers",
        **owned,
        id=world.id(f"{side}.payer"),
        name="Employer",
        email=f"employer@{side}.example.test",
    )
    insert(
        db,
        "public.client_payers",
        **owned,
        client_id=world.id(f"{side}.clients.walkin"),
        payer_id=world.id(f"{side}.payer"),
    )
    for pair, (client, _) in PAIRS.items():
        for name in INVOICES:
            invoice(db, world, side, pair, name, world.id(f"{side}.clients.{client}"))
    for name, amount in (("payment", PRICE), ("unmatched", 500)):
        insert(
            db,
            "public.bank_transactions",
            **owned,
            id=world.id(f"{side}.bank.{name}"),
            bank_account_id=account,
            booked_on="=current_date",
            amount=amount,
            currency="CZK",
            source="csv",
        )
    for pair in PAIRS:
        paid = {
            **owned,
            "invoice_id": world.id(f"{side}.{pair}.invoices.paid"),
            "currency": "CZK",
            "paid_on": "=current_date",
        }
        insert(
            db,
            "public.payments",
            **paid,
            id=world.id(f"{side}.{pair}.payment"),
            amount=PRICE,
            method="bank_transfer" if pair == "own" else "cash",
            bank_transaction_id=world.id(f"{side}.bank.payment") if pair == "own" else None,
        )
        insert(
            db,
            "public.payments",
            **owned,
            credit_entry_id=world.id(f"{side}.{pair}.top_up"),
            amount=5 * PRICE,
            currency="CZK",
            method="cash",
            paid_on="=current_date",
        )
        for number, amount in enumerate((100, -100)):
            insert(
                db,
                "public.payments",
                **paid | {"invoice_id": world.id(f"{side}.{pair}.invoices.issued")},
                id=world.id(f"{side}.{pair}.payments.{number}"),
                amount=amount,
                method="card",
                reverses_payment_id=world.id(f"{side}.{pair}.payments.0") if number else None,
            )
        insert(
            db,
            "public.invoice_reminders",
            **owned,
            invoice_id=world.id(f"{side}.{pair}.invoices.issued"),
            level=1,
        )


def invoice(db: Connection, world: World, side: str, pair: str, name: str, client: str) -> None:
    organization = world.id(f"{side}.organization")
    identity = world.id(f"{side}.{pair}.invoices.{name}")
    corrected = world.id(f"{side}.{pair}.invoices.issued") if name == "credit" else None
    insert(
        db,
        "public.invoices",
        id=identity,
        organization_id=organization,
        client_id=client,
        payer_id=world.id(f"{side}.payer") if name == "issued" else None,
        corrects_invoice_id=corrected,
        kind="credit_note" if corrected else "invoice",
        series="credit" if corrected else "main",
        currency="CZK",
        locale="en",
        prices_include_tax=True,
    )
    # What is paid becomes credits.
    insert(
        db,
        "public.invoice_lines",
        organization_id=organization,
        invoice_id=identity,
        position=1,
        description="Top-up" if name == "paid" else "Report for an insurer",
        unit_price_amount=-100 if corrected else PRICE,
        tax_category="out_of_scope" if name == "paid" else "exempt",
        credit_amount=PRICE if name == "paid" else None,
    )
    if name not in {"draft", "credit"}:
        db.execute(b"update public.invoices set issued_at = now() where id = %s", [identity])
        db.execute(
            b"""
            insert into storage.objects (bucket_id, name)
            values ('documents', private.document_path(%s, %s))
            """,
            [organization, identity],
        )


def waitlist(db: Connection, world: World, side: str) -> None:
    organization = world.id(f"{side}.organization")
    for pair, (client, practitioner) in PAIRS.items():
        owned = {
            "organization_id": organization,
            "client_id": world.id(f"{side}.clients.{client}"),
        }
        for name, service, status in (
            ("waiting", "internal", "waiting"),
            ("offered", "spare", "offered"),
        ):
            insert(
                db,
                "public.waitlist_entries",
                **owned,
                id=world.id(f"{side}.{pair}.{name}"),
                service_id=world.id(f"{side}.services.{service}"),
                status=status,
            )
        hour = 9 if pair == "own" else 11
        insert(
            db,
            "public.appointments",
            **owned,
            id=world.id(f"{side}.{pair}.held"),
            practitioner_id=world.id(f"{side}.practitioners.{practitioner}"),
            service_id=world.id(f"{side}.services.spare"),
            location_id=world.id(f"{side}.location"),
            during=f"=tstzrange({at(25, hour)}, {at(25, hour + 1)})",
            status="pending",
            held_until="=now() + interval '1 day'",
        )
        insert(
            db,
            "public.waitlist_offers",
            **owned,
            id=world.id(f"{side}.{pair}.offer"),
            waitlist_entry_id=world.id(f"{side}.{pair}.offered"),
            practitioner_id=world.id(f"{side}.practitioners.{practitioner}"),
            appointment_id=world.id(f"{side}.{pair}.held"),
            starts_at=f"={at(25, hour)}",
            ends_at=f"={at(25, hour + 1)}",
            expires_at="=now() + interval '1 day'",
            token_hash=f"=extensions.digest('{world.token(f'{side}.{pair}')}', 'sha256')",
        )
        # One that was booked through an automatic offer.
        insert(
            db,
            "public.waitlist_entries",
            **owned,
            id=world.id(f"{side}.{pair}.booked"),
            service_id=world.id(f"{side}.services.talk"),
            status="booked",
            appointment_id=world.id(f"{side}.{pair}.confirmed"),
            ended_at="=now()",
        )
        later = APPOINTMENTS["confirmed"][1] + (0 if pair == "own" else 2)
        day = APPOINTMENTS["confirmed"][0]
        insert(
            db,
            "public.waitlist_offers",
            **owned,
            id=world.id(f"{side}.{pair}.accepted"),
            waitlist_entry_id=world.id(f"{side}.{pair}.booked"),
            practitioner_id=world.id(f"{side}.practitioners.{practitioner}"),
            appointment_id=world.id(f"{side}.{pair}.confirmed"),
            starts_at=f"={at(day, later)}",
            ends_at=f"={at(day, later + 1)}",
            status="accepted",
            is_automatic=True,
            expires_at="=now() + interval '1 hour'",
            answered_at="=now()",
        )
    for hour, closed in ((9, None), (11, "taken")):
        insert(
            db,
            "private.freed_slots",
            organization_id=organization,
            practitioner_id=world.id(f"{side}.practitioners.practitioner"),
            client_id=world.id(f"{side}.clients.client"),
            during=f"=tstzrange({at(26, hour)}, {at(26, hour + 1)})",
            closed_at="=now()" if closed else None,
            outcome=closed,
        )


def connect(url: str) -> Connection:
    """Open a connection whose rows are dictionaries."""
    return psycopg.connect(url, row_factory=dict_row)


def messages(db: Connection, world: World, side: str) -> None:
    owned = {"organization_id": world.id(f"{side}.organization")}
    for name in ("pending", "failed"):
        insert(
            db,
            "public.messages",
            **owned,
            id=world.id(f"{side}.messages.{name}"),
            key=f"{world.prefix}-{name}",
            kind="staff_message",
            channel="email",
            client_id=world.id(f"{side}.clients.client"),
            address=f"{name}@{side}.example.test",
            send_after="=now() + interval '1 year'",
            status=name,
            error="http_503" if name == "failed" else None,
        )
    insert(
        db,
        "public.messages",
        **owned,
        id=world.id(f"{side}.messages.addressed"),
        key=f"{world.prefix}-addressed",
        kind="staff_message",
        channel="email",
        address=f"somebody@{side}.example.test",
        send_after="=now() + interval '1 year'",
    )
    insert(
        db,
        "public.suppressed_addresses",
        **owned,
        id=world.id(f"{side}.suppressed"),
        channel="email",
        address=f"dead@{side}.example.test",
        reason="bounced",
    )
    client = {**owned, "client_id": world.id(f"{side}.clients.client")}
    insert(
        db,
        "public.notification_preferences",
        **client,
        id=world.id(f"{side}.preference"),
        channel="sms",
        is_enabled=False,
    )
    insert(
        db,
        "public.quiet_hours",
        **client,
        id=world.id(f"{side}.quiet_hours"),
        start_time="22:00",
        end_time="07:00",
    )
    member = {**owned, "user_id": world.id(f"{side}.practitioner")}
    insert(
        db,
        "public.notification_preferences",
        **member,
        id=world.id(f"{side}.wish"),
        channel="sms",
        is_enabled=False,
    )
    insert(
        db,
        "public.quiet_hours",
        **member,
        id=world.id(f"{side}.quiet_nights"),
        start_time="22:00",
        end_time="07:00",
    )
    insert(
        db,
        "public.message_templates",
        **owned,
        id=world.id(f"{side}.template"),
        kind="appointment_reminder",
        channel="sms",
        locale="en",
        body="See you soon.",
    )
    insert(
        db,
        "public.reminder_rules",
        **owned,
        id=world.id(f"{side}.rule"),
        minutes_before=2880,
        channel="email",
    )
    insert(
        db,
        "public.messages",
        **client,
        id=world.id(f"{side}.messages.arrived"),
        key=f"{world.prefix}-arrived",
        kind="staff_message",
        channel="in_app",
    )
    insert(
        db,
        "public.appointment_confirmations",
        **owned,
        appointment_id=world.id(f"{side}.own.confirmed"),
        starts_at=f"={at(3, 9)}",
    )
    insert(
        db,
        "private.push_devices",
        id=world.id(f"{side}.device"),
        user_id=world.id(f"{side}.client"),
        registration=f"{world.prefix}-{side}-registration",
        platform="web",
    )
    insert(
        db,
        "private.message_links",
        **owned,
        message_id=world.id(f"{side}.messages.pending"),
        token_hash=f"=extensions.digest('{world.prefix}-{side}-link', 'sha256')",
        purpose="appointment_cancel",
        subject_id=world.id(f"{side}.own.confirmed"),
        expires_at="=now() + interval '1 day'",
    )
    insert(
        db,
        "private.delivery_events",
        provider="resend",
        event_id=f"{world.prefix}-{side}",
        state="delivered",
    )
    insert(
        db,
        "private.worker_runs",
        worker=f"{world.prefix}-{side}",
        started_at="=now()",
        finished_at="=now()",
    )
