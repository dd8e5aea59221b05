"""The API pages have every database function, table and route, and nothing that does not exist."""

from __future__ import annotations

import re

from tests.conftest import Connection
from tests.docs.catalogue import TARGETS, function_routes, public_functions, public_relations
from tests.docs.documents import API_PAGES, DOCS, Document, read, rows

API = read(DOCS / "api.md")
PAGES = tuple(map(read, API_PAGES))
OF_EVERY_FUNCTION = {"GET /{function}/health", "GET /{function}/openapi.json"}


def subheadings(section: str) -> list[tuple[Document, str]]:
    """Return every heading of a section with the page that has it."""
    return [
        (page, heading)
        for page in PAGES
        if section in page.headings
        for heading in re.findall(r"^### (.+)$", page.section(section), re.MULTILINE)
    ]


def test_every_database_function_is_described_with_its_signature(db: Connection) -> None:
    described = {}
    for page, name in subheadings("Database functions"):
        code = re.search(r"`([a-z_]+\([^`]*\))`", page.section(name))
        assert code, f"{name} begins with its signature"
        assert name not in described, f"{name} is described twice"
        described[name] = " ".join(code[1].split())
    assert described == public_functions(db)


def test_every_route_of_the_cloud_functions_is_described() -> None:
    described = [name for _, name in subheadings("Cloud functions")]
    assert sorted(described) == sorted(function_routes() | OF_EVERY_FUNCTION)
    for name in TARGETS:
        assert f"`{name}`" in API.section("Cloud functions")


def test_every_call_has_an_example_in_both_languages() -> None:
    for page, name in subheadings("Database functions") + subheadings("Cloud functions"):
        languages = [block.language for block in page.under(name)]
        assert languages[:2] == ["js", "bash"], name


def test_every_table_and_view_is_described(db: Connection) -> None:
    overviews = [
        page.section("Tables and views").split("\n### ")[0]
        for page in PAGES
        if "Tables and views" in page.headings
    ]
    named = {
        match[1]: "view" if "(view)" in row[0] else "table"
        for row in rows("\n".join(overviews))
        if (match := re.match(r"`([a-z_]+)`", row[0]))
    }
    assert named == public_relations(db)


def test_every_setting_is_described(db: Connection) -> None:
    names = " ".join(row[0] for row in rows(read(DOCS / "api" / "setup.md").section("Settings")))
    described = set(re.findall(r"`([a-z_]+)`", names))
    found = db.execute(
        """
        select column_name from information_schema.columns
        where table_schema = 'public' and table_name = 'organization_settings'
          and column_name not in ('organization_id', 'version', 'updated_by', 'updated_at')
        """
    ).fetchall()
    assert described == {row["column_name"] for row in found}


def test_every_setting_has_the_default_that_is_told(db: Connection) -> None:
    told = {
        name: default.strip("` ")
        for row in rows(read(DOCS / "api" / "setup.md").section("Settings"))
        for name, default in zip(
            re.findall(r"`([a-z_]+)`", row[0]),
            re.split(r" and |, ", row[1])[-row[0].count("`") // 2 :],
            strict=True,
        )
    }
    found = db.execute(
        """
        select column_name as name,
          substring(column_default from $$^'?([a-z0-9_]+)$$) as value
        from information_schema.columns
        where table_schema = 'public' and table_name = 'organization_settings'
        """
    ).fetchall()
    defaults = {row["name"]: row["value"] for row in found}
    spelled = {"yes": "true", "no": "false", "5 GiB": str(5 * 1024**3)}
    # That of the language comes with the organization.
    told.pop("default_locale")
    assert {name: spelled.get(text, text) for name, text in told.items()} == {
        name: defaults[name] for name in told
    }


def test_every_word_of_a_column_is_listed(db: Connection) -> None:
    described = {
        column: re.findall(r"`(\w+)`", row[1])
        for row in rows(API.section("Words in columns"))
        for column in re.findall(r"`([\w.]+)`", row[0])
    }
    found = db.execute(
        """
        select format('%s.%s', c.relname, a.attname) as name,
          array_agg(e.enumlabel::text order by e.enumsortorder) as words
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
        join pg_catalog.pg_enum as e on e.enumtypid = a.atttypid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        group by c.relname, a.attname
        """
    ).fetchall()
    assert described == {row["name"]: row["words"] for row in found}
