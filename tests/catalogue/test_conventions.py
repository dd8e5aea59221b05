"""Names, comments, keys and types: what a reader of the dashboard and the next author rely on."""

from __future__ import annotations

import re

from tests.catalogue.test_security import FUNCTIONS, NOT_OURS, RELATIONS, names
from tests.conftest import Connection

TYPES = f"""
  select t.oid, t.oid::regtype::text as name, t.typtype
  from pg_catalog.pg_type as t
  left join pg_catalog.pg_class as c on c.oid = t.typrelid
  where t.typnamespace in ('public'::regnamespace, 'private'::regnamespace)
    and (t.typtype in ('e', 'd') or t.typtype = 'c' and c.relkind = 'c')
    and {NOT_OURS.format(catalogue="pg_catalog.pg_type", oid="t.oid")}
"""
FOREIGN_KEYS = """
  select k.conname, k.conrelid, k.confrelid, k.conrelid::regclass::text as table,
    k.confrelid::regclass::text as target, k.confdeltype::text as on_delete,
      k.confupdtype::text as on_update,
    array(
      select a.attname::text from unnest(k.conkey) with ordinality as n (attnum, position)
      join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid
        and a.attnum = n.attnum order by n.position
    ) as columns
  from pg_catalog.pg_constraint as k
  where k.contype = 'f' and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
"""
COLUMNS = """
  select c.relname as table, c.relkind, n.nspname as schema, a.attname as column,
    format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required, a.attnum, c.oid
  from pg_catalog.pg_attribute as a
  join pg_catalog.pg_class as c on c.oid = a.attrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private') and c.relkind in ('r', 'v') and a.attnum > 0
    and not a.attisdropped
"""
# Words whose plural is not formed with an s.
UNCOUNTABLE = {"time_off", "working_hours", "extra_hours", "organization_settings"}


def test_everything_has_a_comment(db: Connection) -> None:
    silent = names(
        db,
        f"""
        select name from ({RELATIONS}) as r
        where relkind <> 'S' and coalesce(length(btrim(obj_description(oid, 'pg_class'))), 0) < 20
        union all
        select name from ({TYPES}) as t where coalesce(length(btrim(obj_description(oid,
          'pg_type'))), 0) < 20
        union all
        select name from ({FUNCTIONS}) as f
        where schema = 'public' and coalesce(length(btrim(obj_description(oid, 'pg_proc'))), 0) < 20
        union all
        select nspname::text from pg_catalog.pg_namespace
        where nspname in ('public', 'private') and obj_description(oid, 'pg_namespace') is null
        """,
    )
    assert silent == []


def test_comments_name_units_of_money(db: Connection) -> None:
    silent = [
        f"{row['table']}.{row['column']}"
        for row in db.execute(
            f"""
            select c.table, c.column from ({COLUMNS}) as c
            where c.relkind = 'r' and c.column ~ '_amount$|^amount$'
              and coalesce(col_description(c.oid, c.attnum), '')
                || coalesce(obj_description(c.oid, 'pg_class'),
                  '') !~* 'minor unit|balance|lots|below zero'
            """.encode()
        )
    ]
    assert silent == []


def test_names_are_lower_case_and_plural(db: Connection) -> None:
    tables = [
        name
        for name in names(db, f"select name from ({RELATIONS}) as r where relkind in ('r', 'v')")
        if not re.fullmatch(r"(private\.)?[a-z][a-z0-9_]*s", name) and name not in UNCOUNTABLE
    ]
    columns = names(
        db,
        f"select format('%s.%s', c.table, c.column) from ({COLUMNS}) as c"
        f" where c.column !~ '^[a-z][a-z0-9_]*$'",
    )
    functions = names(
        db, f"select name from ({FUNCTIONS}) as f where proname !~ '^[a-z][a-z0-9_]*$'"
    )
    assert (tables, columns, functions) == ([], [], [])


def test_instants_are_named_so_and_have_a_zone(db: Connection) -> None:
    wrong = names(
        db,
        f"""
        select format('%s.%s is %s', c.table, c.column, c.type) from ({COLUMNS}) as c
        where (c.column ~ '_at$' and c.type <> 'timestamp with time zone')
          or (c.column !~ '_(at|until|after)$' and c.type = 'timestamp with time zone')
          or c.type ~ '^timestamp without|^tsrange|^time with time zone'
          or (c.type = 'tstzrange') <> (c.column ~ 'during$')
        """,
    )
    assert wrong == []


