"""Fio JSON and CSV: nulls, decimals, symbols, and files that are cut off."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from billing.statements import fio_csv, fio_json
from billing.statements.model import Item, Movement, Refusal, Statement
from kernel.errors import Problem

INFO = {
    "accountId": "2400222222",
    "bankId": "2010",
    "currency": "CZK",
    "iban": "CZ7920100000002400222222",
    "bic": "FIOBCZPPXXX",
    "openingBalance": 195.00,
    "closingBalance": 195.01,
    "dateStart": "2026-10-01+0200",
    "dateEnd": "2026-10-31+0100",
    "yearList": None,
    "idList": None,
    "idFrom": 1148734530,
    "idTo": 1149190193,
    "idLastDownload": None,
}
NAMES = {0: "Datum", 1: "Objem", 5: "VS", 22: "ID pohybu"}


def row(**values: Any) -> dict[str, Any]:
    """A transaction as the API writes it: each column {value, name, id}, or null."""
    columns: dict[str, Any] = {
        "column22": 1148734530,
        "column0": "2026-10-05+0200",
        "column1": 1200.5,
        "column14": "CZK",
        "column2": "2900233333",
        "column3": "2010",
        "column10": "Pavel, Novák",
        "column5": "0002026001",
        "column4": "0558",
        "column6": None,
        "column7": "Platba",
        "column16": "za říjen",
        "column8": "Příjem převodem uvnitř banky",
        "column9": None,
        "column25": None,
        **values,
    }
    return {
        name: None if value is None else {"value": value, "name": "x", "id": int(name[6:])}
        for name, value in columns.items()
    }


def statement(*rows: Any, **info: Any) -> bytes:
    document = {
        "accountStatement": {
            "info": {**INFO, **info},
            "transactionList": {"transaction": list(rows)},
        }
    }
    return json.dumps(document, ensure_ascii=False).encode()


def read(content: bytes) -> list[Item]:
    return list(fio_json.read(content))


def test_a_movement_and_its_header() -> None:
    assert read(statement(row())) == [
        Movement(
            account="CZ7920100000002400222222",
            booked_on=date(2026, 10, 5),
            valued_on=None,
            amount=120050,
            currency="CZK",
            variable_symbol="2026001",
            constant_symbol="558",
            specific_symbol=None,
            counterparty="Pavel, Novák",
            counterparty_account="2900233333/2010",
            message="za říjen",
            reference=None,
            bank_reference="1148734530",
            is_reversal=False,
        ),
        Statement(
            "fio_json",
            "CZ7920100000002400222222",
            "CZK",
            date(2026, 10, 1),
            date(2026, 10, 31),
            19500,
            19501,
        ),
    ]


@pytest.mark.parametrize("transactions", [None, {"transaction": None}, {"transaction": []}, {}])
def test_a_period_without_movements(transactions: Any) -> None:
    document = {"accountStatement": {"info": INFO, "transactionList": transactions}}
    (header,) = read(json.dumps(document).encode())
    assert isinstance(header, Statement)


def test_nulls_everywhere() -> None:
    needed = {"column0", "column1", "column22"}
    nulls = {name: None for name in row() if name not in needed}
    (found, _) = read(statement(row(**nulls)))
    assert isinstance(found, Movement)
    assert (found.currency, found.counterparty, found.message) == ("CZK", None, None)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("-1200.5", -120050),
        ("0.1", 10),
        ('"12.50"', 1250),
        ("90071992547409.91", 2**53 - 1),
        ("90071992547409.92", None),
        ("1e3", None),
        ("1e999999999", None),
        ("NaN", None),
        ("-Infinity", None),
        ("0.005", None),
        ("0", None),
        ("true", None),
        ("{}", None),
        ("1" * 9000, None),
    ],
)
def test_amounts_are_read_as_written(amount: str, expected: int | None) -> None:
    content = statement(row(column1="AMOUNT")).replace(b'"AMOUNT"', amount.encode())
    (found, _) = read(content)
    if expected is None:
        assert isinstance(found, Refusal)
        assert found.code == "invalid_amount"
    else:
        assert isinstance(found, Movement)
        assert found.amount == expected


def test_one_bad_row_leaves_the_others() -> None:
    found = read(statement(None, [], "x", row(column0="soon"), row(column14="koruna"), row()))
    assert [getattr(item, "code", None) for item in found[:5]] == [
        *["invalid_date"] * 4,
        "invalid_currency",
    ]
    assert isinstance(found[5], Movement)


def test_a_foreign_payment() -> None:
    columns = {"column2": "DE89370400440532013000", "column3": None, "column26": "COBADEFF"}
    (found, _) = read(statement(row(**columns, column14="EUR", column27="INV/1"), currency="EUR"))
    assert isinstance(found, Movement)
    assert found.counterparty_account == "DE89370400440532013000"
    assert (found.currency, found.reference) == ("EUR", "INV/1")


def test_texts_are_made_harmless() -> None:
    (found, _) = read(
        statement(
            row(column10="a\x00b\x1b[31m\n", column16="\u202e x " * 500, column7=None)
        ).replace(b"[31m", b"\\ud800")
    )
    assert isinstance(found, Movement)
    assert found.counterparty == "a b \ufffd"
    assert len(found.message or "") <= 500


def test_a_reversal_is_told_by_its_type() -> None:
    (found, _) = read(statement(row(column8="Storno poplatku", column1=50)))
    assert isinstance(found, Movement)
    assert found.is_reversal


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"accountStatement": []}',
        b'{"accountStatement": {"transactionList": {"transaction": {}}, "info": 5}} x',
        b'{"accountStatement": {"transactionList": {"transaction": "x"}}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        statement(row())[:-40],
        statement(row()).decode().encode("cp1250"),
        statement(row()).decode().encode("utf-16"),
    ],
)
def test_files_that_are_refused_whole(content: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read(content)
    assert caught.value.status == 422


CSV = """accountId;2400222222
bankId;2010
currency;CZK
iban;CZ7920100000002400222222
bic;FIOBCZPPXXX
openingBalance;195,00
closingBalance;1 395,50
dateStart;01.10.2026
dateEnd;31.10.2026
idFrom;1
idTo;2

