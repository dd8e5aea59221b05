"""Documents at the same moment: the quota's last place, and corrections of one version."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest

from tests.concurrency.practice import Practice, monday
from tests.concurrency.race import Call, Crew, rpc, run_together, tokens, wait_for_lock
from tests.conftest import Connection


def announced(practice: Practice, client_id: str, number: int, **changes: object) -> Call:
    """A document of a hundred bytes, by the owner."""
    return rpc(
        practice.owner_id,
        "prepare_client_report",
        client_id=client_id,
        title=f"Report {number}",
        file_name="report.pdf",
        content_type="application/pdf",
        size_bytes=100,
        **changes,
    )


def statuses(practice: Practice) -> list[str]:
    rows = practice.sql.execute(
        "select status::text as status from public.client_reports where organization_id = %s",
        [practice.id],
    )
    return sorted(str(row["status"]) for row in rows)


def uploaded(practice: Practice) -> None:
    """Note what has been announced as uploaded, as Storage does."""
    practice.sql.execute(
        "insert into storage.objects (bucket_id, name, metadata)"
        " select 'client-reports', storage_path, jsonb_build_object('size', size_bytes)"
        " from public.client_reports where organization_id = %s",
        [practice.id],
    )


def test_the_quota_is_never_exceeded(practice: Practice, crew: Crew) -> None:
    practice.set(report_quota_bytes=550)
    client = practice.client()
    outcomes = crew.race([announced(practice, client.id, n) for n in range(20)])
    assert tokens(outcomes) == {"ok": 5, "invalid_state": 15}
    used = practice.one(
        "select used_bytes from private.report_usages where organization_id = %s", [practice.id]
    )
    assert used["used_bytes"] == 500


def test_one_correction_of_a_version(practice: Practice, crew: Crew) -> None:
    [person] = practice.practitioners()
    client = practice.client()
    practice.appointment(practice.service([person]), person, client, monday())
    [first] = crew.race([announced(practice, client.id, 0)])
    report_id = str(first.row["id"])
    uploaded(practice)
    practice.sql.execute(
        "select public.settle_client_report(%s, 'application/pdf', 100, repeat('a', 64))",
        [report_id],
    )
    outcomes = crew.race(
        [announced(practice, client.id, n, previous_id=report_id) for n in range(12)]
    )
    assert tokens(outcomes) == {"ok": 1, "invalid_state": 11}
    assert statuses(practice) == ["pending", "stored"]


def test_what_is_erased_meanwhile_is_not_stored(practice: Practice, crew: Crew) -> None:
    client = practice.client()
    ids = [
        str(outcome.row["id"])
        for outcome in crew.race([announced(practice, client.id, n) for n in range(8)])
    ]
    uploaded(practice)
    outcomes = crew.race(
        [
            Call(
                None,
                "select * from public.settle_client_report("
                "%(id)s, 'application/pdf', 100, repeat('a', 64))",
                {"id": report_id},
            )
            for report_id in ids
        ]
        + [rpc(practice.owner_id, "erase_client", client_id=client.id, reason="asked for")]
    )
    assert tokens(outcomes) == {"ok": 9}
    # Stored before and archived, or refused: shown to nobody either way.
    assert set(statuses(practice)) <= {"archived", "refused"}


def stored(practice: Practice, crew: Crew) -> tuple[str, str]:
    """A stored document of a client, and the practitioner of that client, who signs in."""
    [person] = practice.practitioners()
    user_id = practice.member("practitioner")
    practice.sql.execute(
        "update public.practitioners set user_id = %s where id = %s", [user_id, person]
    )
    client = practice.client()
    practice.appointment(practice.service([person]), person, client, monday())
    [made] = crew.race([announced(practice, client.id, 0)])
    uploaded(practice)
    practice.sql.execute(
        "select public.settle_client_report(%s, 'application/pdf', 100, repeat('a', 64))",
        [made.row["id"]],
    )
    return str(made.row["id"]), user_id


@pytest.mark.parametrize(
    "query",
    [
        "select public.archive_client_report(%s, false)",
        "select public.archive_client_report(%s)",
        "select public.set_report_visibility(%s, true)",
    ],
)
def test_who_waited_for_an_archiving_looks_again(
    practice: Practice, crew: Crew, owner_sql: Connection, query: LiteralString
) -> None:
    """What is archived is for owner and admin alone, also for a practitioner on the way."""
    report_id, therapist = stored(practice, crew)
    refused: list[str] = []
    with crew.acting(practice.owner_id) as owner, crew.acting(therapist) as practitioner:
        owner.execute("select public.archive_client_report(%s)", [report_id])

        def follow() -> None:
            try:
                practitioner.execute(query, [report_id])
            except psycopg.Error as error:
                refused.append(str(error.diag.message_primary))
            practitioner.rollback()

        def finish() -> None:
            wait_for_lock(owner_sql, [practitioner.info.backend_pid])
            owner.commit()

        run_together([follow, finish])
    assert refused == ["forbidden"]
    assert statuses(practice) == ["archived"]
