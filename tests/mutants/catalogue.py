"""Every single weakening of the database that can be derived from its catalogue."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from tests.conftest import Connection

OURS = "('public'::regnamespace, 'private'::regnamespace)"
EXTENSION = """
  exists (
    select 1 from pg_catalog.pg_depend as d
    where d.classid = '{catalogue}'::regclass and d.objid = {oid} and d.deptype = 'e'
  )
"""
ROOT = Path(__file__).resolve().parents[2]
CREATED = re.compile(r"(?m)^create (?:table|view|function) (?:public\.)?([\w.]+)")
COMMANDS = {"r": "select", "a": "insert", "w": "update", "d": "delete"}
# What a predicate would answer if it asked nobody.
EVERY_ID = {
    "organization_ids": "organizations",
    "practitioner_ids": "practitioners",
    "client_ids": "clients",
    "service_ids": "services",
}


@dataclass(frozen=True)
class Mutant:
    """One change that makes the database worse, and what it is about."""

    id: str
    kind: str
    subject: str
    statements: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last word: a constraint, trigger, policy or function."""
        return self.id.split()[-1]

    @property
    def domain(self) -> str:
        """The one that makes the subject; of a platform's table, the one with the policy."""
        subject = self.subject.removeprefix("public.")
        return domains().get(subject) or min(domains_with(self.name), default=subject)


@functools.cache
def declared() -> list[tuple[str, str]]:
    """Return the declared files: the domain and the text of each."""
    paths = [*sorted((ROOT / "sql").rglob("*.sql")), *sorted((ROOT / "policies").glob("*.sql"))]
    return [
        (path.stem if path.parent.name == "policies" else path.parent.name, path.read_text("utf-8"))
        for path in paths
    ]


@functools.cache
def domains() -> dict[str, str]:
    """Return which domain makes each table, view and function."""
    return {name: domain for domain, text in declared() for name in CREATED.findall(text)}


