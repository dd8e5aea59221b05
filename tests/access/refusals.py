"""Measures what constraints alone refuse: every column set to what it must not hold.

The table's own triggers are switched off meanwhile and the role is the schema's owner, so that
nothing but a constraint can say no: that is what protects the data from a hand in the dashboard.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from tests.access import probes
from tests.access.probes import Column, Relation, Table
from tests.access.world import World
from tests.conftest import Connection

COMMITTED = Path(__file__).with_name("refusals.txt")
HEADER = """\
# What constraints refuse, whoever writes: each column of a row set to each of these values, with
# the table's triggers switched off. tests/access/test_refusals.py compares this with the database;
# to measure anew, after looking at what changed:
#
#   UPDATE_ACCESS=1 .venv/bin/pytest tests/access/test_refusals.py
#
# table column: outcome ← values. The outcome is ok, a constraint, or a SQLSTATE; `null x`: x must
# not be null.
# `=other` is the value of that column of the same row; `unknown` is a new id, `theirs` the id of
# such a row of another practice. `again` is a second row with the same key.

"""
NUMBERS = {"0": "0", "-1": "-1", "999999999": "999999999", "-999999999": "-999999999"}
BIG = {**NUMBERS, "9e18": "9000000000000000000", "-9e18": "-9000000000000000000"}
INSTANTS = {
    "infinity": "'infinity'",
    "-infinity": "'-infinity'",
    "year 1": "'0001-01-01'",
    "year 9999": "'9999-12-31'",
}
VALUES: dict[str, dict[str, str]] = {
    "text": {
        "''": "''",
        "' '": "' '",
        "'?'": "'?'",
        "'AAA'": "'AAA'",
        "100 x": "repeat('x', 100)",
        "1000 x": "repeat('x', 1000)",
        "20000 x": "repeat('x', 20000)",
        "400 @": "repeat('x', 400) || '@example.test'",
    },
    "integer": NUMBERS,
    "smallint": {"0": "0", "-1": "-1", "8": "8", "32767": "32767"},
    "bigint": BIG,
    "double precision": {**NUMBERS, "nan": "'nan'", "infinity": "'infinity'"},
    "date": INSTANTS,
    "timestamp with time zone": INSTANTS,
    "time without time zone": {"00:00": "'00:00'", "24:00": "'24:00'"},
    "tstzrange": {
        "empty": "'empty'",
        "(,)": "'(,)'",
        "from 2030": "'[2030-01-01,)'",
        "to 2030": "'(,2030-01-01)'",
        "(]": "'(2030-01-01,2030-01-02]'",
        "10 years": "'[2030-01-01,2040-01-01)'",
        "to infinity": "'[2030-01-01,infinity)'",
        "from -infinity": "'[-infinity,2030-01-01)'",
    },
    "bytea": {"''": "''"},
    "boolean": {"true": "true", "false": "false"},
    "numeric(5,2)": {"0": "0", "-1": "-1", "101": "101", "nan": "'nan'"},
    "numeric(12,3)": {"0": "0", "-1": "-1", "999999999": "999999999", "nan": "'nan'"},
    "integer[]": {
        "{}": "'{}'",
        "{null}": "'{null}'",
        "{0}": "'{0}'",
        "{{1}}": "'{{1}}'",
        "{999}": "'{999}'",
        "six": "'{1,2,3,4,5,6}'",
    },
    "bigint[]": {"{}": "'{}'", "{null}": "'{null}'", "{0}": "'{0}'"},
    "timestamp with time zone[]": {"{}": "'{}'", "{null}": "'{null}'"},
    "uuid": {"unknown": "gen_random_uuid()"},
    "uuid[]": {"{}": "'{}'", "{null}": "'{null}'", "{unknown}": "array[gen_random_uuid()]"},
    "jsonb": {"json null": "'null'"},
}
FRESH = {
    "uuid": "gen_random_uuid()",
    "text": "('x' || left(replace(gen_random_uuid()::text, '-', ''), 15))",
    "date": "(current_date + 5000)",
    "integer": "5",
    "smallint": "9",
    "bigint": "987654",
    "bytea": "extensions.digest(gen_random_uuid()::text, 'sha256')",
}
# Columns whose values have a form.
FORMED = {
    "account_number": "'86-199488014/0300'",
    "currency": "'XTS'",
    "iban": "'DE89370400440532013000'",
    "kind": "'another_kind'",
    "locale": "'de'",
    "minutes_before": "60",
    "purpose": "'waitlist_decline'",
    "room_name": "encode(extensions.gen_random_bytes(16), 'hex')",
    "variable_symbol": "'999999999'",
}


def relation_lines(db: Connection, world: World, relation: Relation) -> Iterator[str]:
    """Yield the lines of one table: one per column, one per unique key."""
    rows = base_rows(db, world, relation)
    with db.transaction(force_rollback=True):
        db.execute(f"alter table {relation.qualified} disable trigger user".encode())
        told: set[str] = set()
        for number, row in enumerate(rows):
            for label, outcomes in column_outcomes(db, world, relation, row):
                # Of further rows only what the first does not show.
                if number == 0 or set(outcomes) - told:
                    texts = [f"{what} ← {', '.join(names)}" for what, names in outcomes.items()]
                    kind = f" [row {number + 1}]" if number else ""
                    yield f"{relation.name} {label}{kind}: {' · '.join(texts)}"
                told |= set(outcomes)
        for name, columns in keys(db, relation).items():
            # Null equals nothing: a row that has all of the key.
            whole = (
                row["row"]
                for row in rows
                if all(json.loads(row["row"]).get(column) is not None for column in columns)
            )
            statement = copy_statement(db, relation, next(whole, rows[0]["row"]), columns)
            (result,) = probes.run(db, world, "operator", [statement])
            yield f"{relation.name} {name} ({', '.join(columns)}): {refusal(result)} ← again"
    if relation.has("updated_at"):
        statement = (
            f"with changed as (update {relation.qualified} set updated_at = '2001-01-01'"
            f" where ctid = '{rows[0]['place']}' returning updated_at)"
            " select bool_and(updated_at > '2020-01-01') from changed"
        )
        (result,) = probes.run(db, world, "operator", [statement])
        yield f"{relation.name} updated_at is kept by the database: {result}"
    (result,) = probes.run(db, world, "operator", [recorded(db, world, relation, rows[0])])
    yield f"{relation.name} in the audit trail: {result.removesuffix(' ')}"


def recorded(db: Connection, world: World, relation: Relation, row: dict[str, Any]) -> str:
    """Return a block that adds a row, changes and deletes it, and tells what the trail got."""
    kinds = {
        "text": "coalesce({0}, '') || 'x'",
        "boolean": "not {0}",
        "integer": "{0} + 1",
        "smallint": "{0} % 7 + 1",
        "tstzrange": "tstzrange(lower({0}) - interval '1 minute', upper({0}))",
    }
    # Names and flags rather than codes with a form.
    order = ("display_name", "given_name", "name", "body", "note", "is_active", "auto_confirm")
    changeable = sorted(
        (c for c in relation.columns if c.type in kinds and not c.generated),
        key=lambda column: (column.name not in order, column.name),
    )
    content = Table(db, world, relation).freshened(row["row"], "ours")
    steps = {
        "insert": copy_statement(
            db, relation, content, [], own_keys(db, relation), without=nullable_links(db, relation)
        )
        + " returning ctid into v_place",
        "delete": f"delete from {relation.qualified} where ctid = v_place",
    }
    if changeable:
        name, value = changeable[0].name, kinds[changeable[0].type].format(changeable[0].name)
        steps["update"] = (
            f"update {relation.qualified} set {name} = {value} where ctid = v_place"
            " returning ctid into v_place"
        )
    count = (
        "(select count(*) from public.audit_entries as e where e.id > v_last"
        f" and e.table_name = '{relation.name}')"
    )
    blocks = "".join(
        f"""
        begin
          v_count := {count};
          {steps[name]};
          v_told := v_told || ' {name} ' || ({count} - v_count);
        exception when others then
          v_told := v_told || ' {name} ' || case when sqlstate like 'PT%' then sqlerrm
            else sqlstate end;
        end;
        """
        for name in ("insert", "update", "delete")
        if name in steps
    )
    return f"""
      do $block$
      declare
        v_place tid := '{row["place"]}';
        v_last bigint := (select max(id) from public.audit_entries);
        v_count bigint;
        v_told text := '';
      begin
        {blocks}
        raise exception using errcode = 'PT200', message = btrim(v_told), detail = '';
      end
      $block$
    """


def nullable_links(db: Connection, relation: Relation) -> set[str]:
    """Return the columns of foreign keys that may be null."""
    foreign = linked_columns(db, relation)
    return {c.name for c in relation.columns if c.nullable and c.name in foreign}


def base_rows(db: Connection, world: World, relation: Relation) -> list[dict[str, Any]]:
    """Return rows of ours that differ in kind: what is null, and every enumeration."""
    table = Table(db, world, relation)
    linked = relation.linked(world, "practitioner")
    kinds = [column.name for column in relation.columns if column.type not in VALUES]
    rows = db.execute(
        f"""
        select distinct on (kind) place, row, linked, content from (
          select t.ctid::text as place, to_json(t)::text as row, ({linked}) is true as linked,
            (to_jsonb(t) - 'id')::text as content,
            concat_ws(' ', {", ".join([*kinds, "''"])}) || (
              select string_agg(e.key, ' ' order by e.key) from jsonb_each(to_jsonb(t)) as e
              where e.value <> 'null'
            ) as kind
          from {relation.qualified} as t where {table.ours}
        ) as rows
        order by kind, linked desc, content
        """.encode()
    ).fetchall()
    assert rows, f"tests/access/world.py makes no row of {relation.name}"
    return sorted(rows, key=lambda row: (not row["linked"], row["content"]))


def column_outcomes(
    db: Connection, world: World, relation: Relation, row: dict[str, Any]
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield what setting each column of one row ended in, and all ranges at once."""
    targets = keys_abroad(db, world, relation)
    columns = [column for column in relation.columns if not column.generated]
    ranges = [column for column in columns if column.type.endswith("range")]
    for column in columns:
        attempts = values_of(db, relation, column) | targets.get(column.name, {})
        statements = [
            update(relation, row, {column.name: f"({value})::{column.type}"})
            for value in attempts.values()
        ]
        results = probes.run(db, world, "operator", statements)
        own, referring, alone = foreign_keys(db, relation, column.name)
        if own + referring > 1:
            # Which of several is asked first is a matter of their age.
            results = [re.sub(r"^23503 .*", "23503", result) for result in results]
        if column.type == "uuid":
            others = nullable_links(db, relation) - {column.name} if own > 1 else set()
            statement = copy_statement(db, relation, row["row"], [], {column.name}, without=others)
            # An exclusion would answer before the foreign key: the row is like the one it copies.
            statement = f"{without_exclusions(db, relation)}{statement}"
            (result,) = probes.run(db, world, "operator", [statement])
            if alone == 1 and result.startswith("23503"):
                attempts |= {"a new row with unknown": ""}
                results.append(result)
        yield column.name, by_outcome(attempts, results)
    if len(ranges) > 1:
        attempts = VALUES[ranges[0].type]
        statements = [
            update(relation, row, {c.name: f"({value})::{c.type}" for c in ranges})
            for value in attempts.values()
        ]
        results = probes.run(db, world, "operator", statements)
        label = " and ".join(column.name for column in ranges)
        yield label, by_outcome(attempts, results)


