"""django-appointment on the same data; runs in .venv-bench, not beside Praxis' own packages.

Usage: django_peer.py <database url>. Reads one JSON request a line, {"practitioners": [n, …],
"from": date, "to": date}; answers one line, {"seconds", "slots": [[n, instant], …]}.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

SCHEMA = "django_peer"
ZONE = "Europe/Prague"
# The tables are filled by the database itself: a million objects would take their makers an hour.
LOAD = """
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff,
  is_active, date_joined)
select n, '', false, 'staff' || n, 'Practitioner', n::text, '', true, true, now()
from bench.practitioners;
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff,
  is_active, date_joined)
values (0, '', false, 'client', 'A', 'Client', '', false, true, now());
insert into appointment_service (id, name, duration, price, down_payment, currency,
  reschedule_limit, allow_rescheduling, use_service_duration_as_slot, created_at, updated_at, image)
values (1, 'Session', interval '60 minutes', 10, 0, 'CZK', 0, false, true, now(), now(), '');
insert into appointment_staffmember (id, user_id, slot_duration, appointment_buffer_time,
  work_on_saturday, work_on_sunday, created_at, updated_at)
select n, n, 30, 0, false, false, now(), now() from bench.practitioners;
insert into appointment_staffmember_services_offered (staffmember_id, service_id)
select n, 1 from bench.practitioners;
insert into appointment_workinghours (staff_member_id, day_of_week, start_time, end_time,
  created_at, updated_at)
select p.n, w.weekday % 7, w.start_time, w.end_time, now(), now()
from bench.practitioners as p
join public.working_hours as w on w.practitioner_id = p.id;
insert into appointment_appointmentrequest (id, date, start_time, end_time, service_id,
  staff_member_id, payment_type, id_request, reschedule_attempts, created_at, updated_at)
select row_number() over (), (a.starts_at at time zone 'Europe/Prague')::date,
  (a.starts_at at time zone 'Europe/Prague')::time, (a.ends_at at time zone 'Europe/Prague')::time,
  1, p.n, 'full', a.id::text, 0, a.created_at, a.created_at
from public.appointments as a
join bench.practitioners as p on p.id = a.practitioner_id
where a.status <> 'cancelled';
insert into appointment_appointment (id, client_id, appointment_request_id, phone, address,
  want_reminder, additional_info, paid, amount_to_pay, id_request, created_at, updated_at)
select id, 0, id, '', '', false, '', false, 10, id_request, created_at, created_at
from appointment_appointmentrequest;
"""


def configure(url: str) -> None:
    """Point Django at a schema of its own in the measured database."""
    logging.disable(logging.CRITICAL)
    from urllib.parse import urlsplit  # noqa: PLC0415

    parts = urlsplit(url)
    settings.configure(
        SECRET_KEY="bench",  # noqa: S106 - signs nothing
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "appointment"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path[1:],
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.hostname,
                "PORT": parts.port,
                "CONN_MAX_AGE": None,
                "OPTIONS": {"options": f"-c search_path={SCHEMA}"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE=ZONE,
    )
    django.setup()


def load() -> None:
    """Make the peer's tables with its own commands, and fill them with the same appointments."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"drop schema if exists {SCHEMA} cascade")
        cursor.execute(f"create schema {SCHEMA}")
    # It comes without migrations of its own.
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        # The rows come out of valid ones: looking up every foreign key again takes minutes.
        cursor.execute("set session_replication_role = replica")
        for statement in LOAD.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("reset session_replication_role")
        cursor.execute("analyze")


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Compute the slots day by day and practitioner by practitioner, as its own pages do."""
    from appointment.models import Service, StaffMember  # noqa: PLC0415
    from appointment.services import get_available_slots_for_staff  # noqa: PLC0415

    first = dt.date.fromisoformat(request["from"])
    last = dt.date.fromisoformat(request["to"])
    found: list[tuple[int, dt.datetime]] = []
    started = time.perf_counter()
    service = Service.objects.get(pk=1)
    for staff in StaffMember.objects.filter(pk__in=request["practitioners"]):
        day = first
        while day <= last:
            slots = get_available_slots_for_staff(day, staff, day.isoweekday() % 7, service)
            found.extend((staff.pk, slot) for slot in slots)
            day += dt.timedelta(days=1)
    seconds = time.perf_counter() - started
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    zone = ZoneInfo(ZONE)
    slots = [
        [number, slot.replace(tzinfo=zone).astimezone(dt.UTC).isoformat()] for number, slot in found
    ]
    return {"seconds": seconds, "slots": slots}


def main() -> None:
    """Serve requests until the input ends."""
    configure(sys.argv[1])
    load()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