@functools.cache
def domains_with(name: str) -> set[str]:
    """Return the domains that speak of a constraint, trigger, policy or function."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return {domain for domain, text in declared() if word.search(text)}


def mutants(db: Connection) -> list[Mutant]:
    """Return all of them, in a stable order."""
    found = [
        *policies(db),
        *row_level_security(db),
        *table_grants(db),
        *function_grants(db),
        *constraints(db),
        *unique_indexes(db),
        *required_columns(db),
        *triggers(db),
        *sets(db),
        *bodies(db),
    ]
    assert len({mutant.id for mutant in found}) == len(found)
    return found


def quoted(name: str) -> str:
    return sql.Identifier(name).as_string()


def policies(db: Connection) -> Iterator[Mutant]:
    for row in db.execute(
        """
        select p.polname as name, p.polrelid::regclass::text as table, p.polcmd::text as command,
          pg_get_expr(p.polqual, p.polrelid) as using,
          pg_get_expr(p.polwithcheck, p.polrelid) as checking,
          (select string_agg(quote_ident(r::regrole::text), ', ') from unnest(p.polroles) as r)
            as roles
        from pg_catalog.pg_policy as p
        join pg_catalog.pg_class as c on c.oid = p.polrelid
        where c.relnamespace::regnamespace::text in ('public', 'realtime', 'storage')
        order by 2, 1
        """
    ):
        name, table = quoted(row["name"]), row["table"]
        label = f"{table} {row['name']}"
        drop = f"drop policy {name} on {table}"
        yield Mutant(f"drop policy {label}", "policy", table, (drop,))
        if row["using"]:
            statement = f"alter policy {name} on {table} using (true)"
            if row["command"] == "w":
                # The check stays what it is.
                statement += f" with check ({row['checking'] or row['using']})"
            yield Mutant(f"widen using {label}", "policy", table, (statement,))
        if row["checking"]:
            statement = f"alter policy {name} on {table} with check (true)"
            yield Mutant(f"widen check {label}", "policy", table, (statement,))
        # Without a check PostgreSQL takes the using clause: the same where both are the same.
        if row["checking"] and row["checking"] != row["using"]:
            create = (
                f"create policy {name} on {table} for {COMMANDS[row['command']]}"
                f" to {row['roles']}" + (f" using ({row['using']})" if row["using"] else "")
            )
            yield Mutant(f"drop check {label}", "policy", table, (drop, create))


def row_level_security(db: Connection) -> Iterator[Mutant]:
    for table in relations(db, "'r'", "c.relrowsecurity"):
        statement = f"alter table {table} disable row level security"
        yield Mutant(f"switch off {table}", "policy", table, (statement,))


def relations(db: Connection, kinds: str, condition: str = "true") -> list[str]:
    return [
        str(row["name"])
        for row in db.execute(
            f"""
            select c.oid::regclass::text as name from pg_catalog.pg_class as c
            where c.relnamespace in {OURS} and c.relkind in ({kinds}) and {condition}
            order by 1
            """.encode()
        )
    ]


def table_grants(db: Connection) -> Iterator[Mutant]:
    for table in relations(db, "'r', 'p', 'v', 'm'"):
        for role in ("authenticated", "anon"):
            statement = f"grant all on {table} to {role}"
            yield Mutant(f"grant all to {role} {table}", "grant", table, (statement,))


def function_grants(db: Connection) -> Iterator[Mutant]:
    for row in functions(db):
        subject = f"{row['schema']}.{row['name']}"
        # Nobody who is not signed in reaches the other schema.
        for role in ("anon", "authenticated") if row["schema"] == "public" else ("authenticated",):
            if not row[role]:
                statement = f"grant execute on function {row['signature']} to {role}"
                yield Mutant(f"grant execute to {role} {subject}", "grant", subject, (statement,))


def functions(db: Connection) -> list[dict[str, object]]:
    return db.execute(
        f"""
        select p.oid, p.oid::regprocedure::text as signature, p.proname as name,
          n.nspname as schema, format_type(p.prorettype, null) as returns, p.proretset as set,
          pg_get_functiondef(p.oid) as definition,
          coalesce('o' = any (p.proargmodes), false) as fills_arguments,
          has_function_privilege('anon', p.oid, 'execute') as anon,
          has_function_privilege('authenticated', p.oid, 'execute') as authenticated
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where p.pronamespace in {OURS}
          and not {EXTENSION.format(catalogue="pg_catalog.pg_proc", oid="p.oid")}
        order by 4 desc, 3, 2
        """.encode()
    ).fetchall()


def constraints(db: Connection) -> Iterator[Mutant]:
    for row in db.execute(
        f"""
        select k.conname as name, k.conrelid::regclass::text as table, k.contype::text as kind
        from pg_catalog.pg_constraint as k
        where k.connamespace in {OURS} and k.contype in ('c', 'u', 'p', 'x', 'f')
          and k.conrelid <> 0 and k.conparentid = 0
        order by 2, 1
        """.encode()
    ):
        statement = f"alter table {row['table']} drop constraint {quoted(row['name'])} cascade"
        label = f"drop constraint {row['table']} {row['name']}"
        yield Mutant(label, "constraint", row["table"], (statement,))


def unique_indexes(db: Connection) -> Iterator[Mutant]:
    for row in db.execute(
        f"""
        select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table
        from pg_catalog.pg_index as i
        join pg_catalog.pg_class as c on c.oid = i.indrelid
        where c.relnamespace in {OURS} and i.indisunique
          and not exists (
            select 1 from pg_catalog.pg_constraint as k where k.conindid = i.indexrelid
          )
        order by 2, 1
        """.encode()
    ):
        label = f"drop index {row['table']} {row['name']}"
        yield Mutant(label, "constraint", row["table"], (f"drop index {row['name']}",))


def required_columns(db: Connection) -> Iterator[Mutant]:
    """Yield each `not null`; a key keeps its own."""
    for row in db.execute(
        f"""
        select a.attrelid::regclass::text as table, a.attname as name
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        where c.relnamespace in {OURS} and c.relkind in ('r', 'p') and a.attnum > 0
          and not a.attisdropped and a.attnotnull and a.attidentity = ''
          and not exists (
            select 1 from pg_catalog.pg_index as i
            where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey)
          )
        order by 1, a.attnum
        """.encode()
    ):
        column = quoted(row["name"])
        statement = f"alter table {row['table']} alter column {column} drop not null"
        label = f"drop not null {row['table']} {row['name']}"
        yield Mutant(label, "not null", row["table"], (statement,))


def triggers(db: Connection) -> Iterator[Mutant]:
    for row in db.execute(
        f"""
        select t.tgname as name, t.tgrelid::regclass::text as table
        from pg_catalog.pg_trigger as t
        join pg_catalog.pg_class as c on c.oid = t.tgrelid
        where c.relnamespace in {OURS} and not t.tgisinternal and t.tgparentid = 0
        order by 2, 1
        """.encode()
    ):
        statement = f"drop trigger {quoted(row['name'])} on {row['table']}"
        label = f"drop trigger {row['table']} {row['name']}"
        yield Mutant(label, "trigger", row["table"], (statement,))


def sets(db: Connection) -> Iterator[Mutant]:
    """Yield each set that policies ask: with everybody's rows, with none, and for any role."""
    for row in db.execute(
        """
        select c.oid::regclass::text as name, pg_get_viewdef(c.oid) as definition
        from pg_catalog.pg_class as c
        where c.relnamespace = 'private'::regnamespace and c.relkind = 'v'
        order by 1
        """
    ):
        name, (wanted, _, condition) = row["name"], row["definition"].partition("WHERE")
        changed = {"everybody's": wanted, "empty": f"{wanted} where false"}
        if " AND " in condition:
            changed["any role"] = f"{wanted} where user_id = (select auth.uid())"
        for label, definition in changed.items():
            statement = f"create or replace view {name} with (security_barrier) as {definition}"
            yield Mutant(f"{label} {name}", "body", name, (statement,))


