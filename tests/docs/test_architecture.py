"""docs/architecture.md says on which others each domain leans: on lower numbers only."""

from __future__ import annotations

import re

from tests.docs.documents import DOCS, ROOT, read, rows

ALL_LEAN_ON = {"00", "10"}
CREATED = re.compile(
    r"^create (?:function|table|view|type) ((?:public|private)\.\w+)", re.MULTILINE
)
USED = re.compile(r"\b(?:public|private)\.\w+")


def sources() -> dict[str, str]:
    """Return the SQL of each domain without its comments."""
    return {
        folder.name: re.sub(
            r"--.*",
            "",
            "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.sql")),
        )
        for folder in (ROOT / "sql").iterdir()
    }


def leanings() -> dict[str, set[str]]:
    """Return the numbers of the other domains whose objects each domain names."""
    found = sources()
    owner = {name: domain for domain, text in found.items() for name in CREATED.findall(text)}
    return {
        domain: {owner[name][:2] for name in USED.findall(text) if name in owner} - {domain[:2]}
        for domain, text in found.items()
    }


def test_a_domain_leans_on_lower_numbers_only() -> None:
    assert {
        domain: upwards
        for domain, others in leanings().items()
        if (upwards := {number for number in others if number > domain[:2]})
    } == {}


def test_the_table_says_on_which() -> None:
    told = {
        row[0].strip("`"): row[2] for row in rows(read(DOCS / "architecture.md").section("Domains"))
    }
    measured = leanings()
    assert told.keys() == measured.keys()
    for domain, words in told.items():
        if words != "all before":
            expected = measured[domain] - ALL_LEAN_ON
            assert set(re.findall(r"\d\d", words)) == expected, domain
