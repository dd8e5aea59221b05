"""docs/errors.md lists the tokens that SQL and functions raise, with their status: no others."""

from __future__ import annotations

import re

from kernel.errors import TITLES
from tests.conftest import Connection
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


def named_errors(text: str) -> set[str]:
    """Return the tokens that a text names as errors, or the function whose errors it refers to."""
    begun = re.search(r"\b[Ee]rrors?(?::| as)\s+(?:as )?(.*)", text, re.DOTALL)
    if begun is None:
        return set()
    if referred := re.search(r"[Ee]rrors?:? as\s+\[?(\w+)", text):
        return {f"as {referred[1]}"}
    return set(re.findall(r"\w+", begun[1])) & raised_in_sql().keys()


def test_a_function_s_comment_and_its_page_name_the_same_errors(db: Connection) -> None:
    comments = db.execute(
        """
        select p.proname as name, pg_catalog.obj_description(p.oid) as text
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
        """
    ).fetchall()
    described: dict[str, set[str]] = {}
    for page in map(read, API_PAGES):
        if "Database functions" in page.headings:
            # What stands before the first function holds for all of the page.
            common, *sections = page.section("Database functions").split("\n### ")
            for section in sections:
                name, _, text = section.partition("\n")
                found = named_errors(text.split("```")[0])
                described[name] = found or named_errors(common)
    assert described == {row["name"]: named_errors(row["text"]) for row in comments}
