"""docs/errors.md lists the tokens that SQL and functions raise, with their status: no others."""

from __future__ import annotations

import re

from kernel.errors import TITLES
from tests.docs.documents import API_PAGES, DOCS, ROOT, read, rows

ERRORS = read(DOCS / "errors.md")


def documented(section: str) -> dict[str, int]:
    return {row[0].strip("`"): int(row[1]) for row in rows(ERRORS.section(section))}


def raised_in_sql() -> dict[str, int]:
    source = (ROOT / "sql" / "00_foundation" / "10_errors.sql").read_text(encoding="utf-8")
    return {token: int(status) for token, status in re.findall(r"'(\w+)' then 'PT(\d+)'", source)}


def raised_in_functions() -> dict[str, int]:
    found: dict[str, int] = {}
    for path in (ROOT / "functions").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for status, token in re.findall(r"Problem\(\s*(\d{3}),\s*\"(\w+)\"", source):
            assert found.setdefault(token, int(status)) == int(status), token
    return found


def test_the_tokens_of_the_database_are_listed() -> None:
    assert documented("From the database") == raised_in_sql()


def test_the_tokens_of_the_functions_are_listed() -> None:
    alone = documented("From the cloud functions alone")
    assert alone.keys() == TITLES.keys() - raised_in_sql().keys()
    assert raised_in_functions().items() <= (alone | raised_in_sql()).items()


def test_every_token_that_sql_raises_is_one_of_the_list() -> None:
    for path in (ROOT / "sql").rglob("*.sql"):
        source = path.read_text(encoding="utf-8")
        used = set(re.findall(r"private\.fail(?:_slot)?\(\s*'(\w+)'", source))
        assert used <= raised_in_sql().keys(), path


def test_the_sentences_of_the_api_reference_name_known_tokens() -> None:
    known = raised_in_sql().keys() | TITLES.keys()
    for page in map(read, API_PAGES):
        for sentence in re.findall(r"Errors:([^.]+)\.", page.text):
            assert set(re.findall(r"`(\w+)`", sentence)) - {"book_appointment"} <= known
