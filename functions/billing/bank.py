"""Routes of the bank: statements come in as files or from the bank itself, and are matched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field
from stdnum import iban
from stdnum.cz import bankaccount

from billing import fio_api
from billing.statements import fio_json
from billing.statements.detect import read
from billing.statements.importing import Import, survey
from billing.statements.model import Statement
from kernel.bodies import Raw
from kernel.database import Database
from kernel.errors import Problem, invalid_argument, not_found
from kernel.models import Body, Day, KeyedBody, Row
from kernel.routing import Call, Reply, Route
from kernel.settings import settings

FILE_MAX_BYTES: Final = 16 * 1024 * 1024
# What browsers and programs say of such files. The content alone decides what they are.
MEDIA_TYPES: Final = (
    "application/octet-stream",
    "application/xml",
    "text/xml",
    "application/json",
    "text/csv",
    "text/plain",
    "application/zip",
    "application/x-zip-compressed",
)
BANK_ZONE: Final = ZoneInfo("Europe/Prague")
# Movements that the bank booked late are found by reading the last days again.
OVERLAP: Final = timedelta(days=10)
# Older ones the bank gives only to a token that was unlocked for it.
FIRST_SYNC: Final = timedelta(days=89)
# Far from the time after which the database gives a statement up.
MATCH_ROWS: Final = 200
# The check digits of a Czech number do not depend on the bank.
ANY_BANK: Final = "0100"


class ImportQuery(Body):
    """Whose statement it is, where the file does not say, or several accounts are alike."""

    bank_account_id: UUID | None = Field(
        default=None, description="None: the account whose number the statement names."
    )
    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class Sync(KeyedBody):
    """What to ask the bank for."""

    bank_account_id: UUID | None = Field(
        default=None, description="None: the only account that is connected to its bank."
    )
    from_date: Day | None = Field(
        default=None, description="None: where the last synchronisation ended, and some days back."
    )
    to_date: Day | None = Field(default=None, description="None: today.")


class Match(KeyedBody):
    """Whose bank lines to match."""

    organization_id: UUID | None = Field(
        default=None, description="None: the caller's only organization."
    )


class Refused(Row):
    """A movement that was not taken."""

    position: int = Field(description="Counted from 1 through the whole file.")
    code: str
    detail: str


class ImportedStatement(Row):
    """A statement of the file, as it says itself; amounts in minor units."""

    bank_account_id: UUID
    format: str
    account: str | None
    currency: str | None
    starts_on: str | None
    ends_on: str | None
    opening_amount: int | None
    closing_amount: int | None
    movement_count: int
    adds_up: bool | None = Field(
        description="Whether the movements lead from one balance to the other; null: not told."
    )


class Imported(Row):
    """What became of a file."""

    new_count: int
    known_count: int = Field(description="Movements that an earlier statement brought.")
    refused_count: int
    refused: list[Refused] = Field(description="The first thousand.")
    statements: list[ImportedStatement]


class Synced(Imported):
    """What the bank had."""

    bank_account_id: UUID
    from_date: str
    to_date: str


class Matched(Row):
    """What became of the undecided bank lines."""

    matched_count: int
    suggested_count: int
    unmatched_count: int
    ignored_count: int


def import_statement(call: Call) -> Reply:
    """Take a statement of any known format; what it brings twice is known the second time."""
    query: ImportQuery = call.query
    surveyed = survey(read(call.raw))
    imported = Import(call.database, call.key)
    if query.bank_account_id:
        account_of = _named_account(call.database, query.bank_account_id, query.organization_id)
    else:
        account_of = _found_account(call.database, query.organization_id)
    imported.run(surveyed, read(call.raw), account_of)
    return Reply(imported.report())


def sync(call: Call) -> Reply:
    """Ask the bank for a period, and import its answer like any other statement."""
    body: Sync = call.body
    today = datetime.now(BANK_ZONE).date()
    to_date = min(body.to_date or today, today)
    if body.from_date and body.from_date > to_date:
        raise invalid_argument("from_date is at most to_date, and not in the future.")
    account_id = str(body.bank_account_id or _connected_account(call.database))
    # From here on the bank may be asked, by this request alone for half a minute.
    claim = call.database.rpc("claim_bank_sync", {"bank_account_id": account_id})
    synced_until = claim["synced_until"] and date.fromisoformat(claim["synced_until"])
    unread = synced_until - OVERLAP if synced_until else today - FIRST_SYNC
    from_date = body.from_date or min(to_date, unread)
    token = _token(call, account_id)
    content = fio_api.movements(token, from_date, to_date, call.database.request_id)
    try:
        surveyed = survey(fio_json.read(content))
    except Problem:
        raise fio_api.unreadable() from None
    # No key of the caller's: asked again, the bank may well say more.
    imported = Import(call.database, None)
    imported.run(
        surveyed, fio_json.read(content), _named_account(call.database, UUID(account_id), None)
    )
    # A period that leaves out some days does not move the mark over them.
    if synced_until is None or from_date <= synced_until:
        call.database.rpc(
            "finish_bank_sync",
            {"bank_account_id": account_id, "synced_until": to_date.isoformat()},
            repeatable=True,
            answers=(type(None),),
        )
    return Reply(
        {
            "bank_account_id": account_id,
            "from_date": from_date.isoformat(),
            "to_date": to_date.isoformat(),
            **imported.report(),
        }
    )


def match(call: Call) -> Reply:
    """Match all undecided bank lines, in batches that each stand on their own."""
    arguments = call.body.arguments()
    arguments.pop("idempotency_key", None)
    counts = dict.fromkeys(Matched.model_fields, 0)
    last_id = None
    while True:
        answer = call.database.rpc(
            "match_bank_transactions",
            {**arguments, "after_id": last_id, "batch_size": MATCH_ROWS},
            repeatable=True,
        )
        for name in counts:
            counts[name] += answer[name]
        last_id = answer["last_id"]
        if last_id is None:
            return Reply(counts)


def _found_account(database: Database, organization_id: UUID | None) -> Callable[[Statement], str]:
    """Find the account that a statement names."""

    def find(statement: Statement) -> str:
        arguments = {"account": statement.account, "currency": statement.currency}
        if organization_id:
            arguments["organization_id"] = str(organization_id)
        found: str = database.rpc("find_bank_account", arguments, repeatable=True)["id"]
        return found

    return find


def _named_account(
    database: Database, account_id: UUID, organization_id: UUID | None
) -> Callable[[Statement], str]:
    """Take the account that the caller names, unless the statement names another one."""
    rows = database.select("bank_accounts", id=f"eq.{account_id}", select="id,organization_id")
    if not rows or (organization_id and rows[0]["organization_id"] != str(organization_id)):
        raise not_found("There is no such bank account.")
    find = _found_account(database, UUID(rows[0]["organization_id"]))

    def check(statement: Statement) -> str:
        if statement.account:
            try:
                found = find(statement)
            except Problem as problem:
                if problem.code != "not_found":
                    raise
                found = "" if _is_plain(statement.account) else str(account_id)
            if found != str(account_id):
                raise invalid_argument(
                    "The statement is of another bank account.",
                    hint="Leave bank_account_id out, or add that account.",
                )
        return str(account_id)

    return check


def _is_plain(account: str) -> bool:
    """Whether a number can be compared: an IBAN, or a Czech number.

    Some banks write the digits in an order of their own, or a code of the bank before them.
    """
    number = account.partition("/")[0]
    return iban.is_valid(account) or bankaccount.is_valid(f"{number}/{ANY_BANK}")


def _connected_account(database: Database) -> str:
    rows = database.select(
        "bank_accounts", provider="not.is.null", is_active="is.true", select="id", limit="2"
    )
    if not rows:
        raise not_found("There is no bank account that is connected to its bank.")
    if len(rows) > 1:
        raise invalid_argument(
            "There is more than one such bank account.", hint="Name one in bank_account_id."
        )
    found: str = rows[0]["id"]
    return found


def _token(call: Call, account_id: str) -> str:
    """The account's token: from the environment, where there is no Vault, or else from Vault."""
    held = settings().bank_tokens.get(UUID(account_id))
    token = (
        held.get_secret_value()
        if held
        else call.service.rpc(
            "bank_account_token",
            {"bank_account_id": account_id},
            repeatable=True,
            answers=(str, type(None)),
        )
    )
    if not token:
        raise Problem(
            409,
            "invalid_state",
            "There is no token for this account's bank.",
            hint="Set it with set_bank_account_token.",
        )
    return str(token)


ROUTES: Final = [
    Route(
        "POST",
        "/bank/import",
        import_statement,
        "Import a bank statement",
        Imported,
        query=ImportQuery,
        class_="export",
        raw=Raw(FILE_MAX_BYTES, MEDIA_TYPES),
        refusals=("idempotency_mismatch",),
    ),
    Route(
        "POST",
        "/bank/sync",
        sync,
        "Read movements from the bank",
        Synced,
        Sync,
        class_="export",
        refusals=("invalid_state",),
        uses_secret=True,
    ),
    Route(
        "POST",
        "/bank/match",
        match,
        "Match all undecided bank lines",
        Matched,
        Match,
        class_="export",
    ),
]
