"""Formats are told by content; archives are unpacked within bounds; the rest is refused kindly."""

from __future__ import annotations

import io
import zipfile

import pytest

from billing.statements import archive
from billing.statements.detect import read
from billing.statements.encodings import decoded
from billing.statements.model import Movement, Numbered, Refusal, Statement, numbered
from kernel.errors import Problem
from tests.functions.billing.statements import test_fio, test_gpc, test_mt940
from tests.functions.billing.statements.camt_file import Entry, File

FILES = {
    "camt.053": File(entries=(Entry(),)).content(),
    "fio_json": test_fio.statement(test_fio.row()),
    "fio_csv": test_fio.CSV.encode(),
    "mt940": test_mt940.statement(test_mt940.LINE).encode(),
    "gpc": test_gpc.text(test_gpc.header(), test_gpc.movement(), encoding="utf-8"),
}


def zipped(*files: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        target.mkdir("folder")
        target.writestr("__MACOSX/._1", b"\0")
        for number, file in enumerate(files):
            target.writestr(f"folder/{number}.dat", file)
    return buffer.getvalue()


def formats(content: bytes) -> list[str]:
    return [item.format for item in read(content) if isinstance(item, Statement)]


def problem(content: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        list(read(content))
    assert caught.value.code == "invalid_argument"
    assert caught.value.status == 422
    return caught.value


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf"])
def test_the_content_decides(name: str, before: bytes) -> None:
    if name == "camt.053" and before.startswith(b"\r"):
        # An XML declaration is the first thing in the file, or none.
        assert "well-formed" in (problem(before + FILES[name]).detail or "")
    else:
        assert formats(before + FILES[name]) == [name]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
        (zipped(b"\0\1"), "known format"),
        (zipped(), "ZIP file is empty"),
        (b"OFXHEADER:100", "OFX"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"date,amount\n2026-01-01,5\n", "known format"),
        (b"\x00" * 1000, "known format"),
        (b"\x89PNG\r\n", "known format"),
    ],
)
def test_other_files_are_refused_with_a_hint(content: bytes, words: str) -> None:
    found = problem(content)
    assert words in (found.detail or "")
    assert "CAMT.053" in (found.hint or "")


def test_an_office_document_is_a_zip_file_too() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
    assert "office" in (problem(buffer.getvalue()).detail or "")


def test_statements_in_an_archive() -> None:
    assert formats(zipped(*FILES.values())) == list(FILES)
    assert formats(zipped(FILES["gpc"], method=zipfile.ZIP_STORED)) == ["gpc"]


def test_archives_that_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zipped(FILES["camt.053"])
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    for content in (whole[:-30], whole[:50], bytes(damaged)):
        problem(content)
    # A file within a file within a file ends here.
    assert "known format" in (problem(zipped(zipped(FILES["gpc"]))).detail or "")
    assert "at most" in (problem(zipped(*[b"x"] * 101)).detail or "")
    assert "damaged" in (problem(zipped(b"x" * 100, method=zipfile.ZIP_LZMA)).detail or "")
    # The flag of encryption, in the file's own header and in the directory.
    locked = bytearray(zipped(FILES["gpc"]))
    at = locked.rindex(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "encrypted" in (problem(bytes(locked)).detail or "")
    monkeypatch.setattr(archive, "UNPACKED_MAX_BYTES", 300)
    assert "more than" in (problem(zipped(FILES["gpc"], FILES["fio_csv"])).detail or "")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_MAX_BYTES", 1024 * 1024)
    bomb = zipped(b" " * 5_000_000)
    assert len(bomb) < 10_000
    assert "more than" in (problem(bomb).detail or "")


@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "iso8859-2"])
@pytest.mark.parametrize(
    "text",
    ["Žluťoučký kůň úpěl ďábelské ódy", "Dvořák Šíma", "Ľubomír Kováč", "Müller Straße", "č"],
)
def test_encodings_are_told_apart(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_encodings_that_make_no_sense() -> None:
    cut = "Příjem č".encode()[:-1]
    for content in (cut, "ordinace".encode("utf-16"), b"\xb2\xb4\xb7\xb8\xb2\xb4"):
        with pytest.raises(Problem):
            decoded(content)


def test_equal_movements_are_numbered_within_each_statement() -> None:
    content = File(
        entries=(Entry(), Entry(status="PDNG"), Entry(), Entry(note="another")),
        more=(File(entries=(Entry(),)),),
    ).content()
    found = list(numbered(read(content)))
    assert [(n.position, n.ordinal, type(n.item)) for n in found] == [
        (1, 0, Movement),
        (2, 0, Refusal),
        (3, 1, Movement),
        (4, 0, Movement),
        (4, 0, Statement),
        (5, 0, Movement),
        (5, 0, Statement),
    ]


def test_a_movement_as_the_database_takes_it() -> None:
    (found, _) = numbered(read(FILES["gpc"]))
    assert isinstance(found, Numbered)
    assert found.document() == {
        "account": "19-2000145399",
        "booked_on": "2026-10-02",
        "valued_on": "2026-10-01",
        "amount": 120000,
        "currency": "CZK",
        "variable_symbol": "2026001",
        "constant_symbol": "308",
        "specific_symbol": "12",
        "counterparty": "Nováková Jana",
        "counterparty_account": "2000145399/0800",
        "message": None,
        "reference": None,
        "bank_reference": None,
        "is_reversal": False,
        "ordinal": 0,
    }
