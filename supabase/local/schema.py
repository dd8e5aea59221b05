"""The database's content: hosted Supabase's own schemas, our declared files, migrations, seed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from local.scripts import run_script
from local.stack import LOCAL, NODE_BIN, NODE_MODULES, ROOT, SUPABASE, Stack, machine

SEED = ROOT / "seed.sql"
MIGRATIONS = SUPABASE / "migrations"
TEMPLATE = "praxis_template"


class SchemaError(RuntimeError):
    """The database could not be brought to the wanted state."""


def declared_files() -> list[Path]:
    """Return the source of truth in the order in which it applies: the numbers are the order."""
    return [*sorted(ROOT.glob("sql/**/*.sql")), *sorted(ROOT.glob("policies/*.sql"))]


def create_system_schemas(stack: Stack) -> None:
    """Make a template that is what a hosted project is before its first migration."""
    with admin_connection(stack) as connection:
        run_script(connection, LOCAL / "sql" / "cluster.sql")
        connection.execute(
            sql.SQL("alter role postgres password {}").format(stack.secrets.postgres_password)
        )
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    with psycopg.connect(stack.db_url(TEMPLATE, role="supabase_admin")) as connection:
        connection.execute(lite_schemas())
        run_script(connection, LOCAL / "sql" / "database.sql")
        run_script(connection, LOCAL / "sql" / "realtime.sql")
        run_script(connection, LOCAL / "sql" / "vault.sql")
    with admin_connection(stack) as connection:
        connection.execute(
            sql.SQL("alter database {} is_template true").format(sql.Identifier(TEMPLATE))
        )
        # initdb's own database would pass for one that has been filled.
        connection.execute("drop database postgres")


def lite_schemas() -> bytes:
    """Return the SQL of the schemas `auth` and `storage`, as Supabase Lite defines them."""
    script = LOCAL / "api" / "system-schema.mjs"
    return subprocess.run([NODE_BIN / "node", script], capture_output=True, check=True).stdout


def exists(stack: Stack) -> bool:
    """Say whether the stack's database has been filled; until then its name is free."""
    with admin_connection(stack) as connection:
        found = connection.execute(
            "select 1 from pg_catalog.pg_database where datname = 'postgres'"
        ).fetchone()
    return found is not None


def build(stack: Stack, fill: Callable[[str], None]) -> None:
    """Fill a fresh database and put it in place of the old one, which stays if that fails."""
    with scratch_database(stack, "next") as url:
        fill(url)
        filled = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
        with admin_connection(stack) as connection:
            end_replication(connection)
            connection.execute("drop database if exists postgres with (force)")
            connection.execute(sql.SQL("alter database {} rename to postgres").format(filled))


def end_replication(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Part Realtime from the database: it is not among those that dropping by force ends."""
    connection.execute(
        "select pg_terminate_backend(active_pid, 10000) from pg_catalog.pg_replication_slots"
        " where database = 'postgres' and active"
    )


def fill_from_migrations(url: str) -> None:
    """Apply the committed migrations with the Supabase CLI, then the seed."""
    if not any(MIGRATIONS.glob("*.sql")):
        # Before the first migration there is only the declaration.
        apply_declared_files(url)
    push_migrations(url)
    load_seed(url)


def fill_from_declared_files(url: str) -> None:
    """Apply sql/ and policies/ as they are now, then the seed; what `make apply` does."""
    apply_declared_files(url)
    load_seed(url)


def push_pending_migrations(stack: Stack) -> None:
    """Apply migrations that came with a newer checkout; leave what `make apply` has built."""
    with psycopg.connect(stack.db_url()) as connection:
        history = connection.execute(
            "select to_regclass('supabase_migrations.schema_migrations') is not null"
        ).fetchone()
        if history != (True,):
            return
        applied = connection.execute("select version from supabase_migrations.schema_migrations")
        known = {version for (version,) in applied}
    if {path.name.split("_")[0] for path in MIGRATIONS.glob("*.sql")} - known:
        print("Database: applying new migrations …", flush=True)
        try:
            push_migrations(stack.db_url())
        except SchemaError as error:
            message = f"{error}\nIf the demo data may go: make reset gives a fresh database."
            raise SchemaError(message) from error


def push_migrations(url: str) -> None:
    """Run `supabase db push` as role postgres, exactly as against a hosted project."""
    run_cli("db", "push", "--yes", "--db-url", plain(url))


def diff(from_url: str, to_url: str) -> str:
    """Return the statements that lead from one database to another."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "difference.sql"
        ends = ["--from", plain(from_url), "--to", plain(to_url)]
        run_cli("db", "diff", *ends, "--use-pg-delta", "--output", str(path))
        return path.read_text(encoding="utf-8") if path.exists() else ""


def plain(url: str) -> str:
    """Tell the CLI, which asks for TLS otherwise, that a database on this machine has none."""
    return f"{url}?sslmode=disable"


def apply_declared_files(url: str) -> None:
    """Run every declared file in one transaction, as role postgres."""
    with psycopg.connect(url) as connection:
        for path in declared_files():
            run_script(connection, path)


def load_seed(url: str) -> None:
    """Load the demo data, if there is any."""
    if SEED.exists():
        with psycopg.connect(url) as connection:
            run_script(connection, SEED)
    # Plans made from guesses are what a first visitor would measure.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


@contextmanager
def scratch_database(stack: Stack, name: str) -> Iterator[str]:
    """Lend a database as hosted Supabase hands it over; yields its connection string."""
    name = f"praxis_{name}_{os.getpid()}"
    drop_database(stack, name)
    database = sql.Identifier(name)
    with admin_connection(stack) as connection:
        connection.execute(
            sql.SQL("create database {} owner postgres template {}").format(
                database, sql.Identifier(TEMPLATE)
            )
        )
        connection.execute(
            sql.SQL('alter database {} set search_path = "$user", public, extensions').format(
                database
            )
        )
    try:
        yield stack.db_url(name)
    finally:
        drop_database(stack, name)


def drop_database(stack: Stack, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with admin_connection(stack) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def admin_connection(stack: Stack) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as the superuser to the database that nothing else uses."""
    return psycopg.connect(stack.db_url("template1", role="supabase_admin"), autocommit=True)


def run_cli(*arguments: str) -> str:
    """Run the Supabase CLI and return what it prints."""
    done = subprocess.run(
        [NODE_MODULES / "@supabase" / f"cli-{machine()}" / "bin" / "supabase", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "SUPABASE_TELEMETRY_DISABLED": "1",
            "DO_NOT_TRACK": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shown = " ".join(part for part in arguments if "postgresql://" not in part)
        message = f"supabase {shown} failed:\n{done.stdout}{done.stderr}"
        raise SchemaError(message)
    return done.stdout