def test_money_is_whole_minor_units_beside_a_currency(db: Connection) -> None:
    wrong = names(
        db,
        f"""
        select format('%s.%s is %s', c.table, c.column, c.type) from ({COLUMNS}) as c
        where c.column ~ 'amount|price|balance' and c.type not in ('bigint', 'bigint[]', 'boolean')
          or c.schema = 'public' and c.type ~ '^(numeric|real|double|money)'
            and c.column !~ '(_rate|_percent|^quantity)$'
        """,
    )
    alone = names(
        db,
        f"""
        select distinct c.table from ({COLUMNS}) as c
        where c.relkind = 'r' and c.column in ('price_amount', 'balance_amount', 'amount')
          and not exists (select 1 from ({COLUMNS}) as o where o.oid = c.oid
            and o.column = 'currency')
        """,
    )
    assert (wrong, alone) == ([], [])


def test_business_rows_carry_their_organization(db: Connection) -> None:
    without = names(
        db,
        f"""
        select distinct c.table from ({COLUMNS}) as c
        where c.relkind = 'r' and c.schema = 'public'
          and c.table not in ('organizations', 'profiles')
          and not exists (
            select 1 from ({COLUMNS}) as o
            where o.oid = c.oid and o.column = 'organization_id' and o.required and o.type = 'uuid'
          )
        """,
    )
    assert without == []


def test_foreign_keys_stay_inside_the_organization(db: Connection) -> None:
    has_organization = {
        row["oid"]
        for row in db.execute(
            f"select c.oid from ({COLUMNS}) as c where c.column = 'organization_id'".encode()
        )
    }
    single = [
        f"{row['table']} {row['conname']}"
        for row in db.execute(FOREIGN_KEYS.encode())
        if row["conrelid"] in has_organization
        and row["confrelid"] in has_organization
        and "organization_id" not in row["columns"]
    ]
    assert single == []


def test_foreign_keys_say_what_happens_on_delete(db: Connection) -> None:
    silent = [
        f"{row['table']} {row['conname']}"
        for row in db.execute(FOREIGN_KEYS.encode())
        if row["on_delete"] == "a"
    ]
    assert silent == []


def test_history_is_not_deleted_along(db: Connection) -> None:
    kept = {
        "appointments",
        "appointment_blocks",
        "credit_entries",
        "billing_reports",
        "billing_report_lines",
    }
    lost = [
        f"{row['table']} {row['conname']}"
        for row in db.execute(FOREIGN_KEYS.encode())
        if row["table"] in kept and row["on_delete"] != "r"
    ]
    assert lost == []


def test_ids_that_point_at_rows_are_foreign_keys(db: Connection) -> None:
    referenced = {
        (row["table"], column)
        for row in db.execute(FOREIGN_KEYS.encode())
        for column in row["columns"]
    }
    # Snapshots and shared names: the row they came from may go or is no row.
    free = {
        ("appointments", "session_id"),
        ("billing_report_lines", "appointment_id"),
        ("billing_report_lines", "client_id"),
        ("billing_report_lines", "practitioner_id"),
        ("billing_report_lines", "service_id"),
        ("bulk_operation_items", "subject_id"),
        # Whatever a message is about; and the provider's name for it.
        ("messages", "subject_id"),
        ("messages", "provider_id"),
        ("notifications", "subject_id"),
    }
    loose = [
        f"{row['table']}.{row['column']}"
        for row in db.execute(
            f"select c.table, c.column from ({COLUMNS}) as c"
            " where c.relkind = 'r' and c.schema = 'public' and c.column ~ '_id$'"
            # What the audit trail tells of may be gone.
            " and c.table !~ '^audit_'".encode()
        )
        if (row["table"], row["column"]) not in referenced | free
    ]
    assert loose == []


def test_every_table_has_a_primary_key(db: Connection) -> None:
    without = names(
        db,
        f"""
        select name from ({RELATIONS}) as r
        where relkind = 'r' and not exists (
          select 1 from pg_catalog.pg_constraint as k where k.conrelid = r.oid and k.contype = 'p'
        )
        """,
    )
    assert without == []


