"""Routes of the credits function."""

from __future__ import annotations

from typing import Any

from credits.models import AdjustCredits, Balances, CreditEntry, Statement, StatementQuery
from kernel.errors import Problem, invalid_argument, not_found
from kernel.routing import Call, Function, Reply, Route


def client_of(call: Call) -> dict[str, Any]:
    """The addressed client with its organization's currency.

    Asked when RLS showed no credits: there may be none, or none that the caller may see.
    """
    rows = call.database.select(
        "clients",
        select="organization_id,user_id,organizations!clients_organization_id_fkey(currency)",
        id=f"eq.{call.parameters['client_id']}",
    )
    if not rows:
        raise not_found("There is no such client.")
    caller_id = call.user_id
    if rows[0]["user_id"] != caller_id and not call.database.select(
        "members",
        select="role",
        organization_id=f"eq.{rows[0]['organization_id']}",
        user_id=f"eq.{caller_id}",
        role="in.(owner,admin,receptionist)",
    ):
        raise Problem(403, "forbidden", "Your role does not see credits.")
    return rows[0]


def balances(call: Call) -> Reply:
    """Balance per currency; a client that never had credits has zero."""
    client_id = call.parameters["client_id"]
    rows = call.database.select(
        "credit_balances",
        select="organization_id,currency,balance_amount,available_amount",
        client_id=f"eq.{client_id}",
        order="currency.asc",
    )
    main = rows[0] if len(rows) == 1 else None
    if main is None:
        client = client_of(call)
        currency = client["organizations"]["currency"]
        none = {"currency": currency, "balance_amount": 0, "available_amount": 0}
        own = next((row for row in rows if row["currency"] == currency), none)
        main = {**own, "organization_id": client["organization_id"]}
    shown = [{name: row[name] for name in row if name != "organization_id"} for row in rows]
    return Reply({"client_id": client_id, **main, "balances": shown})


def statement(call: Call) -> Reply:
    """One page of the ledger, newest first."""
    query: StatementQuery = call.query
    client_id = call.parameters["client_id"]
    rows = call.database.rpc(
        "credit_statement",
        {
            "client_id": client_id,
            "currency": query.currency,
            "before": query.before,
            "page_size": query.page_size + 1,
        },
        repeatable=True,
        answers=list,
    )
    if not rows:
        client_of(call)
    entries, next_before = rows, None
    if len(rows) > query.page_size:
        # Entries of different currencies may share a number; a page never ends between them.
        beyond = rows[query.page_size]["number"]
        entries = [row for row in rows[: query.page_size] if row["number"] != beyond]
        if not entries:
            raise invalid_argument("State a currency, or a larger page_size.")
        next_before = entries[-1]["number"]
    return Reply({"client_id": client_id, "entries": entries, "next_before": next_before})


def adjust(call: Call) -> Reply:
    """Give or take credits, with a reason."""
    return Reply(call.rpc("adjust_credits", **call.parameters), 201)


CREDITS = Function(
    "credits",
    "Credits of clients: balance, statement, adjustment.",
    [
        Route("GET", "/{client_id}", balances, "Balance per currency", Balances),
        Route(
            "GET",
            "/{client_id}/statement",
            statement,
            "Ledger entries, newest first",
            Statement,
            query=StatementQuery,
        ),
        Route(
            "POST",
            "/{client_id}/adjust",
            adjust,
            "Give or take credits",
            CreditEntry,
            AdjustCredits,
            status=201,
            refusals=("insufficient_credits",),
        ),
    ],
)