ID pohybu;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;Název banky;KS;VS;SS;\
Uživatelská identifikace;Zpráva pro příjemce;Typ;Provedl;Upřesnění;Komentář;BIC;ID pokynu
1;05.10.2026;1 200,50;CZK;2900233333;"Pavel; Novák";2010;Fio banka, a.s.;0558;2026001;;\
Platba;"za
říjen";Příjem převodem uvnitř banky;;;;;
2;06.10.2026;-100,00;CZK;;;;;;;;Nákup;;Platba kartou;;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_table(encoding: str, ending: str) -> None:
    first, second, header = fio_csv.read(CSV.replace("\n", ending).encode(encoding))
    assert isinstance(first, Movement)
    assert (first.amount, first.booked_on) == (120050, date(2026, 10, 5))
    assert (first.counterparty, first.counterparty_account) == ("Pavel; Novák", "2900233333/2010")
    assert (first.variable_symbol, first.message) == ("2026001", "za říjen")
    assert isinstance(second, Movement)
    assert (second.amount, second.bank_reference) == (-10000, "2")
    assert header == Statement(
        "fio_csv",
        "CZ7920100000002400222222",
        "CZK",
        date(2026, 10, 1),
        date(2026, 10, 31),
        19500,
        139550,
    )


def test_a_table_of_the_web_bank() -> None:
    quoted = "\n".join(
        ";".join(f'"{cell}"' for cell in line.split(";")) if line else ""
        for line in (
            "accountId;2400222222",
            "bankId;2010",
            "currency;CZK",
            "",
            "ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;VS;Poznámka;Typ",
            "7;5.1.2026;\xa01\xa0000,00;CZK;19-2000145399;Jana;0800;12;;Bezhotovostní příjem",
        )
    )
    found, header = fio_csv.read(quoted.encode())
    assert isinstance(found, Movement)
    assert (found.amount, found.booked_on) == (100000, date(2026, 1, 5))
    assert found.counterparty_account == "19-2000145399/0800"
    assert isinstance(header, Statement)
    assert header.account == "2400222222/2010"


def test_a_table_and_the_api_agree_on_who_is_who() -> None:
    """The same movement in both formats is one movement to the database."""
    (from_csv, *_) = fio_csv.read(CSV.encode())
    (from_json, _) = read(statement(row(column22=1, column10="Pavel; Novák")))
    assert from_csv == from_json


def test_damaged_lines_within_and_at_the_end() -> None:
    within = CSV.replace("2;06.10.2026", "3;06.10.2026;-5\n2;06.10.2026")
    codes = [getattr(item, "code", None) for item in fio_csv.read(within.encode())]
    assert codes == [None, "unreadable", None, None]
    for cut in (CSV[:-60], CSV[: CSV.index("říjen")], CSV[:200], ""):
        with pytest.raises(Problem) as caught:
            list(fio_csv.read(cut.encode()))
        assert caught.value.code == "invalid_argument"


def test_an_endless_field_is_refused() -> None:
    with pytest.raises(Problem):
        list(fio_csv.read(f"{CSV}{'x' * 200_000}".encode()))