def without_exclusions(db: Connection, relation: Relation) -> str:
    """Return statements that drop the table's exclusions."""
    rows = db.execute(
        "select conname as name from pg_catalog.pg_constraint"
        " where conrelid = %s::regclass and contype = 'x'",
        [relation.qualified],
    )
    return "".join(
        f"alter table {relation.qualified} drop constraint {row['name']}; " for row in rows
    )


def foreign_keys(db: Connection, relation: Relation, column: str) -> tuple[int, int, int]:
    """Return how many foreign keys a column is part of, how many point at it, and how many of the
    first remain where everything else that may be null is.
    """
    row = db.execute(
        """
        select
          count(*) filter (where k.conrelid = a.attrelid and a.attnum = any (k.conkey)) as own,
          count(*) filter (where k.confrelid = a.attrelid and a.attnum = any (k.confkey)) as others,
          count(*) filter (
            where k.conrelid = a.attrelid and a.attnum = any (k.conkey) and not exists (
              select 1 from pg_catalog.pg_attribute as n
              where n.attrelid = k.conrelid and n.attnum = any (k.conkey) and n.attnum <> a.attnum
                and not n.attnotnull
            )
          ) as alone
        from pg_catalog.pg_attribute as a, pg_catalog.pg_constraint as k
        where a.attrelid = %s::regclass and a.attname = %s and k.contype = 'f'
        """,
        [relation.qualified, column],
    ).fetchone()
    assert row is not None
    # A column that may itself be null is not among the others.
    return row["own"], row["others"], row["alone"] if row["own"] > 1 else row["own"]


