"""Statements on the real stack: files, the bank's own API (a server that acts as it), matching."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import secrets
from typing import TYPE_CHECKING, Any, Self

import pytest
from stdnum.cz import bankaccount

import billing.bank
from billing import fio_api
from billing.bank import BANK_ZONE, FILE_MAX_BYTES
from tests.functions.billing import fio_server
from tests.functions.billing.statements import test_fio, test_gpc, test_mt940
from tests.functions.billing.statements.camt_file import Detail, Entry, File
from tests.functions.billing.statements.test_detect import zipped
from tests.functions.house import ABSENT, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from flask.testing import FlaskClient

    from tests.conftest import ClientFor
    from tests.functions.house import House
    from tests.stack_fixture import TestStack

NOW = dt.datetime.now(BANK_ZONE)
TODAY = NOW.date()
MANY = 10_000
_numbers = filter(
    bankaccount.is_valid, (f"{n}/2010" for n in itertools.count(secrets.randbelow(10**8) + 10**9))
)


@pytest.fixture
def account(house: House) -> Callable[..., tuple[str, str]]:
    """Open a bank account of the house: (id, number)."""

    def open_one(currency: str = "CZK", provider: str | None = None) -> tuple[str, str]:
        number = next(_numbers)
        row = house.practice.one(
            "insert into public.bank_accounts (organization_id, name, account_number, currency,"
            " provider) values (%s, 'Account', %s, %s, %s) returning id",
            [house.practice.id, number, currency, provider],
        )
        return str(row["id"]), number

    return open_one


def post(house: House, content: bytes, role: str | None = "owner", **query: Any) -> httpx.Response:
    return house.as_(role).post(
        "/billing/bank/import",
        content=content,
        params=query,
        headers={"Content-Type": "application/octet-stream"},
    )


def imported(house: House, content: bytes, **query: Any) -> dict[str, Any]:
    response = post(house, content, **query)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def counts(report: dict[str, Any]) -> tuple[int, int, int]:
    return report["new_count"], report["known_count"], report["refused_count"]


def lines(house: House, account_id: str) -> list[dict[str, Any]]:
    return house.practice.sql.execute(
        "select * from public.bank_transactions where bank_account_id = %s order by booked_on, id",
        [account_id],
    ).fetchall()


def camt(number: str, *entries: Entry, **changes: Any) -> bytes:
    return File("08", entries, iban=None, number=number, **changes).content()


def test_a_statement_finds_its_account_and_comes_once(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    detail = Detail(
        debtor="=cmd|' /C calc'!A0", unstructured=("<b>VS:2026001</b>",), references=("VS:77",)
    )
    content = camt(number, Entry(details=(detail,)), Entry(status="PDNG"), Entry(amount="0.001"))
    report = imported(house, content)
    assert counts(report) == (1, 0, 2)
    assert report["refused"] == [
        {
            "position": 2,
            "code": "not_booked",
            "detail": "The bank has not booked this entry.",
        },
        {
            "position": 3,
            "code": "invalid_amount",
            "detail": "The amount has more decimals than its currency.",
        },
    ]
    (statement,) = report["statements"]
    assert statement == {
        "bank_account_id": account_id,
        "format": "camt.053",
        "account": number,
        "currency": "CZK",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-02",
        "opening_amount": 10000,
        "closing_amount": 130000,
        "movement_count": 1,
        "adds_up": True,
    }
    (line,) = lines(house, account_id)
    assert (line["amount"], line["variable_symbol"], line["source"]) == (120000, "77", "camt.053")
    # Texts are kept as they are: it is for whoever shows them to escape them.
    assert (line["counterparty"], line["message"]) == ("=cmd|' /C calc'!A0", "<b>VS:2026001</b>")
    assert counts(imported(house, content)) == (0, 1, 2)
    assert len(lines(house, account_id)) == 1


def test_every_format_goes_where_it_belongs(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    domestic = number.partition("/")[0]
    files = {
        "fio_json": test_fio.statement(test_fio.row(), iban=None, accountId=domestic),
        "fio_csv": test_fio.CSV.replace("iban;CZ7920100000002400222222\n", "")
        .replace("accountId;2400222222", f"accountId;{domestic}")
        .replace("\n2;", f"\n{secrets.randbelow(10**9)};")
        .encode("cp1250"),
        "mt940": test_mt940.statement(test_mt940.LINE, account=f"2010/{domestic}").encode(),
        "gpc": test_gpc.text(test_gpc.header(f"{domestic:0>16}"), test_gpc.movement()),
    }
    for name, content in files.items():
        report = imported(house, content)
        assert report["new_count"] >= 1, name
        assert [s["format"] for s in report["statements"]] == [name]
        assert {s["bank_account_id"] for s in report["statements"]} == {account_id}
    again = imported(house, zipped(*files.values()))
    assert (again["new_count"], len(again["statements"])) == (0, 4)


def test_equal_payments_stay_and_overlapping_statements_add_nothing(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    equal = Entry(booked="2026-11-03", details=(Detail(debtor="Jan Novák"),))
    earlier, later = Entry(booked="2026-11-01"), Entry(booked="2026-11-05")
    assert counts(imported(house, camt(number, earlier, equal, equal))) == (3, 0, 0)
    assert counts(imported(house, camt(number, equal, equal, later))) == (1, 2, 0)
    assert counts(imported(house, camt(number, earlier, equal, equal, later))) == (0, 4, 0)
    assert len(lines(house, account_id)) == 4


def test_references_that_banks_give_twice_lose_nothing(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    paid = Entry(bank_reference="B1")
    returned = Entry(bank_reference="B1", direction="DBIT", is_reversal=True)
    batch = Entry(bank_reference="BATCH")
    first = camt(number, paid, batch, batch)
    assert counts(imported(house, first)) == (3, 0, 0)
    assert counts(imported(house, camt(number, paid, returned, batch, batch))) == (1, 3, 0)
    assert counts(imported(house, first)) == (0, 3, 0)
    assert len(lines(house, account_id)) == 4


def test_what_the_database_refuses_has_its_place_in_the_file(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    _, number = account()
    content = camt(number, Entry(status="INFO"), Entry(), Entry(currency="EUR"), Entry(amount="7"))
    report = imported(house, content)
    assert counts(report) == (2, 0, 2)
    assert [(r["position"], r["code"]) for r in report["refused"]] == [
        (1, "not_booked"),
        (3, "invalid_argument"),
    ]


def test_a_damaged_file_changes_nothing(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    whole = camt(number, *[Entry(amount=f"{n}.00") for n in range(1, 1501)])
    found = problem(post(house, whole[:-20]), 422, "invalid_argument")
    assert "cut off" in found["detail"]
    # A second statement in the file that is of nobody's account.
    other = File(entries=(Entry(),), iban="DE89370400440532013000")
    both = File(entries=(Entry(),), iban=None, number=number, more=(other,)).content()
    problem(post(house, both), 404, "not_found")
    assert lines(house, account_id) == []


def test_a_named_account_must_be_the_statement_s(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    account_id, number = account()
    other_id, _ = account()
    content = camt(number, Entry())
    found = problem(post(house, content, bank_account_id=other_id), 422, "invalid_argument")
    assert "another bank account" in found["detail"]
    foreign = camt("DE89370400440532013000", Entry())
    problem(post(house, foreign, bank_account_id=account_id), 422, "invalid_argument")
    assert counts(imported(house, content, bank_account_id=account_id)) == (1, 0, 0)
    # With a number that can be compared with nothing, the caller's word counts.
    for amount, odd_number in (("3", "37040044/532013000 KUNDE"), ("4", "1234567891")):
        odd = camt(odd_number, Entry(amount=amount))
        problem(post(house, odd), 404, "not_found")
        assert counts(imported(house, odd, bank_account_id=account_id)) == (1, 0, 0)


def test_the_same_key_answers_the_same(
    house: House, account: Callable[..., tuple[str, str]]
) -> None:
    _, number = account()

    def send(content: bytes) -> httpx.Response:
        return house.as_("owner").post(
            "/billing/bank/import",
            content=content,
            headers={"Content-Type": "text/xml", "Idempotency-Key": f"key-{number}"},
        )

    first, again = send(camt(number, Entry())), send(camt(number, Entry()))
    assert first.json() == again.json()
    assert counts(again.json()) == (1, 0, 0)
    problem(send(camt(number, Entry(amount="5"))), 422, "idempotency_mismatch")


def test_who_may_import(house: House, account: Callable[..., tuple[str, str]]) -> None:
    account_id, number = account()
    content = camt(number, Entry())
    assert post(house, content, role="admin").status_code == 200
    for named in ({}, {"bank_account_id": account_id}):
        problem(post(house, content, role="receptionist", **named), 403, "forbidden")
    problem(post(house, content, role="practitioner"), 403, "forbidden")
    for role in ("practitioner", "client", "stranger"):
        # Absent and foreign look the same.
        found = [
            problem(post(house, content, role=role, bank_account_id=id_), 404, "not_found")
            for id_ in (account_id, ABSENT)
        ]
        assert found[0]["detail"] == found[1]["detail"]
    problem(post(house, content, role=None), 401, "unauthenticated")
    problem(
        post(house, content, organization_id=ABSENT, bank_account_id=account_id), 404, "not_found"
    )


def test_other_bodies_are_refused(house: House) -> None:
    problem(post(house, b""), 422, "invalid_argument")
    problem(post(house, b"%PDF-1.7"), 422, "invalid_argument")
    problem(post(house, b" " * (FILE_MAX_BYTES + 1)), 413, "payload_too_large")
    problem(post(house, b"x", bank_account_id="x"), 422, "invalid_argument")
    problem(post(house, b"x", account="x"), 422, "invalid_argument")
    response = house.as_("owner").post(
        "/billing/bank/import", content=b"x", headers={"Content-Type": "image/png"}
    )
    problem(response, 415, "unsupported_media_type")


def test_matching_counts_what_it_did(house: House, account: Callable[..., tuple[str, str]]) -> None:
    _, number = account()
    imported(house, camt(number, Entry(), Entry(direction="DBIT")))
    response = house.as_("owner").post(
        "/billing/bank/match", json={"organization_id": str(house.practice.id)}
    )
    assert response.status_code == 200, response.text
    found = response.json()
    assert set(found) == {"matched_count", "suggested_count", "unmatched_count", "ignored_count"}
    assert found["ignored_count"] >= 1
    assert found["unmatched_count"] >= 1
    problem(house.as_("receptionist").post("/billing/bank/match", json={}), 403, "forbidden")
    problem(house.as_("owner").post("/billing/bank/match", json={"x": 1}), 422, "invalid_argument")


# The bank's own API ----------------------------------------------------------------------------


@pytest.fixture
def bank() -> Iterator[fio_server.FioServer]:
    """The bank."""
    with fio_server.running() as server:
        yield server


class Still(dt.datetime):
    """The day on which the tests began, also after midnight."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Self:
        return cls.fromtimestamp(NOW.timestamp(), tz)


