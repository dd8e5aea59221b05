"""The names that frontends call: tables, columns, functions with their arguments, enumerations."""

from __future__ import annotations

import re

import pytest

from tests.catalogue.test_security import FUNCTIONS, names
from tests.conftest import Connection

# Required arguments, then those that callers may leave out.
RPCS = {
    "find_slots": ("service_id from_date to_date", "practitioner_id location_id"),
    "find_bookable_days": ("service_id from_date to_date", "practitioner_id"),
    "book_appointment": (
        "service_id starts_at",
        "practitioner_id client_id room_id note idempotency_key",
    ),
    "book_block": (
        "service_id practitioner_id client_id starts_at occurrences",
        "interval_weeks skip_conflicts idempotency_key",
    ),
    "reschedule_appointment": ("appointment_id starts_at", "practitioner_id room_id"),
    "cancel_appointment": ("appointment_id", "reason refund"),
    "confirm_appointment": ("appointment_id", ""),
    "complete_appointment": ("appointment_id", ""),
    "mark_no_show": ("appointment_id", ""),
    "set_booking_activation": ("practitioner_id from_date to_date is_open", ""),
    "adjust_credits": ("client_id amount reason", "expires_at idempotency_key"),
    "create_billing_report": ("period_start period_end", "organization_id"),
    "mark_invoiced": ("appointment_ids", ""),
    "join_waitlist": ("service_id", "preferences client_id priority idempotency_key"),
    "suggest_waitlist": ("slot_start slot_end service_id", "practitioner_id location_id"),
    "offer_slot": ("waitlist_entry_id practitioner_id starts_at", "expires_in idempotency_key"),
    "accept_offer": ("", "token waitlist_offer_id idempotency_key"),
    "decline_offer": ("", "token waitlist_offer_id idempotency_key"),
}
# Calls that change nothing: they alone may be made with GET.
READING = {
    "booking_rules",
    "find_slots",
    "find_bookable_days",
    "debtors_report",
    "find_bank_account",
    "invoice_document",
    "list_due_reminders",
    "revenue_report",
    "search_clients",
    "tax_report",
    "current_identity",
    "credit_statement",
    "appointment_calendar",
    "client_import_progress",
    "suggest_waitlist",
    "occupancy_stats",
    "cancellation_stats",
    "client_tag_stats",
    "monthly_overview",
}
TABLES = [
    "organizations",
    "locations",
    "members",
    "practitioners",
    "clients",
    "services",
    "rooms",
    "working_hours",
    "time_off",
    "booking_activations",
    "appointments",
    "appointment_blocks",
    "credit_entries",
    "billing_reports",
    "waitlist_entries",
]
APPOINTMENT = [
    "id",
    "organization_id",
    "location_id",
    "client_id",
    "practitioner_id",
    "service_id",
    "room_id",
    "during",
    "starts_at",
    "ends_at",
    "status",
    "payment_status",
    "price_amount",
    "currency",
    "block_id",
    "created_at",
    "updated_at",
]
ENUMS = {
    "member_role": ["owner", "admin", "receptionist", "practitioner"],
    "appointment_status": [
        "pending",
        "confirmed",
        "in_progress",
        "completed",
        "cancelled",
        "no_show",
    ],
    "payment_status": ["unpaid", "paid", "refunded", "invoiced"],
    "service_mode": ["in_person", "video"],
}


@pytest.mark.parametrize("name", RPCS)
def test_arguments_are_the_agreed_ones(db: Connection, name: str) -> None:
    found = db.execute(
        """
        select p.proargnames[:p.pronargs] as names, p.pronargs - p.pronargdefaults as required
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.proname = %s
        """,
        [name],
    ).fetchall()
    assert len(found) == 1, "one function, never overloaded: callers send names, not types"
    required, optional = (part.split() for part in RPCS[name])
    arguments = found[0]["names"]
    assert arguments[: found[0]["required"]] == required
    assert set(optional) <= set(arguments[found[0]["required"] :])


# What the secret key alone may call: the operator's work, and the workers'.
OPERATOR = {
    "announce_bookings",
    "bank_account_token",
    "claim_messages",
    "create_organization",
    "orphaned_report_files",
    "settle_client_report",
    "drop_push_device",
    "look_up_link",
    "prepare_messages",
    "record_delivery_event",
    "record_worker_run",
    "register_message_links",
    "settle_message",
    "unsubscribe",
    "use_link",
}


def test_no_function_of_the_api_is_overloaded(db: Connection) -> None:
    twice = names(
        db,
        f"select proname from ({FUNCTIONS}) as f"
        f" where schema = 'public' group by 1 having count(*) > 1",
    )
    assert twice == []


