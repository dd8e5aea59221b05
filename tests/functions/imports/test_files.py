"""Reading lists: encodings, separators, headings, values, and files that are no lists."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from imports import reading
from imports.headings import HEADINGS
from imports.reading import Source
from imports.rows import Rows, birth_date
from kernel.errors import Problem

PRAGUE = "Europe/Prague"
CZECH = (
    "Jméno;Příjmení;E-mail;Telefon;Datum narození\r\n"
    "Žofie;Říhová;z@x.test;777 123 456;1. 2. 1990\r\n"
)
FOUND = {
    "number": 1,
    "row": 2,
    "given_name": "Žofie",
    "family_name": "Říhová",
    "email": "z@x.test",
    "phone": "+420777123456",
    "phone_forms": ["00420777123456", "420777123456", "777123456"],
    "birth_date": "1990-02-01",
}


def rows_of(content: bytes, *, locale: str = "cs", timezone: str = PRAGUE) -> list[dict[str, Any]]:
    rows = Rows(Source(content, locale), timezone)
    found = [row for batch in rows.batches() for row in batch]
    assert rows.count() == len(found)
    return found


def workbook(*lines: tuple[Any, ...]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return content.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_of_a_czech_list(encoding: str) -> None:
    assert rows_of(CZECH.encode(encoding)) == [FOUND]


@pytest.mark.parametrize("locale", ["cs", "en"])
def test_windows_encodings_tell_themselves_apart_by_the_headings(locale: str) -> None:
    assert rows_of(CZECH.encode("cp1250"), locale=locale) == [FOUND]


def test_a_danish_list_from_windows() -> None:
    text = "Fornavn;Efternavn;Fødselsdato;Tlf\nSøren;Ærø;24-12-1985;32 12 34 56\n"
    (row,) = rows_of(text.encode("cp1252"), locale="da", timezone="Europe/Copenhagen")
    assert row["given_name"] == "Søren"
    assert row["family_name"] == "Ærø"
    assert row["birth_date"] == "1985-12-24"
    assert row["phone"] == "+4532123456"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators(separator: str) -> None:
    text = CZECH.replace(";", separator)
    assert rows_of(text.encode()) == [FOUND]


def test_excel_names_its_separator() -> None:
    assert rows_of(("sep=;\r\n" + CZECH).encode()) == [FOUND]


def test_quotes_lines_and_blank_rows() -> None:
    text = 'First name,Last name,Note\n\n,,\n"Ann\n Mary","O""Hara, ""Jr."\n\n'
    (row,) = rows_of(text.encode())
    assert row == {"number": 1, "row": 4, "given_name": "Ann Mary", "family_name": 'O"Hara, "Jr.'}


def test_a_workbook() -> None:
    content = workbook(
        ("Vorname", "Nachname", "Handy", "Geburtsdatum", "Sprache", "Kundennummer"),
        ("Jürgen", "Groß", 15112345678.0, dt.date(1970, 5, 31), "de", 12),
        (None, None, None, None, None, None),
        (
            "=1+1",
            "Formel",
            "+44 20 7946 0958",
            dt.datetime(1970, 5, 31, 12),  # noqa: DTZ001 - cells have no zone
            None,
            True,
        ),
    )
    rows = Rows(Source(content, "de"), "Europe/Berlin")
    assert rows.ignored == ["Kundennummer"]
    first, second = [row for batch in rows.batches() for row in batch]
    assert first["phone"] == "+4915112345678"
    assert first["birth_date"] == second["birth_date"] == "1970-05-31"
    assert first["locale"] == "de"
    # The value that the author's program left in the cell, here 0; nothing is evaluated.
    assert second["given_name"] == "0"
    assert second["row"] == 4
    assert second["phone"] == "+442079460958"


@pytest.mark.parametrize("locale", HEADINGS)
def test_every_heading_is_understood(locale: str) -> None:
    for field, headings in HEADINGS[locale].items():
        for heading in headings.split("|"):
            names = {"given_name": "Given name", "family_name": "Family name", field: heading}
            text = ";".join(names.values()) + "\n" + ";".join(names) + "\n"
            (row,) = rows_of(text.upper().encode())
            assert row[field].lower() == field


def test_the_first_column_that_is_filled_in() -> None:
    text = "Jméno;Příjmení;Telefon;Mobil\nA;B;;602 111 222\nC;D;603 111 222;604 111 222\n"
    assert [row["phone"] for row in rows_of(text.encode())] == ["+420602111222", "+420603111222"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1990-02-01", "1990-02-01"),
        ("1990/2/1", "1990-02-01"),
        ("1.2.1990", "1990-02-01"),
        ("01. 02. 1990", "1990-02-01"),
        ("1/2/1990", "1990-02-01"),
        ("29.2.1990", "29.2.1990"),
        ("1.2.90", "1.2.90"),
        ("yesterday", "yesterday"),
    ],
)
def test_dates(written: str, expected: str) -> None:
    assert birth_date(written) == expected


@pytest.mark.parametrize("written", ["12", "call me", "+420 1", "0", "٣٤"])
def test_what_is_no_phone_is_passed_on(written: str) -> None:
    text = f"Jméno;Příjmení;Telefon\nA;B;{written}\n"
    assert rows_of(text.encode())[0]["phone"] == written


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name.replace("__", "/"), data)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "invalid_argument"),
        (b"\r\n\n", 422, "invalid_argument"),
        (b"\x00\x00", 422, "invalid_argument"),
        (b"Name;Surname\nA;B\n", 422, "invalid_argument"),
        (b"%PDF-1.7\n\x81\x8d\x00", 415, "unsupported_media_type"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 415, "unsupported_media_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 415, "unsupported_media_type"),
        (b"\xff\xfeA", 415, "unsupported_media_type"),
        (b"PK\x03\x04 no archive", 415, "unsupported_media_type"),
        (archive(word__document=b"<xml/>"), 415, "unsupported_media_type"),
        (
            archive(**{"xl/workbook.xml": b"<broken", "[Content_Types].xml": b"<broken"}),
            415,
            "unsupported_media_type",
        ),
        (
            b'Jm\xc3\xa9no;P\xc5\x99\xc3\xadjmen\xc3\xad\n"A;B\n' + b"x" * 200_000,
            422,
            "invalid_argument",
        ),
    ],
)
def test_what_is_no_list(content: bytes, status: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        rows_of(content)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_bomb_is_not_unpacked() -> None:
    zeros = b"0" * (reading.UNPACKED_MAX_BYTES + 1)
    with pytest.raises(Problem) as refused:
        Source(archive(**{"xl/workbook.xml": b"", "xl/sharedStrings.xml": zeros}), "en")
    assert refused.value.status == 413
    many = {f"xl/part{n}.xml": b"" for n in range(reading.PARTS_MAX_COUNT)}
    with pytest.raises(Problem) as refused:
        Source(archive(**{"xl/workbook.xml": b""}, **many), "en")
    assert refused.value.status == 413


def changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        assert part in old.namelist()
        for info in old.infolist():
            data = old.read(info)
            if info.filename == part:
                assert before in data
                data = data.replace(before, after)
            new.writestr(info.filename, data)
    return result.getvalue()


@pytest.mark.parametrize("entity", ['"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"'])
@pytest.mark.parametrize(
    ("part", "root"),
    [("xl/worksheets/sheet1.xml", b"<worksheet "), ("xl/sharedStrings.xml", b"<sst ")],
)
def test_entities_are_not_expanded(part: str, root: bytes, entity: str) -> None:
    content = workbook(("First name", "Last name"), ("A", "B"))
    declared = f"<!DOCTYPE x [<!ENTITY a {entity}>]>".encode() + root
    with pytest.raises(Problem) as refused:
        rows_of(changed(content, part, root, declared))
    assert refused.value.status == 415


def test_rows_that_are_left_out_are_counted() -> None:
    content = workbook(("First name", "Last name"), ("A", "B"))
    far = changed(content, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="999999999999"')
    rows = Rows(Source(far, "en"), PRAGUE)
    with pytest.raises(Problem) as refused:
        rows.count()
    assert refused.value.status == 422


def test_a_list_has_a_limit() -> None:
    text = "First name,Last name\n" + "A,B\n" * 50_001
    with pytest.raises(Problem) as refused:
        Rows(Source(text.encode(), "en"), PRAGUE).count()
    assert refused.value.status == 422


HEADING = "First name;Last name;E-mail;Phone;Date of birth\n"


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=400).map(lambda tail: HEADING.encode() + tail),
        st.text(max_size=200).map(lambda tail: (HEADING + tail).encode("utf-8", "replace")),
        st.text(max_size=200).map(lambda tail: (HEADING + tail).encode("utf-16", "replace")),
        st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=40)).map(
            lambda change: damaged(*change)
        ),
    ),
    st.sampled_from(["cs", "en", "de", "da"]),
)
def test_any_bytes_are_rows_or_a_refusal(content: bytes, locale: str) -> None:
    try:
        found = rows_of(content, locale=locale)
    except Problem as problem:
        if 400 <= problem.status < 500:
            return
        raise
    for row in found:
        text = [value for value in row.values() if isinstance(value, str)]
        assert all(len(value) <= reading.CELL_MAX_LENGTH and "\x00" not in value for value in text)
        assert all(value.encode() for value in text)


SOUND = workbook(("First name", "Last name", "Phone"), ("A", "B", 777123456), ("C", "D", "x"))


def damaged(position: int, patch: bytes) -> bytes:
    """A workbook with some bytes overwritten, often inside of its compressed parts."""
    position %= len(SOUND)
    return SOUND[:position] + patch + SOUND[position + len(patch) :]