class Practice:
    """A house whose account is connected to the bank, with the function in this process."""

    def __init__(self, house: House, client: FlaskClient, account_id: str, token: str) -> None:
        self.house = house
        self.client = client
        self.account_id = account_id
        self.token = token

    def sync(self, role: str = "owner", **body: Any) -> Any:
        return self.client.post(
            "/bank/sync",
            json={"bank_account_id": self.account_id, **body},
            headers={"Authorization": f"Bearer {self.house.users[role].token}"},
        )

    def later(self) -> None:
        """Half a minute passes in the database."""
        self.house.practice.sql.execute(
            "update private.bank_syncs set requested_at = requested_at - interval '30 seconds'"
            " where bank_account_id = %s",
            [self.account_id],
        )

    def lines(self) -> list[dict[str, Any]]:
        return lines(self.house, self.account_id)


@pytest.fixture
def practice(
    house: House,
    stack: TestStack,
    bank: fio_server.FioServer,
    account: Callable[..., tuple[str, str]],
    environment: Callable[..., None],
    client: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Practice]:
    """A connected practice; the bank knows its account under its token."""
    monkeypatch.setattr(billing.bank, "datetime", Still)
    account_id, number = account(provider="fio")
    token = secrets.token_urlsafe(48)[:64]
    bank.accounts[token] = fio_server.Account(number)
    environment(
        SUPABASE_URL=stack.api_url,
        SUPABASE_PUBLISHABLE_KEY=stack.publishable_key,
        SUPABASE_SECRET_KEY=stack.secret_key,
        SUPABASE_JWT_SECRET=stack.jwt_secret or None,
        FIO_API_URL=bank.url,
        BANK_TOKENS=f"{ABSENT}=other, {account_id}={token}",
        UPSTREAM_TIMEOUT_SECONDS="60",
    )
    fio_api._pool.cache_clear()
    yield Practice(house, client("billing"), account_id, token)
    fio_api._pool.cache_clear()