def test_arguments_are_plain_json_keys(db: Connection) -> None:
    odd = names(
        db,
        f"""
        select format('%s %s', f.name, a.name) from ({FUNCTIONS}) as f
        join pg_catalog.pg_proc as p on p.oid = f.oid
        cross join lateral unnest(p.proargnames[:p.pronargs]) as a (name)
        where f.schema = 'public' and a.name !~ '^[a-z][a-z_]*$'
          or f.schema = 'public' and a.name ~ '^(p|v|_)_'
        """,
    )
    assert odd == []


def test_only_reading_calls_may_be_made_with_get(db: Connection) -> None:
    stable = names(
        db,
        f"select f.proname from ({FUNCTIONS}) as f join pg_catalog.pg_proc as p on p.oid = f.oid"
        " where f.schema = 'public' and p.provolatile <> 'v'",
    )
    assert set(stable) == READING


def test_functions_of_the_api_are_for_signed_in_callers(db: Connection) -> None:
    nobody = names(
        db,
        f"""
        select f.proname from ({FUNCTIONS}) as f
        where f.schema = 'public'
          and not has_function_privilege('authenticated', f.oid, 'execute')
          and not has_function_privilege('service_role', f.oid, 'execute')
        """,
    )
    operator = names(
        db,
        f"select f.proname from ({FUNCTIONS}) as f where f.schema = 'public'"
        " and has_function_privilege('service_role', f.oid, 'execute')",
    )
    assert nobody == []
    assert set(operator) == OPERATOR, "the secret key is for what no user may do"


def test_writing_calls_take_an_idempotency_key(db: Connection) -> None:
    without = names(
        db,
        f"""
        select f.proname from ({FUNCTIONS}) as f
        join pg_catalog.pg_proc as p on p.oid = f.oid
        where f.schema = 'public' and p.provolatile = 'v' and not 'idempotency_key'
          = any (p.proargnames)
        """,
    )
    # Repeating these is harmless: they set a state, or the second call is refused for what it is.
    assert set(without) <= {
        "accept_invitation",
        "announce_bookings",
        "archive_client",
        "archive_client_report",
        "bank_account_token",
        "cancel_bulk_operation",
        "claim_bank_sync",
        "claim_messages",
        "create_invitation",
        "create_organization",
        "drop_push_device",
        "erase_client",
        "finish_bank_sync",
        "import_clients",
        "lease_requests",
        "look_up_link",
        "mark_all_notifications_read",
        "mark_notification_read",
        "match_bank_transactions",
        "open_video_room",
        "orphaned_report_files",
        "prepare_messages",
        "preview_client_import",
        "record_delivery_event",
        "record_worker_run",
        "register_client",
        "register_message_links",
        "register_push_device",
        "remove_member",
        "requeue_message",
        "revoke_invitation",
        "run_bulk_operation",
        "send_bulk_invoice",
        "set_bank_account_token",
        "set_booking_activation",
        "set_member_role",
        "set_report_visibility",
        "settle_client_report",
        "set_notification_preference",
        "set_quiet_hours",
        "settle_message",
        "unregister_push_device",
        "unsubscribe",
        "use_link",
        "verify_organization",
        "view_client_report",
    }


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_there(db: Connection, table: str) -> None:
    assert db.execute("select to_regclass(%s) as oid", [f"public.{table}"]).fetchone() != {
        "oid": None
    }


def test_appointments_have_the_agreed_columns(db: Connection) -> None:
    columns = names(
        db,
        "select attname from pg_catalog.pg_attribute"
        " where attrelid = 'public.appointments'::regclass and attnum > 0",
    )
    assert set(APPOINTMENT) <= set(columns)


def test_balances_have_the_agreed_columns(db: Connection) -> None:
    columns = names(
        db,
        "select attname from pg_catalog.pg_attribute"
        " where attrelid = 'public.credit_balances'::regclass and attnum > 0",
    )
    assert {"client_id", "balance_amount", "currency"} <= set(columns)


@pytest.mark.parametrize("name", ENUMS)
def test_enumerations_have_the_agreed_values(db: Connection, name: str) -> None:
    values = names(
        db,
        f"select enumlabel from pg_catalog.pg_enum"
        f" where enumtypid = 'public.{name}'::regtype order by enumsortorder",
    )
    assert values == ENUMS[name]


def test_errors_are_raised_by_one_function(db: Connection) -> None:
    """A bare raise would answer with a status of PostgreSQL's choosing."""
    direct = [
        row["name"]
        for row in db.execute(f"select name, proname, prosrc from ({FUNCTIONS}) as f".encode())
        if row["proname"] != "fail"
        and any("PX0" not in line for line in re.findall(r"raise exception[^;]*;", row["prosrc"]))
    ]
    assert direct == []
