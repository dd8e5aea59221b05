"""The generated files are current, and the tools that check this can see."""

from __future__ import annotations

import re

import psycopg
import pytest

from local import catalogue, schema, tools
from local.scripts import ScriptError, run_script, split
from local.stack import Stack
from tests.stack_fixture import ROOT, TestStack


@pytest.fixture(scope="module")
def cluster(own: TestStack) -> Stack:
    """A PostgreSQL in which scratch databases may be made."""
    return Stack(own.port_base)


def test_migrations_lead_to_the_declared_schema(cluster: Stack) -> None:
    with (
        schema.scratch_database(cluster, "test_declared") as declared,
        schema.scratch_database(cluster, "test_migrated") as migrated,
    ):
        schema.apply_declared_files(declared)
        schema.push_migrations(migrated)
        left = catalogue.differences(migrated, declared)
    assert left == [], "run: make migration NAME=…"


LEDGER_BEFORE = """
select tests.practice('north');
select tests.set('credit_overdraft_amount = 3000');
select tests.top_up('client', 1500, now() + interval '20 days');
select tests.top_up('client', 700, now() + interval '10 days');
select tests.top_up('client', 5000);
select tests.top_up('other', 400);
select tests.book('first', 'client', 'talk', 'therapist', tests.at(3, '10:00'));
select tests.book('second', 'client', 'talk', 'therapist', tests.at(4, '10:00'));
select tests.book('third', 'other', 'talk', 'colleague', tests.at(3, '10:00'));
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('first')));
select tests.top_up('other', 10000);
select tests.act('reception', format('select public.cancel_appointment(%L)', tests.id('third')));
select tests.operator()
"""
ACCOUNTS = (
    "select client_id, currency, balance_amount, last_number from public.credit_accounts order by 1"
)
LOTS = "select entry_id, expires_at, remaining_amount from public.credit_lots order by 1"


def test_the_ledger_keeps_its_lots_when_it_becomes_one_table(cluster: Stack) -> None:
    """Balances and lots of a project that has rows are the same after the migration."""
    before = [
        path for path in sorted(schema.MIGRATIONS.glob("*.sql")) if "one_table" not in path.name
    ][:2]
    [ledger] = schema.MIGRATIONS.glob("*_one_table_ledger.sql")
    with (
        schema.scratch_database(cluster, "test_ledger") as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("set check_function_bodies = off")
        for path in before:
            run_script(connection, path)
        connection.execute("create extension pgtap with schema extensions")
        run_script(connection, ROOT / "tests" / "sql" / "_helpers.sql")
        for statement in split(LEDGER_BEFORE):
            connection.execute(statement.text.encode())
        found = [connection.execute(query).fetchall() for query in (ACCOUNTS, LOTS)]
        assert len(found[1]) >= 5, "lots are compared"
        run_script(connection, ledger)
        assert [connection.execute(query).fetchall() for query in (ACCOUNTS, LOTS)] == found
        assert connection.execute("select * from private.violations()").fetchall() == []


def test_types_are_current(cluster: Stack) -> None:
    with schema.scratch_database(cluster, "test_types") as url:
        schema.apply_declared_files(url)
        for language, path in tools.TYPE_FILES.items():
            generated = tools.generate_types(url, language)
            assert path.read_text(encoding="utf-8") == generated, "run: make types"


def test_every_difference_is_seen(cluster: Stack) -> None:
    changes = """
        create table public.extra (a integer, b text);
        alter table public.extra enable row level security;
        comment on column public.extra.a is 'words';
        grant select (a) on public.extra to authenticated;
        create policy read_extra on public.extra for select to authenticated using (true);
        create policy read_files on storage.objects for select to authenticated using (true);
        create function private.extra() returns trigger language plpgsql
          set search_path = '' as 'begin return null; end';
        create trigger on_user after insert on auth.users
          for each row execute function private.extra();
        create constraint trigger later after insert on public.extra
          deferrable initially deferred for each row execute function private.extra();
        create statistics public.extra_statistics on a, b from public.extra;
        alter default privileges in schema private grant select on tables to service_role
    """
    with (
        schema.scratch_database(cluster, "test_before") as before,
        schema.scratch_database(cluster, "test_after") as after,
    ):
        for url in (before, after):
            schema.apply_declared_files(url)
        for statement in split(changes):
            seen = set(catalogue.differences(before, after))
            with psycopg.connect(after) as connection:
                connection.execute(statement.text.encode())
            assert set(catalogue.differences(before, after)) != seen, statement.text


def test_a_migration_carries_every_difference(cluster: Stack) -> None:
    with (
        schema.scratch_database(cluster, "test_empty") as empty,
        schema.scratch_database(cluster, "test_full") as full,
    ):
        schema.apply_declared_files(full)
        tools.run_statements(empty, schema.diff(empty, full) + tools.supplement(empty, full))
        assert catalogue.differences(empty, full) == []


def test_an_error_names_file_and_line(
    cluster: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("scripts") / "wrong.sql"
    path.write_text(
        "-- a; comment\nselect ';' /* ; */;\n\ncreate table x (\n  a nonsense\n);\n",
        encoding="utf-8",
    )
    with (
        psycopg.connect(cluster.db_url()) as connection,
        pytest.raises(ScriptError, match=r'wrong\.sql:5: type "nonsense" does not exist'),
    ):
        run_script(connection, path)


def test_scripts_are_cut_at_the_right_semicolons() -> None:
    script = """
        create function f() returns int language sql begin atomic
          select case when true then 1 else 2 end; select 3; end;
        do $body$ begin perform 1; end $body$; select $$;$$, E'\\';', "a;b" from t;
        /* outer /* inner; */ still; */ select 1
    """
    texts = [re.sub(r"\s+", " ", statement.text) for statement in split(script)]
    assert [text.split()[0] for text in texts] == ["create", "do", "select", "select"]
    assert texts[0].endswith("select 3; end")


@pytest.mark.parametrize("name", ["requirements.lock", "functions/requirements.txt"])
def test_python_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert text.count("--hash=") > text.count("==")


def test_node_lock_holds_no_address() -> None:
    text = (ROOT / "supabase/local/package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text


def test_deployed_packages_are_the_tested_ones() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^\S+==\S+", text, re.MULTILINE))

    assert pins("functions/requirements.txt") <= pins("requirements.lock")


def test_advisors_have_nothing_to_say(cluster: Stack) -> None:
    with schema.scratch_database(cluster, "test_advisors") as url:
        schema.apply_declared_files(url)
        assert tools.advice(url) == []