def bank_problem(response: Any, status: int, code: str, token: str, log: str) -> dict[str, Any]:
    """A problem that does not give the token away, and neither does the log."""
    assert response.status_code == status, response.text
    assert token not in response.text
    assert token not in log
    found: dict[str, Any] = response.get_json()
    assert found["code"] == code
    return found


def test_the_bank_is_asked_for_what_is_not_read_yet(
    practice: Practice, bank: fio_server.FioServer
) -> None:
    at_bank = bank.accounts[practice.token]
    day = TODAY - dt.timedelta(days=20)
    at_bank.receive(1, day, 1200.5, column5="0002026001", column10="Jan Novák")
    at_bank.receive(2, TODAY, -50)
    response = practice.sync()
    assert response.status_code == 200, response.text
    report = response.get_json()
    assert counts(report) == (2, 0, 0)
    assert report["from_date"] == (TODAY - dt.timedelta(days=89)).isoformat()
    assert report["to_date"] == TODAY.isoformat()
    first = practice.lines()[0]
    assert (first["amount"], first["variable_symbol"], first["bank_reference"]) == (
        120050,
        "2026001",
        "1",
    )
    # Next time it is asked for the last days only, and says what it booked late.
    at_bank.receive(3, TODAY - dt.timedelta(days=1), 10)
    practice.later()
    at_bank.asked_at = None
    report = practice.sync().get_json()
    assert counts(report) == (1, 1, 0)
    assert report["from_date"] == (TODAY - dt.timedelta(days=10)).isoformat()


