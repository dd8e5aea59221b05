"""CAMT.053: every version, and what banks put into it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest

from billing.statements.camt import read
from billing.statements.model import Movement, Refusal, Statement
from kernel.errors import Problem
from tests.functions.billing.statements.camt_file import (
    IBAN,
    VERSIONS,
    Detail,
    Entry,
    File,
    assert_valid,
)

MEGABYTE = 1024 * 1024


def movements(*entries: Entry, version: str = "08", **header: str | None) -> list[Movement]:
    """Write a file, check it, read it; nothing in it is refused."""
    content = File(version, entries, **header).content()  # type: ignore[arg-type]
    assert_valid(content, version)
    found = list(read(content))
    assert isinstance(found[-1], Statement)
    assert all(isinstance(item, Movement) for item in found[:-1]), found
    return [item for item in found if isinstance(item, Movement)]


def refusals(*entries: Entry, version: str = "08") -> list[str]:
    found = list(read(File(version, entries).content()))
    return [item.code for item in found if isinstance(item, Refusal)]


def problem(content: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        list(read(content))
    assert caught.value.status == 422
    return caught.value


PAYMENT = Detail(
    end_to_end="NOTPROVIDED",
    debtor="Nováková Jana",
    debtor_account="2000145399",
    debtor_bank="0800",
    unstructured=("Platba za", "  říjen\n"),
    references=("VS:0002026001", "KS:0308", "SS:0000000000"),
)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_payment_is_read_whole(version: str) -> None:
    detail = Detail(
        amount=("1200.00", "CZK"),
        **{
            name: getattr(PAYMENT, name)
            for name in PAYMENT.__slots__
            if name not in {"amount", "sent", "direction"}
        },
    )
    entry = Entry(bank_reference="B-1", details=(detail,), valued="2026-11-01")
    content = File(version, (entry,)).content()
    assert_valid(content, version)
    assert list(read(content)) == [
        Movement(
            account=IBAN,
            booked_on=date(2026, 11, 2),
            valued_on=date(2026, 11, 1),
            amount=120000,
            currency="CZK",
            variable_symbol="2026001",
            constant_symbol="308",
            specific_symbol=None,
            counterparty="Nováková Jana",
            counterparty_account="2000145399/0800",
            message="Platba za říjen",
            reference=None,
            bank_reference="B-1",
            is_reversal=False,
        ),
        Statement("camt.053", IBAN, "CZK", date(2026, 11, 1), date(2026, 11, 2), 10000, 130000),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_of_many_details_is_a_movement_of_its_own(version: str) -> None:
    details = tuple(
        Detail(amount=(amount, "CZK"), debtor=name, end_to_end=f"E{name}")
        for amount, name in (("500.00", "A"), ("500.00", "B"), ("200.00", "C"))
    )
    found = movements(Entry(bank_reference="BATCH", details=details), version=version)
    assert [(m.amount, m.counterparty, m.reference, m.bank_reference) for m in found] == [
        (50000, "A", "EA", "BATCH/1"),
        (50000, "B", "EB", "BATCH/2"),
        (20000, "C", "EC", "BATCH/3"),
    ]


def test_details_have_directions_and_references_of_their_own() -> None:
    details = (
        Detail(amount=("1500.00", "CZK"), direction="CRDT", debtor="Payer", bank_reference="B1"),
        Detail(amount=("300.00", "CZK"), direction="DBIT", creditor="Fee", bank_reference="B2"),
    )
    found = movements(Entry(bank_reference="BATCH", details=details))
    assert [(m.amount, m.counterparty, m.bank_reference) for m in found] == [
        (150000, "Payer", "B1"),
        (-30000, "Fee", "B2"),
    ]


@pytest.mark.parametrize(
    "details",
    [
        # A fee was taken off: what each payer's payment brought is not known.
        (Detail(amount=("700.00", "CZK")), Detail(amount=("700.00", "CZK"))),
        # Amounts in another currency, and none at all.
        (Detail(amount=("30.00", "EUR")), Detail(amount=("20.00", "EUR"))),
        (Detail(debtor="A"), Detail(debtor="B")),
        (Detail(amount=("1200.00", "CZK")), Detail(amount=("0.00", "CZK"))),
    ],
)
def test_details_that_do_not_make_up_the_entry_leave_it_whole(
    details: tuple[Detail, ...],
) -> None:
    (found,) = movements(Entry(bank_reference="B", details=details, note="Hromadná platba"))
    assert (found.amount, found.counterparty, found.message) == (120000, None, "Hromadná platba")
    assert found.bank_reference == "B"


def test_a_single_detail_counts_with_the_amount_of_the_entry() -> None:
    detail = Detail(amount=("50.00", "EUR"), sent=("50.00", "EUR"), debtor="Müller")
    (found,) = movements(Entry(amount="1215.50", details=(detail,)))
    assert (found.amount, found.currency, found.counterparty) == (121550, "CZK", "Müller")


def test_outgoing_and_reversed() -> None:
    detail = Detail(
        debtor="Ordinace", creditor="Pojišťovna", creditor_account="DE89370400440532013000"
    )
    paid, returned, taken_back = movements(
        Entry(direction="DBIT", details=(detail,)),
        Entry(direction="CRDT", is_reversal=True, details=(detail,)),
        Entry(
            direction="DBIT",
            is_reversal=True,
            details=(Detail(debtor="Klient", creditor="Ordinace"),),
        ),
    )
    assert (paid.amount, paid.is_reversal, paid.counterparty) == (-120000, False, "Pojišťovna")
    assert (returned.amount, returned.is_reversal) == (120000, True)
    assert returned.counterparty == "Pojišťovna"
    assert returned.counterparty_account == "DE89370400440532013000"
    assert (taken_back.amount, taken_back.is_reversal) == (-120000, True)
    assert taken_back.counterparty == "Klient"


def test_a_time_never_shifts_the_day() -> None:
    (late,) = movements(
        Entry(booked="2026-10-31T23:59:59.999-11:00", valued="2026-11-01T00:00:00+14:00")
    )
    assert (late.booked_on, late.valued_on) == (date(2026, 10, 31), date(2026, 11, 1))


def test_without_a_booking_date_the_value_date_counts() -> None:
    (found,) = movements(Entry(booked=None, valued="2026-11-05"))
    assert found.booked_on == date(2026, 11, 5)
    assert refusals(Entry(booked=None, valued=None)) == ["invalid_date"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("status", ["PDNG", "INFO"])
def test_what_is_not_booked_is_refused(version: str, status: str) -> None:
    assert refusals(Entry(status=status), Entry(), version=version) == ["not_booked"]


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1200.5", "CZK", 120050),
        ("1200", "JPY", 1200),
        ("1200.000", "JPY", 1200),
        ("1.234", "BHD", 1234),
        ("0.01", "EUR", 1),
        ("00012.10", "EUR", 1210),
    ],
)
def test_amounts_by_the_decimals_of_their_currency(
    amount: str, currency: str, expected: int
) -> None:
    (found,) = movements(Entry(amount=amount, currency=currency), currency=currency)
    assert (found.amount, found.currency) == (expected, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("1200.5", "JPY", "invalid_amount"),
        ("0.001", "CZK", "invalid_amount"),
        ("0.00", "CZK", "invalid_amount"),
        ("-5.00", "CZK", "invalid_amount"),
        ("NaN", "CZK", "invalid_amount"),
        ("INF", "CZK", "invalid_amount"),
        ("1e3", "CZK", "invalid_amount"),
        ("1,00", "CZK", "invalid_amount"),
        ("٣.00", "CZK", "invalid_amount"),
        ("99999999999999999", "CZK", "invalid_amount"),
        ("9" * 5000, "CZK", "invalid_amount"),
        ("", "CZK", "invalid_amount"),
        ("5.00", "czk", "invalid_currency"),
        ("5.00", "", "invalid_currency"),
    ],
)
def test_amounts_that_are_refused(amount: str, currency: str, code: str) -> None:
    assert refusals(Entry(amount=amount, currency=currency)) == [code]


@pytest.mark.parametrize(
    ("detail", "symbol", "reference"),
    [
        (Detail(end_to_end="/VS2026001/SS12/KS0308"), "2026001", "/VS2026001/SS12/KS0308"),
        (Detail(end_to_end="/VS/SS/KS"), None, "/VS/SS/KS"),
        (Detail(references=("RF18539007547034",)), None, "RF18539007547034"),
        (Detail(references=("0002026001",)), "2026001", "0002026001"),
        (Detail(references=("VS:2026001",), end_to_end="E-7"), "2026001", "E-7"),
        (Detail(unstructured=("VS: 2026001 za masáž",)), "2026001", None),
        (Detail(unstructured=("DEVS2026001",)), None, None),
        (Detail(unstructured=("VS 12345678901",)), None, None),
        (Detail(end_to_end="notprovided"), None, None),
    ],
)
def test_symbols_and_references(detail: Detail, symbol: str | None, reference: str | None) -> None:
    (found,) = movements(Entry(details=(detail,)))
    assert (found.variable_symbol, found.reference) == (symbol, reference)


def test_an_account_that_is_no_iban() -> None:
    (found,) = movements(Entry(), iban=None, number="19-2000145399/0800")
    assert found.account == "19-2000145399/0800"


def test_several_statements_in_a_file() -> None:
    other = File(entries=(Entry(currency="EUR"),), iban="DE89370400440532013000", currency="EUR")
    content = File(entries=(Entry(),), opening="-20.50", more=(other,)).content()
    assert_valid(content, "08")
    first, header, second, _ = read(content)
    assert isinstance(header, Statement)
    assert header.opening_amount == -2050
    assert [m.account for m in (first, second) if isinstance(m, Movement)] == [
        IBAN,
        "DE89370400440532013000",
    ]


def test_a_statement_without_movements() -> None:
    (header,) = read(File().content())
    assert isinstance(header, Statement)


def test_other_encodings_are_read_as_they_say() -> None:
    content = File(entries=(Entry(details=(PAYMENT,)),)).content().decode()
    for encoding in ("windows-1250", "iso-8859-2", "utf-16"):
        said = content.replace("encoding='UTF-8'", f"encoding='{encoding}'").encode(encoding)
        (found, _) = read(said)
        assert isinstance(found, Movement)
        assert found.counterparty == "Nováková Jana"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[:-20], "cut off"),
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text + b"<x/>", "cut off"),
        (lambda text: text.replace(b"UTF-8", b"martian"), "encoding"),
        (lambda text: text.replace("Nov\u00e1kov\u00e1".encode(), b"Nov\xe1kov\xe1"), "encoding"),
        (lambda text: text.replace(b"001.08", b"001.09"), "version camt.053.001.09"),
        (lambda text: text.replace(b"camt.053.001.08", b"camt.054.001.08"), "camt.054"),
        (lambda text: text.replace(b"urn:iso", b"urn:other"), "not a camt.053"),
        (lambda text: text.replace(b"<BkToCstmrStmt>", b"<x>" * 100), "deeply"),
        (lambda _: b"<Document/>", "not a camt.053"),
    ],
)
def test_files_that_are_refused_whole(change: Callable[[bytes], bytes], words: str) -> None:
    content = File(entries=(Entry(details=(PAYMENT,)),)).content()
    found = problem(change(content))
    assert words in (found.detail or "")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE Document [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://169.254.169.254/latest">',
        "<!DOCTYPE Document>",
    ],
)
def test_document_types_are_refused_unread(declaration: str) -> None:
    content = File(entries=(Entry(),)).content().decode()
    bomb = content.replace("<Document", f"{declaration}<Document", 1)
    assert "document type" in (problem(bomb.encode()).detail or "")


def test_elements_of_another_namespace_are_not_entries() -> None:
    content = File(entries=(Entry(),)).content()
    foreign = b'<x:Ntry xmlns:x="urn:x"><x:Amt>5</x:Amt></x:Ntry></Stmt>'
    found = list(read(content.replace(b"</Stmt>", foreign)))
    assert len(found) == 2


def test_memory_stays_flat() -> None:
    def peak(count: int) -> int:
        content = File(entries=(Entry(details=(PAYMENT,)),) * count).content()
        tracemalloc.start()
        for _ in read(content):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # The file itself is in memory anyway.
        return found - len(content)

    assert peak(2_000) < peak(50) + MEGABYTE // 4
