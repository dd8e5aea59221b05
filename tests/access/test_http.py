"""The same over HTTP: with a real token, each relation and function answers as it does in SQL.

Every attempt is made twice: in SQL, taken back, and then through the Data API. What succeeds there
stays, in a world that belongs to one persona, and the next attempt finds it in both.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.access import probes, world
from tests.access.probes import PERSONAS, Function, Relation, Table
from tests.access.world import PASSWORD, World
from tests.conftest import HTTP_SECONDS, Connection, sign_in
from tests.stack_fixture import TestStack


class Both:
    """Makes attempts in SQL and over HTTP as one persona, and keeps those that differ."""

    def __init__(self, db: Connection, world_: World, persona: str, http: httpx.Client) -> None:
        self.db, self.world, self.persona, self.http = db, world_, persona, http
        self.differing: list[str] = []
        self.seen: set[str] = set()

    def compare(self, what: str, statement: str, method: str, path: str, **request: Any) -> None:
        (in_sql,) = probes.run(self.db, self.world, self.persona, [statement])
        response = self.http.request(method, path, **request)
        expected, answered = of_sql(in_sql), of_http(response)
        self.seen.add(expected)
        if expected != answered:
            self.differing.append(f"{what}: {expected} in SQL, {answered} over HTTP")

    def relation(self, relation: Relation) -> None:
        table = Table(self.db, self.world, relation)
        readable = "organization_id" if relation.has("organization_id") else "updated_at"
        ours = filters(table)
        name = relation.qualified
        self.compare(
            f"select {name}",
            f"select 'rows ' || count(*) from {name} where {table.ours}",
            "GET",
            f"/{relation.name}",
            params={**ours, "select": readable},
        )
        if relation.kind != "r":
            return
        rows = [json.loads(row) for row in table.candidates(self.persona).values()]
        for row in rows[:2]:
            content = {column: row[column] for column in table.required() if column != "id"}
            self.compare(
                f"insert {name}",
                table.insert_statement(json.dumps(row), content),
                "POST",
                f"/{relation.name}",
                json=content,
                headers={"prefer": "return=minimal"},
            )
        row = rows[0]
        condition, one = table.ours, ours
        if relation.has("id"):
            condition, one = f"id = '{row['id']}'", {"id": f"eq.{row['id']}"}
        column = self.changeable(relation)
        literal = json.dumps(row).replace("'", "''")
        record = f"json_populate_record(null::{name}, '{literal}')"
        self.compare(
            f"update {name}",
            f"update {name} set {column} = (select r.{column} from {record} as r)"
            f" where {condition}",
            "PATCH",
            f"/{relation.name}",
            params={**one, "select": readable},
            json={column: row[column]},
            headers={"prefer": "return=representation"},
        )
        self.compare(
            f"delete {name}",
            f"delete from {name} where {condition}",
            "DELETE",
            f"/{relation.name}",
            params={**one, "select": readable},
            headers={"prefer": "return=representation"},
        )

    def changeable(self, relation: Relation) -> str:
        """Return a column that somebody may update, or else any."""
        granted = self.db.execute(
            """
            select a.attname as name from pg_catalog.pg_attribute as a
            where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
              and has_column_privilege('authenticated', a.attrelid, a.attnum, 'update')
              and a.atttypid <> 'tstzrange'::regtype
            order by a.attnotnull desc, a.attname
            """,
            [relation.qualified],
        ).fetchone()
        if granted:
            return str(granted["name"])
        return next(c.name for c in relation.columns if c.required and not c.generated)

    def function(self, function: Function) -> None:
        for label, statement in probes.calls(self.world, function):
            pair = "other" if label.startswith("other") else "own"
            values = probes.arguments(self.world, function, pair)
            listed = ", ".join(f"'{name}', {value}" for name, value in values.items())
            body = probes.one(self.db, f"select json_build_object({listed})")
            self.compare(
                f"{function.name} {label}",
                statement.replace("select count(*)", "select 'answer ' || count(*)"),
                "POST",
                f"/rpc/{function.name}",
                json=body,
            )


def filters(table: Table) -> dict[str, str]:
    """Return the query parameters that ask for our rows."""
    organization = table.world.id("ours.organization")
    if table.relation.has("organization_id"):
        return {"organization_id": f"eq.{organization}"}
    if table.relation.name == "organizations":
        return {"id": f"eq.{organization}"}
    ids = ",".join(table.world.id(f"ours.{name}") for name in (*world.STAFF, "client"))
    return {"user_id": f"in.({ids})"}


def of_sql(result: str) -> str:
    """Name an outcome in SQL as one over HTTP is named."""
    word, *rest = result.split()
    if word in {"denied", "policy"}:
        return "42501"
    if word != "ok" or not rest:
        return word
    if rest[0] == "answer":
        return "empty" if rest[1] == "0" else "answer"
    return f"{rest[-1]} rows"


def of_http(response: httpx.Response) -> str:
    """Name an answer: its error, how many rows it has, or that there is something."""
    if response.is_error:
        problem = response.json()
        code = str(problem.get("code", response.status_code))
        return str(problem["message"]) if code.startswith("PT") else code
    is_call = "/rpc/" in str(response.url)
    if is_call:
        silent = response.status_code == 204
        return "empty" if not silent and response.json() in (None, []) else "answer"
    return "1 rows" if response.status_code == 201 else f"{len(response.json())} rows"


@pytest.fixture
def as_both(stack: TestStack) -> Iterator[Callable[[str], Both]]:
    """Make a persona's own world, sign the persona in, and try things in both ways."""
    opened: list[httpx.Client | Connection] = []

    def act(persona: str) -> Both:
        with world.connect(stack.db_url) as connection:
            practices = world.build(connection, f"http-{secrets.token_hex(4)}")
        headers = {"apikey": stack.publishable_key}
        if user := PERSONAS[persona]:
            token = sign_in(stack, practices.email(user), PASSWORD)
            headers["authorization"] = f"Bearer {token}"
        http = httpx.Client(
            base_url=f"{stack.api_url}/rest/v1", headers=headers, timeout=HTTP_SECONDS
        )
        db = world.connect(stack.db_url)
        db.autocommit = True
        probes.prepare(db)
        opened.extend([http, db])
        return Both(db, practices, persona, http)

    yield act
    for one in opened:
        one.close()


@pytest.mark.parametrize("persona", probes.CALLERS)
def test_the_api_answers_as_sql_does(as_both: Callable[[str], Both], persona: str) -> None:
    both = as_both(persona)
    for relation in probes.relations(both.db):
        if relation.is_public:
            both.relation(relation)
    for function in probes.functions(both.db):
        if function.schema == "public":
            both.function(function)
    assert "\n".join(both.differing) == ""
    # Something was let in, and something was not.
    assert "42501" in both.seen
    assert persona == "anon" or "answer" in both.seen


@pytest.mark.parametrize("persona", ["anon", "owner"])
def test_private_is_not_there(as_both: Callable[[str], Both], persona: str) -> None:
    both = as_both(persona)
    answers = {
        path: both.http.request(method, path, headers=headers).status_code
        for method, path, headers in [
            ("GET", "/idempotency_keys", {"accept-profile": "private"}),
            ("GET", "/private.idempotency_keys", {}),
            ("POST", "/rpc/create_token", {"content-profile": "private"}),
            ("POST", "/rpc/private.create_token", {}),
        ]
    }
    assert {path: status for path, status in answers.items() if status < 400} == {}
