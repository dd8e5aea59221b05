"""Bank lines against open invoices: matching all of them, beside payments recorded by hand."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from bench.data import FOLDER, Database
from bench.timing import Session
from local.scripts import run_script

# Of ten lines seven are exact; the others have another amount, the number in their message only, or
# nothing but a name and the amount.
LINES = """
    select
      current_date as booked_on,
      amount + case when k %% 10 = 7 then 100 else 0 end as amount,
      'CZK' as currency,
      case when k %% 10 < 8 then number end as variable_symbol,
      upper(split_part(name, ' ', 2) || ' ' || split_part(name, ' ', 1)) as counterparty,
      case when k %% 10 = 8 then 'Platba faktury ' || number || ' za listopad' else 'Platba' end
        as message,
      'B' || k as bank_reference
    from generate_series(0, %(lines)s - 1) as k
    join bench.invoices as i on i.i = 1 + k * (%(invoices)s / %(lines)s)
    order by k
"""
PAYMENTS = """
    select id, amount from bench.invoices
    where i %% (%(invoices)s / %(lines)s) = 2
    order by i
    limit %(lines)s / 10
"""
BATCH = 500


def against_payments(database: Database, lines: int, invoices: int) -> dict[str, float]:
    """Return the seconds for all lines, and a line's time by that of a payment by hand."""
    load(database, invoices)
    size = {"lines": lines, "invoices": invoices}
    with psycopg.connect(database.url, row_factory=dict_row) as connection:
        statement = connection.execute(LINES, size).fetchall()
        bills = connection.execute(PAYMENTS, size).fetchall()
    [(owner_id, organization_id, account_id)] = database.rows(
        "select o.owner_id, o.id, b.id from bench.organizations as o"
        " join public.bank_accounts as b on b.organization_id = o.id where o.n = 1"
    )
    session = Session(database.url, as_user=True)
    session.sign_in(owner_id)
    for first in range(0, lines, 1000):
        part = [{**row, "booked_on": str(row["booked_on"])} for row in statement[first:][:1000]]
        session.run(
            "select public.import_bank_transactions(%s, %s, 'bench')", [account_id, Jsonb(part)]
        )
    by_hand = pay(session, bills[::2])
    started = time.perf_counter()
    counts = match(session, organization_id)
    seconds = time.perf_counter() - started
    by_hand += pay(session, bills[1::2])
    session.close()
    check(database, organization_id, counts, lines)
    return {"seconds": seconds, "ratio": seconds / lines / (by_hand / len(bills))}


def pay(session: Session, bills: list[dict[str, Any]]) -> float:
    """Return the seconds that it takes to record these payments one by one."""
    started = time.perf_counter()
    for bill in bills:
        session.run("select public.record_payment(%s, %s)", [bill["id"], bill["amount"]])
    return time.perf_counter() - started


def load(database: Database, invoices: int) -> None:
    """Put the open invoices in place."""
    with psycopg.connect(database.url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("select set_config('bench.invoices', %s, false)", [str(invoices)])
        run_script(connection, FOLDER / "bank.sql")
    with database.connect() as connection:
        connection.execute("vacuum analyze public.invoices, public.invoice_lines")


def match(session: Session, organization_id: object) -> dict[str, int]:
    """Go through all lines, batch by batch, as POST /billing/bank/match does."""
    found = {"matched_count": 0, "suggested_count": 0, "unmatched_count": 0}
    after: object = None
    while True:
        [(answer,)] = session.run(
            "select public.match_bank_transactions(%s, %s, %s)", [organization_id, after, BATCH]
        )
        if answer["last_id"] is None:
            return found
        after = answer["last_id"]
        for name in found:
            found[name] += answer[name]


def check(database: Database, organization_id: object, counts: dict[str, int], lines: int) -> None:
    """Stop when a line was missed, or the books do not agree."""
    exact = lines * 7 // 10
    wanted = {"matched_count": exact, "suggested_count": lines - exact, "unmatched_count": 0}
    faults: list[Any] = database.rows(
        "select * from private.billing_violations(%s)"
        " union all select * from private.bank_violations(%s)",
        organization_id,
        organization_id,
    )
    if counts != wanted or faults:
        raise RuntimeError(f"matched {counts} instead of {wanted}; {faults[:3]}")
