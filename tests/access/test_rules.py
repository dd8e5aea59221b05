"""Rules for holes that linters miss, and the proof of each that it sees what it is there for.

The first part makes an offending object and wants the rule in tests/catalogue to fire; the second
holds the rules that are only here, each with its own proof.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

import pytest

from tests.access import matrix, refusals
from tests.catalogue import test_conventions as conventions
from tests.catalogue import test_security as security
from tests.catalogue.test_security import names
from tests.conftest import Connection

Rule = Callable[[Connection], None]

RLS = "alter table public.offences enable row level security"
TABLE = (
    "create table public.offences (id uuid primary key, organization_id uuid not null,"
    f" client_id uuid); {RLS}"
)
HELPER = (
    "create function private.offends() returns boolean language sql stable"
    " set search_path = '' as $$ select {} $$"
)
POLICY = f"{TABLE}; create policy select_offences on public.offences for select to authenticated"

# What offends → the rule that must say so.
OFFENCES: dict[str, tuple[str, Rule]] = {
    "a table without row level security": (
        "create table public.offences (id uuid primary key)",
        security.test_row_level_security_is_on_everywhere,
    ),
    "a partition parent": (
        "create table public.offences (id uuid) partition by hash (id)",
        security.test_row_level_security_is_on_everywhere,
    ),
    "a partition parent that has row level security": (
        f"create table public.offences (id uuid) partition by hash (id); {RLS}",
        security.test_there_are_no_kinds_of_relations_that_bypass_it,
    ),
    "a materialized view": (
        "create materialized view public.offences as select 1 as one",
        security.test_there_are_no_kinds_of_relations_that_bypass_it,
    ),
    "a view with the rights of its owner": (
        "create view public.offences as select id from public.clients",
        security.test_every_view_runs_with_the_rights_of_its_reader,
    ),
    "a view for policies that holds everybody's rows": (
        (
            "create or replace view private.current_clients with (security_barrier) as"
            " select c.id from public.clients as c where c.user_id is not null"
        ),
        security.test_views_that_policies_ask_hold_the_callers_own_rows,
    ),
    "a view for policies that holds one more": (
        (
            "create or replace view private.current_clients with (security_barrier) as"
            " select c.id from public.clients as c"
            " where c.user_id = (select auth.uid()) or c.archived_at is not null"
        ),
        security.test_views_that_policies_ask_hold_the_callers_own_rows,
    ),
    "a view for policies without its barrier": (
        "alter view private.current_clients reset (security_barrier)",
        security.test_views_that_policies_ask_hold_the_callers_own_rows,
    ),
    "a view for policies that people may write through": (
        "grant delete on private.current_clients to authenticated",
        security.test_views_that_policies_ask_hold_the_callers_own_rows,
    ),
    "a view that says so and is not": (
        "create view public.offences with (security_invoker = false) as select 1 as one",
        security.test_every_view_runs_with_the_rights_of_its_reader,
    ),
    "a helper that believes user_metadata": (
        HELPER.format("auth.jwt() -> 'user_metadata' ->> 'admin' = 'true'"),
        security.test_nothing_trusts_what_users_write_about_themselves,
    ),
    "a helper that reads what users wrote at sign-up": (
        HELPER.format("exists (select from auth.users where raw_user_meta_data ? 'admin')"),
        security.test_nothing_trusts_what_users_write_about_themselves,
    ),
    "a policy that believes user_metadata": (
        f"{POLICY} using ((select auth.jwt() -> 'user_metadata' ->> 'role') = 'admin')",
        security.test_nothing_trusts_what_users_write_about_themselves,
    ),
    "a policy that is true": (
        f"{POLICY} using (true)",
        security.test_policies_say_something,
    ),
    "a policy that compares a column with itself": (
        f"{POLICY} using (organization_id = organization_id)",
        security.test_policies_say_something,
    ),
    "a policy for everybody": (
        f"{TABLE}; create policy select_offences on public.offences for select using (id is null)",
        security.test_policies_say_their_command_and_role,
    ),
    "a policy that calls a helper for every row": (
        f"{POLICY} using (organization_id = any (private.current_organization_ids()))",
        security.test_policies_call_each_helper_once_per_statement,
    ),
    "a policy that compares a row with itself, in a sub-select": (
        f"{POLICY} using (id = any (array(select offences.id from private.current_clients)))",
        security.test_policies_call_each_helper_once_per_statement,
    ),
    "a search_path that is not empty": (
        (
            "create function private.offends() returns int language sql"
            " set search_path = public as $$ select 1 $$"
        ),
        security.test_every_function_has_an_empty_search_path,
    ),
    "no search_path at all": (
        "create function private.offends() returns int language sql as $$ select 1 $$",
        security.test_every_function_has_an_empty_search_path,
    ),
    "a definer of the API that asks nobody": (
        (
            "create function public.offends() returns bigint language sql security definer"
            " set search_path = '' as $$ select count(*) from public.clients $$;"
            " grant execute on function public.offends() to authenticated"
        ),
        security.test_definers_in_the_api_ask_who_calls,
    ),
    "a function for everybody": (
        (
            "create function public.offends() returns int language sql return 1;"
            " grant execute on function public.offends() to public"
        ),
        security.test_execute_is_never_granted_to_public,
    ),
    "a table for visitors": (
        "grant select on public.services to anon",
        security.test_anon_has_no_rights_on_anything,
    ),
    "a readable secret": (
        "grant select (token_hash) on public.invitations to authenticated",
        security.test_secrets_are_readable_by_nobody,
    ),
    "a column of the server that anybody writes": (
        "grant update (price_amount) on public.appointments to authenticated",
        security.test_columns_of_the_server_are_granted_to_nobody,
    ),
    "insert on a whole table": (
        "grant insert on public.clients to authenticated",
        security.test_insert_and_update_are_granted_by_column,
    ),
    "dynamic SQL": (
        (
            "create function private.offends(query text) returns void language plpgsql"
            " set search_path = '' as $$ begin execute query; end $$"
        ),
        security.test_no_function_executes_text_from_its_arguments,
    ),
    "a foreign key that crosses organizations": (
        (
            f"{TABLE}; alter table public.offences add foreign key (client_id)"
            " references public.clients (id) on delete restrict"
        ),
        conventions.test_foreign_keys_stay_inside_the_organization,
    ),
    "a business table without an organization": (
        "create table public.offences (id uuid primary key)",
        conventions.test_business_rows_carry_their_organization,
    ),
    "money with decimals": (
        f"{TABLE}; alter table public.offences add price_amount numeric(12, 2)",
        conventions.test_money_is_whole_minor_units_beside_a_currency,
    ),
    "money without a currency": (
        f"{TABLE}; alter table public.offences add price_amount bigint",
        conventions.test_money_is_whole_minor_units_beside_a_currency,
    ),
    "an instant without a zone": (
        f"{TABLE}; alter table public.offences add made_at timestamp",
        conventions.test_instants_are_named_so_and_have_a_zone,
    ),
}


@pytest.mark.parametrize("offence", OFFENCES)
def test_the_rule_fires(db: Connection, offence: str) -> None:
    statements, rule = OFFENCES[offence]
    with (
        offending(db, statements),
        pytest.raises(AssertionError, match=r"offen|services|inv|app|cl"),
    ):
        rule(db)


@contextlib.contextmanager
def offending(db: Connection, statements: str) -> Iterator[None]:
    with db.transaction(force_rollback=True):
        db.execute(statements.encode())
        yield


# Definers outside of the API ----------------------------------------------------------------------

# Policies call these, so that callers may: each answers only about the caller, by auth.uid().
PREDICATES = re.compile(r"^private\.current_\w+_(ids|paths)\(\)$")
# What the platform itself offers in schemas of its own.
PLATFORM = ("auth", "storage", "extensions", "graphql", "graphql_public", "realtime", "vault")


def reachable_definers(db: Connection) -> list[str]:
    """Return definers that a caller of the API may execute, wherever they are."""
    found = names(
        db,
        """
        select format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where p.prosecdef and p.prorettype <> 'trigger'::regtype
          and n.nspname !~ '^pg_' and n.nspname <> 'public'
          and (
            has_function_privilege('anon', p.oid, 'execute')
            or has_function_privilege('authenticated', p.oid, 'execute')
          )
        """,
    )
    return [name for name in found if name.partition(".")[0] not in PLATFORM]


def test_definers_outside_of_the_api_answer_about_the_caller_only(db: Connection) -> None:
    found = reachable_definers(db)
    assert found
    assert [name for name in found if not PREDICATES.match(name)] == []
    sources = names(
        db,
        "select p.proname || ': ' || p.prosrc from pg_catalog.pg_proc as p"
        " where p.pronamespace = 'private'::regnamespace"
        " and p.proname ~ '^current_.*_(ids|paths)$'",
    )
    asking = re.compile(r"auth\.uid\(\)|private\.current_\w+")
    assert [source for source in sources if not asking.search(source)] == []


@pytest.mark.parametrize("schema", ["private", "elsewhere"])
def test_a_definer_in_any_schema_is_found(db: Connection, schema: str) -> None:
    db.execute(f"create schema if not exists {schema}".encode())
    db.execute(
        f"create function {schema}.offends() returns bigint language sql security definer"
        " set search_path = '' as $$ select count(*) from public.clients $$;"
        f" grant execute on function {schema}.offends() to authenticated".encode()
    )
    with pytest.raises(AssertionError, match="offends"):
        test_definers_outside_of_the_api_answer_about_the_caller_only(db)


# Foreign keys and their indexes -------------------------------------------------------------------

# Foreign keys that no index serves, on purpose: each index on these tables must earn its place.
UNINDEXED = {
    "appointment_blocks (organization_id, service_id)": "services are deactivated, not deleted",
    "appointments (organization_id, location_id)": "locations are deactivated, not deleted",
    "appointments (organization_id, room_id)": "appointments_room_is_free leads with room_id",
    "appointments (organization_id, service_id)": "services are deactivated, not deleted",
}


def unindexed_foreign_keys(db: Connection) -> list[str]:
    """Return foreign keys whose own columns (beside the organization) no index leads with."""
    return names(
        db,
        """
        select distinct format('%s (%s)', k.conrelid::regclass, own.columns)
        from pg_catalog.pg_constraint as k
        cross join lateral (
          select string_agg(a.attname, ', ' order by c.position) as columns,
            array_agg(a.attname order by c.position) as names
          from unnest(k.conkey) with ordinality as c (number, position)
          join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = c.number
        ) as own
        where k.contype = 'f'
          and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not exists (
            select 1
            from pg_catalog.pg_index as i
            cross join lateral (
              select array_agg(a.attname order by c.position) as names
              from unnest(i.indkey::smallint[]) with ordinality as c (number, position)
              join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = c.number
              where c.position <= i.indnkeyatts
            ) as first
            join pg_catalog.pg_class as x on x.oid = i.indexrelid
            join pg_catalog.pg_am as m on m.oid = x.relam and m.amname = 'btree'
            where i.indrelid = k.conrelid and i.indisvalid
              -- All of the key first, in any order, or the part of it that is not the organization.
              and (
                first.names[:cardinality(own.names)] <@ own.names
                and first.names[:cardinality(own.names)] @> own.names
                or cardinality(own.names) > 1 and first.names[1] = any (own.names)
                and first.names[1] <> 'organization_id'
              )
          )
        order by 1
        """,
    )


def test_foreign_keys_are_indexed(db: Connection) -> None:
    found = unindexed_foreign_keys(db)
    assert [key for key in found if key not in UNINDEXED] == []
    assert sorted(UNINDEXED.keys() - set(found)) == [], "these are indexed: drop the exception"


def test_a_foreign_key_without_an_index_is_found(db: Connection) -> None:
    db.execute(
        f"{TABLE}; alter table public.offences add foreign key (organization_id, client_id)"
        " references public.clients (organization_id, id) on delete restrict".encode()
    )
    assert "offences (organization_id, client_id)" in unindexed_foreign_keys(db)
    db.execute("create index offences_client_idx on public.offences (client_id, organization_id)")
    assert "offences (organization_id, client_id)" not in unindexed_foreign_keys(db)


# What the measured files must never say -----------------------------------------------------------

OUTSIDERS = ("anon", "stranger", "foreign", "removed")
NOTHING = {"denied", "none", "policy", "-"}
# Everybody's own: a user's profile belongs to no practice.
OWN = {"profiles"}


def lines_of(section: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the committed lines of a part of the matrix, by persona."""
    part = matrix.COMMITTED.read_text(encoding="utf-8").split("\n## ")[1 + section]
    _, header, *lines = part.splitlines()
    starts = [match.start() for match in re.finditer(r"\S+", header)]
    people = header.split()
    for line in lines:
        if not line:
            continue
        cells = [
            line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)
        ]
        yield line[: starts[0]].strip(), dict(zip(people, cells, strict=True))


def given_to_outsiders(lines: Iterator[tuple[str, dict[str, str]]]) -> list[str]:
    return [
        f"{label}: {persona} {cells[persona]}"
        for label, cells in lines
        for persona in OUTSIDERS
        if label.split()[0] not in OWN
        and "hand over" not in label
        and cells[persona] not in NOTHING
    ]


@pytest.mark.parametrize("section", [0, 1, 3])
def test_outsiders_get_nothing_of_a_practice(section: int) -> None:
    assert len(list(lines_of(section))) > 4
    assert given_to_outsiders(lines_of(section)) == []


def test_a_line_that_gives_outsiders_something_is_found() -> None:
    cells = dict.fromkeys(OUTSIDERS, "none") | {"removed": "part"}
    assert given_to_outsiders(iter([("clients select", cells)])) == ["clients select: removed part"]


def test_nobody_reaches_another_practice() -> None:
    assert "+theirs" not in matrix.COMMITTED.read_text(encoding="utf-8").split("\n## ", 1)[1]


def test_no_row_points_into_another_practice() -> None:
    pointing = [
        line
        for line in refusals.COMMITTED.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bok ← [^·]*\btheirs\b", line) and not line.startswith("#")
    ]
    assert pointing == []
