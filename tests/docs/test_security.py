"""docs/security.md lists every definer function, with its reason, and definer view: no others."""

from __future__ import annotations

import re

from tests.conftest import Connection
from tests.docs.documents import DOCS, ROOT, read, rows

SECURITY = read(DOCS / "security.md")
CREATED = re.compile(r"^create function ((?:public|private)\.\w+)\(", re.MULTILINE)


def listed() -> dict[str, tuple[str, ...]]:
    return {
        row[0].strip("`"): tuple(row[1:]) for row in rows(SECURITY.section("Definer functions"))
    }


def test_every_definer_function_is_listed(db: Connection) -> None:
    found = db.execute(
        """
        select p.pronamespace::regnamespace || '.' || p.proname as name
        from pg_catalog.pg_proc as p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef
        """
    ).fetchall()
    assert sorted(listed()) == sorted(row["name"] for row in found)


def test_every_definer_view_is_listed(db: Connection) -> None:
    found = db.execute(
        """
        select c.relnamespace::regnamespace || '.' || c.relname as name
        from pg_catalog.pg_class as c
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and c.relkind = 'v'
          and not coalesce('security_invoker=true' = any (c.reloptions), false)
        """
    ).fetchall()
    listed_views = [row[0].strip("`") for row in rows(SECURITY.section("Definer views"))]
    assert sorted(listed_views) == sorted(row["name"] for row in found)


def test_each_has_a_reason_and_says_what_it_trusts() -> None:
    for name, (reason, trust) in listed().items():
        assert len(reason) > 5, name
        assert len(trust) > 5, name


def test_each_calls_what_it_is_said_to_trust(db: Connection) -> None:
    found = db.execute(
        """
        select p.pronamespace::regnamespace || '.' || p.proname as name, p.prosrc
        from pg_catalog.pg_proc as p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef
        """
    ).fetchall()
    sources = {row["name"]: row["prosrc"] for row in found}
    for name, (_, trust) in listed().items():
        for trusted in re.findall(r"`(private\.\w+)`", trust):
            assert f"{trusted}(" in sources[name], f"{name} does not call {trusted}"


def test_each_stands_under_the_domain_that_creates_it() -> None:
    for heading in re.findall(r"^### (\d\d \w+)$", SECURITY.text, re.MULTILINE):
        folder = ROOT / "sql" / heading.replace(" ", "_")
        created = {
            name
            for path in folder.glob("*.sql")
            for name in CREATED.findall(path.read_text(encoding="utf-8"))
        }
        named = {row[0].strip("`") for row in rows(SECURITY.section(heading))}
        assert named <= created, heading


def test_what_checks_nothing_itself_is_granted_to_nobody(db: Connection) -> None:
    for name, (_, trust) in listed().items():
        if not trust.startswith("its caller"):
            continue
        found = db.execute(
            """
            select r.role
            from pg_catalog.pg_proc as p
            cross join unnest(array['anon', 'authenticated', 'service_role']) as r (role)
            where p.oid = %s::regproc and has_function_privilege(r.role, p.oid, 'execute')
            """,
            [name],
        ).fetchall()
        assert not found, f"{name} may be executed by {[row['role'] for row in found]}"


def test_the_source_gives_the_same_reason() -> None:
    function = re.compile(
        r"^create function ((?:public|private)\.\w+)\(.*?^as \$\$$", re.MULTILINE | re.DOTALL
    )
    definer = re.compile(r"^security definer -- definer because (.+)$", re.MULTILINE)
    given = {
        found[1]: reason[1]
        for path in (ROOT / "sql").rglob("*.sql")
        for found in function.finditer(path.read_text(encoding="utf-8"))
        if (reason := definer.search(found[0]))
    }
    assert given == {name: reason for name, (reason, _) in listed().items()}


def test_each_limit_is_listed_with_its_numbers() -> None:
    listed_limits = {
        (int(at_once), int(a_minute))
        for _, at_once, a_minute, _ in rows(
            SECURITY.section("Limits on requests").replace(" each", "").replace(",", "")
        )
    }
    taken = {
        (int(at_once), int(a_minute))
        for path in (ROOT / "sql").rglob("*.sql")
        for at_once, a_minute in re.findall(
            r"(?:require_token|take_tokens)\([^;]*?, (\d+), (\d+)(?:, \w+)?\)",
            path.read_text(encoding="utf-8"),
        )
    }
    assert listed_limits == taken