def update(relation: Relation, row: dict[str, Any], values: dict[str, str]) -> str:
    changes = ", ".join(f"{column} = {value}" for column, value in values.items())
    return f"update {relation.qualified} set {changes} where ctid = '{row['place']}'"


def by_outcome(attempts: dict[str, str], results: list[str]) -> dict[str, list[str]]:
    outcomes: dict[str, list[str]] = {}
    for name, result in zip(attempts, results, strict=True):
        outcomes.setdefault(refusal(result), []).append(name)
    return outcomes


def values_of(db: Connection, relation: Relation, column: Column) -> dict[str, str]:
    """Return what to set a column to, by how the file calls it."""
    found = {"null": "null"}
    if column.type in VALUES:
        found |= VALUES[column.type]
    else:
        rows = db.execute(
            "select e.enumlabel as label from pg_catalog.pg_enum as e"
            " where e.enumtypid = %s::regtype order by e.enumsortorder",
            [column.type],
        ).fetchall()
        assert rows, f"no values for {column.type}: tests/access/refusals.py"
        found |= {row["label"]: f"'{row['label']}'" for row in rows}
    for other in relation.columns:
        if other.type == column.type and other.name != column.name and column.type != "uuid":
            found[f"={other.name}"] = other.name
    return found


def keys_abroad(db: Connection, world: World, relation: Relation) -> dict[str, dict[str, str]]:
    """Return, for each column of a foreign key, the id of such a row of the other practice."""
    found: dict[str, dict[str, str]] = {}
    known = {other.name: other for other in probes.relations(db)}
    for row in db.execute(
        """
        select k.confrelid::regclass::text as target, a.attname as column, t.attname as key
        from pg_catalog.pg_constraint as k
        cross join unnest(k.conkey, k.confkey) as pair (own, other)
        join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = pair.own
        join pg_catalog.pg_attribute as t on t.attrelid = k.confrelid and t.attnum = pair.other
        where k.conrelid = %s::regclass and k.contype = 'f'
          and a.attname <> 'organization_id' and a.atttypid = 'uuid'::regtype
        """,
        [relation.qualified],
    ).fetchall():
        if target := known.get(row["target"]):
            query = (
                f"(select max({row['key']}::text) from {target.qualified}"
                f" where {target.of(world, 'theirs')})::uuid"
            )
            found[row["column"]] = {"theirs": query}
    return found