BODY = re.compile(r"\nAS (\$\w*\$).*\1\s*$", re.DOTALL)


def bodies(db: Connection) -> Iterator[Mutant]:
    """Yield each function of `private` with a body that checks and does nothing."""
    for row in functions(db):
        if row["schema"] != "private":
            continue
        subject = f"private.{row['name']}"
        for label, body in replacements(row).items():
            definition = BODY.sub("", str(row["definition"]))
            definition = re.sub(
                r"(?m)^ LANGUAGE sql$|(?<= )LANGUAGE sql\b", " LANGUAGE plpgsql", definition
            )
            statement = f"{definition}\nAS $mutant$ begin {body} end $mutant$"
            yield Mutant(f"{label} {subject}", "body", subject, (statement,))


def replacements(row: dict[str, object]) -> dict[str, str]:
    """Return bodies by what they make of a function."""
    returns, name = str(row["returns"]), str(row["name"])
    if name == "require_role":
        return {"empty": "return null;", "first asked for": "return roles[1];"}
    if returns == "uuid[]":
        found = {"empty": "return '{}'::uuid[];"}
        for ending, table in EVERY_ID.items():
            if name.startswith("current_") and name.endswith(ending):
                found["everybody's"] = f"return (select array_agg(id) from public.{table});"
                break
        return found
    if returns == "boolean":
        return {"always true": "return true;", "always false": "return false;"}
    if returns == "trigger":
        return {"empty": "return case when tg_op = 'DELETE' then old else new end;"}
    says_nothing = row["set"] or row["fills_arguments"] or returns == "void"
    return {"empty": "return;" if says_nothing else "return null;"}
