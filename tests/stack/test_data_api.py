"""The local Data API answers as PostgREST does: statuses, numbers, times, and bad input."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import psycopg
import pytest

from tests.stack_fixture import TestStack

# Made for these tests: the product's own functions are not meant to misbehave.
FIXTURES = """
create table public.probe (
  id integer primary key,
  price numeric,
  total bigint check (total > 0),
  during tstzrange,
  at timestamptz default '2026-01-02 03:04:05.6+00',
  payload bytea default '\\x01ff',
  exclude using gist (during with &&)
);
create table public.probe_child (probe_id integer not null references public.probe);
create table public.probe_owner (
  organization_id integer not null,
  id integer primary key,
  unique (organization_id, id)
);
create table public.probe_case (
  organization_id integer not null,
  id integer primary key,
  owner_id integer not null,
  unique (organization_id, id),
  foreign key (organization_id, owner_id) references public.probe_owner (organization_id, id)
);
-- Tables that refer to both, but are no junctions: their own keys are others.
create table public.probe_note (
  organization_id integer not null,
  id integer primary key,
  owner_id integer not null,
  case_id integer not null,
  foreign key (organization_id, owner_id) references public.probe_owner (organization_id, id),
  foreign key (organization_id, case_id) references public.probe_case (organization_id, id)
);
create table public.probe_letter (like public.probe_note including all);
alter table public.probe_letter
  add foreign key (organization_id, owner_id) references public.probe_owner (organization_id, id),
  add foreign key (organization_id, case_id) references public.probe_case (organization_id, id);
insert into public.probe_owner values (1, 1), (1, 2), (2, 3);
insert into public.probe_case values (1, 10, 1), (1, 11, 2), (2, 12, 3);
grant all on public.probe, public.probe_child, public.probe_owner, public.probe_case,
  public.probe_note, public.probe_letter to service_role;

create function public.probe_fail(code text) returns integer language plpgsql as $$
begin
  raise exception 'message' using errcode = code, detail = 'detail', hint = 'hint';
end $$;
create function public.probe_write() returns void language sql as
$$ insert into public.probe (id, total) values (99, 1) $$;
create function public.probe_number(value bigint) returns bigint language sql stable as
$$ select value $$;
create function public.probe_json(value jsonb) returns jsonb language sql stable as
$$ select jsonb_build_object('type', jsonb_typeof(value), 'value', value) $$;
create function public.probe_text(value text) returns text language sql stable as
$$ select value $$;
create function public.probe_sleep() returns text language sql as
$$ select pg_sleep(30)::text $$;
create function public.probe_whoami() returns json language sql stable as $$
  select json_build_object('uid', auth.uid(), 'role', auth.role(), 'user', current_user,
    'claim', auth.jwt() ->> 'custom')