def refusal(result: str) -> str:
    """Return a constraint's name, where there is one."""
    word, _, rest = result.partition(" ")
    if word == "23502":
        return f"null {rest}"
    return rest if word.startswith("23") and rest else word


def keys(db: Connection, relation: Relation) -> dict[str, list[str]]:
    """Return the unique keys of a table, and what its exclusions compare, with their columns."""
    rows = db.execute(
        """
        select i.indexrelid::regclass::text as name,
          array_agg(a.attname order by a.attnum) as columns
        from pg_catalog.pg_index as i
        join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = %(table)s::regclass and i.indisunique
        group by 1
        union all
        select k.conname, array_agg(a.attname order by a.attnum)
        from pg_catalog.pg_constraint as k
        cross join unnest(k.conkey, k.conexclop) as part (number, operator)
        join pg_catalog.pg_operator as o on o.oid = part.operator and o.oprname = '='
        join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = part.number
        where k.conrelid = %(table)s::regclass and k.contype = 'x'
        group by 1
        order by 1
        """,
        {"table": relation.qualified},
    )
    found = {str(row["name"]).removeprefix("private."): list(row["columns"]) for row in rows}
    # One that contains another refuses nothing more.
    return {
        name: columns
        for name, columns in found.items()
        if not any(set(other) < set(columns) for other in found.values())
    }


