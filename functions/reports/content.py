"""What a file is, by what is in it: neither its name nor its sender is asked."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final

import filetype

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
PLAIN: Final = "text/plain"
ODT: Final = "application/vnd.oasis.opendocument.text"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Where each kind of archive keeps the text.
_MAIN_PARTS: Final = {DOCX: "word/document.xml", ODT: "content.xml"}
_PROGRAMS = re.compile(r"(^|/)(vbaproject\.bin$|basic/|scripts/)", re.IGNORECASE)
# Reading a directory costs memory for each entry; a document has a few dozen.
_MOST_ENTRIES: Final = 10_000
_ENTRY_MARK: Final = b"PK\x01\x02"
# What has no place in a text: a file that holds it is something else that happens to be readable.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def content_type_of(content: bytes) -> str | None:
    """The type of a document, or None for what is no document of a known kind."""
    found = filetype.guess_mime(content)
    if found in _MAIN_PARTS:
        return found if _is_plain_archive(content, _MAIN_PARTS[found]) else None
    # The library also takes a PDF with a mark before it; readers differ on those.
    if found in {PNG, JPEG} or (found == PDF and content.startswith(b"%PDF-")):
        return str(found)
    return PLAIN if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        return content != b"" and _CONTROL.search(content.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False


def _is_plain_archive(content: bytes, main_part: str) -> bool:
    """Whether an archive is whole, holds what its kind holds, and brings no program along."""
    if content.count(_ENTRY_MARK) > _MOST_ENTRIES:
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return main_part in names and not any(_PROGRAMS.search(name) for name in names)