def test_nothing_is_invalid_or_switched_off(db: Connection) -> None:
    invalid = names(
        db,
        """
        select indexrelid::regclass::text from pg_catalog.pg_index where not indisvalid
          or not indisready
        union all
        select conname::text from pg_catalog.pg_constraint where not convalidated
        union all
        select tgname::text from pg_catalog.pg_trigger as t
        join pg_catalog.pg_class as c on c.oid = t.tgrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and t.tgenabled <> 'O'
        """,
    )
    assert invalid == []


def test_no_index_repeats_another(db: Connection) -> None:
    twins = names(
        db,
        """
        select format('%s = %s', a.indexrelid::regclass, b.indexrelid::regclass)
        from pg_catalog.pg_index as a
        join pg_catalog.pg_index as b on a.indrelid = b.indrelid and a.indexrelid < b.indexrelid
          and a.indkey::text = b.indkey::text and a.indclass::text = b.indclass::text
          and pg_get_expr(a.indexprs, a.indrelid) is not distinct from pg_get_expr(b.indexprs,
            b.indrelid)
          and pg_get_expr(a.indpred, a.indrelid) is not distinct from pg_get_expr(b.indpred,
            b.indrelid)
        join pg_catalog.pg_class as c on c.oid = a.indrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        """,
    )
    assert twins == []


def test_double_booking_is_excluded(db: Connection) -> None:
    exclusions = names(
        db,
        "select conname from pg_catalog.pg_constraint where contype = 'x'"
        " and conrelid = 'public.appointments'::regclass",
    )
    assert sorted(exclusions) == [
        "appointments_client_is_free",
        "appointments_practitioner_is_free",
        "appointments_room_is_free",
    ]


def test_business_constraints_read_as_sentences(db: Connection) -> None:
    unnamed = names(
        db,
        """
        select conname from pg_catalog.pg_constraint
        where connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and contype in ('c', 'x')
          and conrelid <> 0
          and conname !~ '_(is|are|has|have|names|covers|ends?|expires?|fits?|stays?|divides)(_|$)'
        """,
    )
    assert unnamed == []


def test_checks_do_not_pass_for_want_of_a_value(db: Connection) -> None:
    """An upper bound that is not there compares to NULL, and a check that is NULL passes."""
    ranges = db.execute(
        """
        select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition
        from pg_catalog.pg_constraint
        where contype = 'c' and connamespace = 'public'::regnamespace
          and pg_get_constraintdef(oid) ~ 'upper\\(|lower\\(\\w*during'
        """
    ).fetchall()
    assert ranges
    unbounded = [row["conname"] for row in ranges if "upper_inf" not in row["definition"]]
    assert unbounded == []


def test_triggers_are_named_after_their_table(db: Connection) -> None:
    wrong = names(
        db,
        """
        select format('%s on %s', t.tgname, c.relname)
        from pg_catalog.pg_trigger as t
        join pg_catalog.pg_class as c on c.oid = t.tgrelid
        where not t.tgisinternal and c.relnamespace in ('public'::regnamespace,
          'private'::regnamespace)
          and not starts_with(t.tgname, c.relname || '_') and not starts_with(t.tgname,
            regexp_replace(c.relname, 's$', '') || '_')
        """,
    )
    functions = names(
        db,
        f"""
        select f.name from ({FUNCTIONS}) as f
        join pg_catalog.pg_proc as p on p.oid = f.oid
        where (p.prorettype = 'trigger'::regtype) <> (p.proname ~ '^tg_(\\w+_)?_\\w+$')
          or p.prorettype = 'trigger'::regtype and f.schema <> 'private'
        """,
    )
    assert (wrong, functions) == ([], [])


def test_updated_at_is_kept_by_a_trigger(db: Connection) -> None:
    stale = names(
        db,
        f"""
        select c.table from ({COLUMNS}) as c
        where c.column = 'updated_at' and c.relkind = 'r'
          and not exists (
            select 1 from pg_catalog.pg_trigger as t
            join pg_catalog.pg_proc as p on p.oid = t.tgfoid
            where t.tgrelid = c.oid and not t.tgisinternal
              and p.prosrc ~ 'new\\.updated_at := now\\(\\)'
          )
        """,
    )
    assert stale == []


def test_extensions_live_in_their_own_schema(db: Connection) -> None:
    elsewhere = names(
        db,
        "select extname from pg_catalog.pg_extension where extname <> 'plpgsql'"
        " and extnamespace <> 'extensions'::regnamespace",
    )
    assert elsewhere == []