def test_a_period(practice: Practice, bank: fio_server.FioServer) -> None:
    at_bank = bank.accounts[practice.token]
    at_bank.receive(1, dt.date(2026, 1, 5), 10)
    at_bank.receive(2, dt.date(2026, 2, 5), 20)
    report = practice.sync(from_date="2026-01-01", to_date="2026-01-31").get_json()
    assert counts(report) == (1, 0, 0)
    assert bank.requests == [
        f"/v1/rest/periods/{practice.token}/2026-01-01/2026-01-31/transactions.json"
    ]
    # A later period, with a gap before it, does not move the mark.
    practice.later()
    at_bank.asked_at = None
    assert practice.sync(from_date="2026-03-01", to_date="2026-03-31").status_code == 200
    practice.later()
    at_bank.asked_at = None
    report = practice.sync().get_json()
    assert report["from_date"] == "2026-01-21"
    assert counts(report) == (1, 0, 0)


def test_a_period_without_movements(practice: Practice) -> None:
    report = practice.sync().get_json()
    assert counts(report) == (0, 0, 0)
    assert report["statements"][0]["movement_count"] == 0


def test_half_a_minute_passes_between_questions(
    practice: Practice, bank: fio_server.FioServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice.sync().status_code == 200
    response = practice.sync()
    bank_problem(response, 429, "rate_limited", practice.token, capsys.readouterr().out)
    assert response.headers["Retry-After"]
    assert len(bank.requests) == 1
    # Another program asks with the same token: then the bank says so.
    practice.later()
    response = practice.sync()
    bank_problem(response, 429, "rate_limited", practice.token, capsys.readouterr().out)
    assert response.headers["Retry-After"] == "30"
    assert len(bank.requests) == 2


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ((500, b"<html>TOKEN</html>"), 503, "unavailable"),
        ((503, b""), 503, "unavailable"),
        ((404, b""), 409, "invalid_state"),
        ((413, b""), 422, "invalid_argument"),
        ((422, b""), 422, "invalid_argument"),
        ((302, b""), 503, "unavailable"),
        ((200, b""), 503, "unavailable"),
        ((200, b'{"accountStatement": {'), 503, "unavailable"),
        ((200, b"<html></html>"), 503, "unavailable"),
        ((200, b"[]"), 503, "unavailable"),
    ],
)
def test_what_the_bank_may_answer(
    practice: Practice,
    bank: fio_server.FioServer,
    capsys: pytest.CaptureFixture[str],
    answer: tuple[int, bytes],
    status: int,
    code: str,
) -> None:
    bank.answer = answer[0], answer[1].replace(b"TOKEN", practice.token.encode())
    bank.headers["Location"] = f"{bank.url}/elsewhere"
    response = practice.sync()
    bank_problem(response, status, code, practice.token, capsys.readouterr().out)
    # A redirection is not followed: it would take the token elsewhere.
    assert len(bank.requests) == 1
    assert practice.lines() == []
    # What was not read is asked for again.
    practice.later()
    bank.answer = None
    assert practice.sync().get_json()["from_date"] == (TODAY - dt.timedelta(days=89)).isoformat()