def copy_statement(
    db: Connection,
    relation: Relation,
    row: str,
    key: list[str],
    unknown: AbstractSet[str] = frozenset(),
    *,
    without: AbstractSet[str] = frozenset(),
) -> str:
    """Return an insert of a second row that shares one key and no other.

    Columns in `unknown` get values that no row has, those in `without` none.
    """
    fresh = {
        column
        for columns in keys(db, relation).values()
        if set(columns) - set(key)
        for column in columns
    } - set(key)
    # Exclusions let the rows of one session be.
    fresh |= {"session_id"} - set(key)
    if unknown:
        fresh = {*unknown, *own_keys(db, relation)}

    def value(column: Column) -> str:
        if column.name in without:
            return "null"
        if column.name in fresh and column.type in FRESH:
            return f"case when {column.name} is not null then {another(column)} end"
        return column.name

    columns = [
        column
        for column in relation.columns
        if not column.generated or (column.identity and column.name in key)
    ]
    literal = row.replace("'", "''")
    return (
        f"insert into {relation.qualified} ({', '.join(c.name for c in columns)})"
        f" overriding system value select {', '.join(map(value, columns))} from"
        f" json_populate_record(null::{relation.qualified}, '{literal}')"
    )


def another(column: Column) -> str:
    """Return SQL for a value that no row has yet."""
    return FORMED.get(column.name, FRESH[column.type])


def own_keys(db: Connection, relation: Relation) -> set[str]:
    """Return the columns of unique keys that are not foreign keys as well."""
    unique = {column for columns in keys(db, relation).values() for column in columns}
    return unique - linked_columns(db, relation)


def linked_columns(db: Connection, relation: Relation) -> set[str]:
    """Return the columns of foreign keys."""
    return {
        str(row["name"])
        for row in db.execute(
            """
            select a.attname as name from pg_catalog.pg_constraint as k
            join pg_catalog.pg_attribute as a
              on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
            where k.conrelid = %s::regclass and k.contype = 'f'
            """,
            [relation.qualified],
        )
    }


def render(db: Connection, world: World) -> str:
    """Return the whole file."""
    parts = [
        "".join(f"{line}\n" for line in relation_lines(db, world, relation))
        for relation in probes.relations(db)
        if relation.kind == "r"
    ]
    return HEADER + "\n".join(parts)


def committed(table: str) -> list[str]:
    """Return the committed lines of one table."""
    return [line for line in committed_lines() if line.split(" ")[0] == table]


@functools.cache
def committed_lines() -> list[str]:
    return COMMITTED.read_text(encoding="utf-8").splitlines()


def exercised(text: str) -> set[str]:
    """Return the constraints and keys that the file shows at work."""
    found: set[str] = set()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        _, _, outcomes = line.partition(": ")
        found |= {part.split(" ← ")[0] for part in outcomes.split(" · ") if " ← " in part}
    return found


def guarded(db: Connection) -> list[dict[str, Any]]:
    """Return every constraint of ours that can refuse a row."""
    return db.execute(
        """
        select k.conname as name, k.conrelid::regclass::text as table
        from pg_catalog.pg_constraint as k
        where k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and k.contype in ('c', 'u', 'p', 'x', 'f') and k.conrelid <> 0
        order by 2, 1
        """
    ).fetchall()