$$;
grant execute on all functions in schema public to anon, authenticated, service_role;
"""

STATUS_BY_SQLSTATE = {
    "P0001": 400,
    "22023": 400,
    "22P02": 400,
    "23502": 400,
    "23514": 400,
    "23P01": 400,
    "23503": 409,
    "23505": 409,
    "28000": 403,
    "42501": 403,
    "42883": 404,
    "25006": 405,
    "54000": 413,
    "40001": 500,
    "P0002": 500,
    "PT402": 402,
    "PT409": 409,
    "PT422": 422,
}


@pytest.fixture(scope="module")
def api(own: TestStack) -> Iterator[httpx.Client]:
    with psycopg.connect(own.db_url) as connection:
        connection.execute(FIXTURES)
    headers = {"apikey": own.secret_key}
    with httpx.Client(base_url=f"{own.api_url}/rest/v1", headers=headers, timeout=30) as client:
        deadline = time.monotonic() + 10
        # No reload was asked for: as on hosted Supabase, the API notices by itself.
        while client.get("/probe").status_code == 404 and time.monotonic() < deadline:
            time.sleep(0.05)
        yield client


def call(api: httpx.Client, name: str, **arguments: object) -> httpx.Response:
    return api.post(f"/rpc/{name}", json=arguments)


@pytest.mark.parametrize(("code", "status"), STATUS_BY_SQLSTATE.items())
def test_sqlstate_chooses_the_status(api: httpx.Client, code: str, status: int) -> None:
    response = call(api, "probe_fail", code=code)
    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.json()["message"] == "message"
    assert response.json()["details"] == "detail"


def test_constraints_are_client_errors(api: httpx.Client) -> None:
    row = {"id": 1, "total": 1, "during": "[2026-01-01,2026-01-02)"}
    assert api.post("/probe", json=row).status_code == 201
    assert api.post("/probe", json=row).status_code == 409
    assert api.post("/probe", json={**row, "id": 2}).json()["code"] == "23P01"
    assert api.post("/probe", json={**row, "id": 2}).status_code == 400
    assert api.post("/probe", json={"id": 3, "total": 0}).status_code == 400
    assert api.post("/probe_child", json={"probe_id": 404}).status_code == 409
    assert api.post("/probe_child", json={}).status_code == 400
    assert api.post("/probe", json={"nope": 1}).status_code == 400


def test_get_cannot_write(api: httpx.Client) -> None:
    assert api.get("/rpc/probe_write").status_code == 405
    assert api.get("/probe", params={"id": "eq.99"}).json() == []


def test_values_have_the_form_of_postgrest(api: httpx.Client) -> None:
    api.post("/probe", json={"id": 10, "price": 12.5, "total": 5})
    response = api.get("/probe", params={"id": "eq.10", "select": "price,total,at,payload"})
    assert response.json() == [
        {"price": 12.5, "total": 5, "at": "2026-01-02T03:04:05.6+00:00", "payload": "\\x01ff"}
    ]


def test_large_integers_are_exact(api: httpx.Client) -> None:
    response = call(api, "probe_number", value=2**63 - 1)
    assert response.text == str(2**63 - 1)


@pytest.mark.parametrize("value", [{"a": [1, {"b": None}]}, [1, 2], "text", "1.5", 1.5, {}])
def test_json_arguments_arrive_unchanged(api: httpx.Client, value: Any) -> None:
    assert call(api, "probe_json", value=value).json()["value"] == value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"value": "a\\u0000b"}', id="nul"),
        pytest.param(b'{"value": "\\ud800"}', id="lone surrogate"),
        pytest.param(b'{"value": "\xff"}', id="no utf-8"),
        pytest.param(b'{"value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deep"),
        pytest.param(b'{"value": ', id="cut off"),
        pytest.param(b'{"value": NaN}', id="not a number"),
        pytest.param(b'{"value": "' + b"x" * 11_000_000 + b'"}', id="too large"),
        pytest.param(b"[]", id="array"),
        pytest.param(b'"text"', id="string"),
    ],
)
@pytest.mark.parametrize("name", ["probe_text", "probe_json", "probe_number"])
def test_bad_bodies_are_client_errors(api: httpx.Client, name: str, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = api.post(f"/rpc/{name}", content=body, headers=headers)
    assert 400 <= response.status_code < 500, response.text


@pytest.mark.parametrize(
    "query", ["id=eq.%00", "id=eq.%ff", "id=" + "x" * 20_000, "or=(", "id=xx.1"]
)
def test_bad_addresses_are_client_errors(api: httpx.Client, query: str) -> None:
    assert 400 <= api.get(f"/probe?{query}").status_code < 500


def test_a_path_that_is_no_text_is_a_client_error(api: httpx.Client) -> None:
    for path in ("/%zz", "/probe%00", "/rpc/%ff"):
        assert 400 <= api.get(path).status_code < 500


@pytest.mark.parametrize(
    "name", ["__proto__", "__proto__[x]", "probe.__proto__", "constructor", "toString"]
)
def test_a_filter_by_what_every_object_has_is_not_left_out(
    api: httpx.Client, own: TestStack, name: str
) -> None:
    """Nor does it change all objects of the server, whose storage would answer no more."""
    response = api.get("/probe", params={name: "eq.1"})
    assert (response.status_code, response.json()["code"]) == (400, "42703")
    listed = httpx.post(
        f"{own.api_url}/storage/v1/object/list/client-reports",
        json={"prefix": ""},
        headers={"apikey": own.secret_key, "authorization": f"Bearer {own.secret_key}"},
    )
    assert listed.status_code == 200, listed.text


@pytest.mark.parametrize(
    ("select", "key"),
    [
        ("id,probe_owner(id)", "probe_owner"),
        ("id,owner:probe_owner!inner(id,probe_case(id))", "owner"),
        ("id,probe_owner!probe_case_organization_id_owner_id_fkey(id)", "probe_owner"),
    ],
)
def test_embeds_follow_the_direct_relation(api: httpx.Client, select: str, key: str) -> None:
    """Tables that refer to both sides do not make it ambiguous, and composite keys count whole."""
    response = api.get("/probe_case", params={"select": select, "order": "id"})
    assert response.status_code == 200, response.text
    assert [(row["id"], row[key]["id"]) for row in response.json()] == [(10, 1), (11, 2), (12, 3)]


def test_embeds_the_other_way(api: httpx.Client) -> None:
    hint = "!probe_case_organization_id_owner_id_fkey"
    for name in ("probe_case", f"probe_case{hint}"):
        rows = api.get("/probe_owner", params={"select": f"id,{name}(id)", "order": "id"}).json()
        assert [[case["id"] for case in row["probe_case"]] for row in rows] == [[10], [11], [12]]


def test_other_schemas_are_closed(api: httpx.Client) -> None:
    for schema in ("private", "auth", "storage", "extensions"):
        assert api.get("/users", headers={"accept-profile": schema}).status_code == 406
    assert api.get("/auth.users").status_code == 404


def test_statement_timeout_of_the_role_applies(own: TestStack, api: httpx.Client) -> None:
    started = time.monotonic()
    response = httpx.post(
        f"{own.api_url}/rest/v1/rpc/probe_sleep",
        headers={"apikey": own.publishable_key},
        json={},
        timeout=30,
    )
    assert response.json()["code"] == "57014"
    assert time.monotonic() - started < 10


def test_claims_reach_sql(own: TestStack, api: httpx.Client) -> None:
    user = "00000000-0000-4000-8000-000000000001"
    response = as_bearer(own, token(own, sub=user, custom="yes"))
    assert response.json() == {
        "uid": user,
        "role": "authenticated",
        "user": "authenticated",
        "claim": "yes",
    }
    anonymous = httpx.post(
        f"{own.api_url}/rest/v1/rpc/probe_whoami",
        headers={"apikey": own.publishable_key},
        json={},
    )
    assert anonymous.json()["user"] == "anon"
    assert anonymous.json()["uid"] is None


@pytest.mark.usefixtures("api")
def test_bad_tokens_are_refused(own: TestStack) -> None:
    good = token(own)
    header, payload, signature = good.split(".")
    unsigned = jwt.encode({"role": "service_role"}, "", algorithm="none")
    bad = [
        token(own, exp=1),
        token(own, iat=int(time.time()) + 600),
        f"{header}.{payload}.{signature[::-1]}",
        unsigned,
        "nonsense",
        "a.b.c",
        own.secret_key,
    ]
    for bearer in bad:
        assert as_bearer(own, bearer).status_code == 401, bearer
    for role in ("postgres", "supabase_admin", "authenticator", "nobody"):
        assert as_bearer(own, token(own, role=role)).status_code in {401, 403}


def test_no_grants_appear_by_themselves(own: TestStack, api: httpx.Client) -> None:
    anonymous = httpx.get(f"{own.api_url}/rest/v1/probe", headers={"apikey": own.publishable_key})
    assert anonymous.status_code == 401
    assert anonymous.json()["code"] == "42501"
    assert as_bearer(own, token(own), "probe", "GET").status_code == 403


def token(stack: TestStack, **claims: object) -> str:
    everything = {
        "sub": "00000000-0000-4000-8000-000000000001",
        "role": "authenticated",
        "aud": "authenticated",
        "exp": int(time.time()) + 600,
        **claims,
    }
    return jwt.encode(everything, stack.jwt_secret, algorithm="HS256")


def as_bearer(
    stack: TestStack, bearer: str, path: str = "rpc/probe_whoami", method: str = "POST"
) -> httpx.Response:
    return httpx.request(
        method,
        f"{stack.api_url}/rest/v1/{path}",
        headers={
            "apikey": stack.publishable_key,
            "authorization": f"Bearer {bearer}",
            "content-type": "application/json",
        },
        content=json.dumps({}) if method == "POST" else None,
        timeout=30,
    )
