"""Which format a file has is told by its content; names and content types are often wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from billing.statements import camt, fio_csv, fio_json, gpc, mt940
from billing.statements.archive import MAGIC, unpacked
from billing.statements.model import Item
from kernel.errors import Problem, invalid_argument

Reader = Callable[[bytes], Iterator[Item]]

HEAD_BYTES: Final = 4096
FORMATS: Final = "CAMT.053 (XML), Fio JSON, Fio CSV, MT940, GPC/ABO, or a ZIP file of these"

# In this order: the first pattern that is found in the beginning of the file decides.
_READERS: Final[tuple[tuple[re.Pattern[bytes], Reader], ...]] = (
    (re.compile(rb"\A\s*074[0-9]{16}"), gpc.read),
    (re.compile(rb"\A\s*(\{1:|:20:)|^:20:[^\n]*\r?\n(:2[158]|:60)", re.MULTILINE), mt940.read),
    (re.compile(rb"\A\s*\{\s*(\"|\}|\Z)"), fio_json.read),
    (re.compile(rb"\A\s*\"?accountId\"?;|\"?ID (pohybu|operace)\"?;"), fio_csv.read),
    (re.compile(rb"\A\s*<"), camt.read),
)
_UTF16_XML: Final = re.compile(rb"\A(\xff\xfe<\x00|\xfe\xff\x00<)")
_OTHERS: Final = (
    (re.compile(rb"\A%PDF"), "a PDF document"),
    (re.compile(rb"\A\xd0\xcf\x11\xe0|\[Content_Types\]\.xml"), "an office document"),
    (re.compile(rb"\A\s*(OFXHEADER|<OFX|<\?OFX)", re.IGNORECASE), "an OFX file"),
    (re.compile(rb"\A\s*<(!doctype html|html)", re.IGNORECASE), "a web page"),
)


def read(content: bytes) -> Iterator[Item]:
    """The items of a file of any known format, or a Problem as soon as it cannot be read."""
    if content.startswith(MAGIC) and not _other(content):
        is_empty = True
        for member in unpacked(content):
            is_empty = False
            yield from _reader(member)(member)
        if is_empty:
            raise _unknown("The ZIP file is empty.")
    else:
        yield from _reader(content)(content)


def _reader(content: bytes) -> Reader:
    head = content[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise invalid_argument("The file is empty.", hint=f"Import {FORMATS}.")
    other = _other(head)
    if other:
        raise _unknown(f"The file is {other}.")
    if _UTF16_XML.match(head):
        return camt.read
    for pattern, reader in _READERS:
        if pattern.search(head):
            return reader
    raise _unknown("The file is not a bank statement of a known format.")


def _other(content: bytes) -> str | None:
    head = content[:HEAD_BYTES]
    return next((name for pattern, name in _OTHERS if pattern.search(head)), None)


def _unknown(detail: str) -> Problem:
    return invalid_argument(detail, hint=f"Import {FORMATS}.")