def test_a_slow_bank_and_an_absent_one(
    practice: Practice,
    bank: fio_server.FioServer,
    environment: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    bank.delay_seconds = 3
    environment(UPSTREAM_TIMEOUT_SECONDS="2")
    fio_api._pool.cache_clear()
    response = practice.sync()
    bank_problem(response, 503, "unavailable", practice.token, capsys.readouterr().out)
    environment(FIO_API_URL="http://127.0.0.1:9")
    fio_api._pool.cache_clear()
    practice.later()
    response = practice.sync()
    bank_problem(response, 503, "unavailable", practice.token, capsys.readouterr().out)


def test_a_token_of_another_account(practice: Practice, bank: fio_server.FioServer) -> None:
    bank.accounts[practice.token].number = next(_numbers)
    bank.accounts[practice.token].receive(1, TODAY, 5)
    response = practice.sync()
    assert response.status_code == 422
    assert practice.lines() == []


def test_without_a_token(
    practice: Practice, bank: fio_server.FioServer, environment: Callable[..., None]
) -> None:
    environment(BANK_TOKENS=None)
    response = practice.sync()
    assert response.status_code == 409
    assert response.get_json()["code"] == "invalid_state"
    assert bank.requests == []


def test_a_token_from_vault(
    practice: Practice,
    bank: fio_server.FioServer,
    environment: Callable[..., None],
    rest: ClientFor,
    house: House,
) -> None:
    environment(BANK_TOKENS=None)
    arguments = {"bank_account_id": practice.account_id, "token": practice.token}
    owner = rest(house.users["owner"])
    stored = owner.post("/rpc/set_bank_account_token", json=arguments)
    if stored.status_code == 409:
        pytest.skip("this database has no Vault")
    assert stored.status_code == 204, stored.text
    # Whoever sets it cannot read it back.
    kept = owner.post("/rpc/bank_account_token", json={"bank_account_id": practice.account_id})
    assert kept.status_code in {403, 404}
    assert practice.sync().status_code == 200
    assert practice.token in bank.requests[0]


def test_who_may_ask_the_bank(
    practice: Practice, bank: fio_server.FioServer, account: Callable[..., tuple[str, str]]
) -> None:
    for role in ("receptionist", "practitioner"):
        assert practice.sync(role).status_code == 403
    for role in ("client", "stranger"):
        assert practice.sync(role).status_code == 404
    assert practice.sync(bank_account_id=ABSENT).status_code == 404
    plain_id, _ = account()
    assert practice.sync(bank_account_id=plain_id).status_code == 409
    for body in (
        {"from_date": "2026-02-01", "to_date": "2026-01-01"},
        {"from_date": (TODAY + dt.timedelta(days=5)).isoformat()},
        {"from_date": "1.2.2026"},
        {"token": "x"},
    ):
        assert practice.sync(**body).status_code == 422
    assert bank.requests == []
    # Nobody has used up the half minute.
    assert practice.sync("admin").status_code == 200


def test_the_fake_bank_is_as_strict_as_the_real_one(bank: fio_server.FioServer) -> None:
    bank.accounts["known"] = fio_server.Account("1/2010")
    period = "2026-01-01/2026-01-31/transactions.json"
    assert bank.respond(f"/v1/rest/periods/known/{period}")[0] == 200
    assert bank.respond(f"/v1/rest/periods/known/{period}")[0] == 409
    assert bank.respond(f"/v1/rest/periods/unknown/{period}")[0] == 500
    assert bank.respond("/v1/rest/periods/known/1.1.2026/2.1.2026/transactions.json")[0] == 409
    assert bank.respond("/v1/rest/last/known/transactions.xml")[0] == 404
    assert json.loads(json.dumps(fio_server.Account("1/2010").statement(TODAY, TODAY))) == {
        "accountStatement": {
            "info": {
                "accountId": "1",
                "bankId": "2010",
                "currency": "CZK",
                "iban": None,
                "dateStart": f"{TODAY.isoformat()}+0100",
                "dateEnd": f"{TODAY.isoformat()}+0100",
            },
            "transactionList": None,
        }
    }


# Last, since other tests would match these lines too.
def test_ten_thousand_lines(house: House, account: Callable[..., tuple[str, str]]) -> None:
    account_id, number = account()
    header = test_gpc.header(f"{number.partition('/')[0]:0>16}")
    # Every line twice, as two payments.
    content = test_gpc.text(
        header,
        *itertools.chain.from_iterable(
            [test_gpc.movement(amount=n, symbol=f"{n:010}")] * 2 for n in range(1, MANY // 2 + 1)
        ),
    )
    assert counts(imported(house, content)) == (MANY, 0, 0)
    assert counts(imported(house, content)) == (0, MANY, 0)
    assert len(lines(house, account_id)) == MANY
