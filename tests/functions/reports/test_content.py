"""What a file is, by its content."""

from __future__ import annotations

import pytest

from reports.content import content_type_of
from tests.functions.reports.files import (
    DOCX,
    DOCX_FILE,
    JPEG_FILE,
    ODT,
    ODT_FILE,
    PDF_FILE,
    PNG_FILE,
    TEXT_FILE,
    archive,
)

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF_FILE, "application/pdf"),
        (PNG_FILE, "image/png"),
        (JPEG_FILE, "image/jpeg"),
        (DOCX_FILE, DOCX),
        (ODT_FILE, ODT),
        (TEXT_FILE, "text/plain"),
        (b"\xef\xbb\xbfBM is how this text begins", "text/plain"),
        (b"BMI 24, in order", "text/plain"),
    ],
)
def test_documents_are_known_by_what_is_in_them(content: bytes, expected: str) -> None:
    assert content_type_of(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"text with \x00 in it",
        b"text with \x1b[31m in it",
        "in another encoding: é".encode("latin-1"),
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"GIF89a\x01\x00\x01\x00",
        b"PK\x03\x04",
        archive("anything.txt"),
        # A document of another kind, one that is cut off, and ones with a program inside.
        archive("xl/workbook.xml"),
        DOCX_FILE[:-30],
        archive("_rels/.rels", "word/document.xml", "word/vbaProject.bin"),
        archive("content.xml", "Basic/Standard/Module1.xml", first=("mimetype", ODT)),
        archive("word/other.xml", "_rels/.rels"),
        archive(first=("mimetype", ODT)),
        archive(
            "content.xml", first=("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        ),
        # Reading its directory would cost more than the document is worth.
        DOCX_FILE[:-22] + b"PK\x01\x02" * 10_001 + DOCX_FILE[-22:],
    ],
)
def test_everything_else_is_no_document(content: bytes) -> None:
    assert content_type_of(content) not in {
        "application/pdf", "image/png", "image/jpeg", "text/plain", DOCX, ODT,
    }  # fmt: skip


def test_a_mark_before_it_makes_a_pdf_a_text() -> None:
    assert content_type_of(b"\xef\xbb\xbf" + PDF_FILE) == "text/plain"
