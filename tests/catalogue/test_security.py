"""What must be true of every table, function, grant and policy, also of those added tomorrow."""

from __future__ import annotations

import re

from tests.conftest import Connection

API_ROLES = ["anon", "authenticated", "service_role"]
NOT_OURS = """
  not exists (
    select 1 from pg_catalog.pg_depend as d
    where d.classid = '{catalogue}'::regclass and d.objid = {oid} and d.deptype = 'e'
  )
"""
RELATIONS = f"""
  select c.oid, c.oid::regclass::text as name, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
    c.reloptions, n.nspname as schema, c.relacl, c.relowner
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and {NOT_OURS.format(catalogue="pg_catalog.pg_class", oid="c.oid")}
"""
FUNCTIONS = f"""
  select p.oid, format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
    as name, n.nspname as schema, p.proname, p.prosecdef, p.proconfig, p.prosrc, p.proacl,
      p.proowner
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where n.nspname in ('public', 'private')
    and {NOT_OURS.format(catalogue="pg_catalog.pg_proc", oid="p.oid")}
"""
# What clients and staff change themselves, table by table; every other column is the database's.
SERVER_OWNED = {
    "appointments": None,
    "appointment_blocks": None,
    "billing_reports": None,
    "billing_report_lines": None,
    "booking_activations": None,
    "credit_accounts": None,
    "credit_entries": None,
    "credit_lots": None,
    "invitations": None,
    "clients": {"user_id", "archived_at", "search_text"},
    "members": {"role", "user_id"},
    "messages": None,
    "organizations": {"slug", "currency"},
    "organization_settings": {"version", "updated_by"},
    "waitlist_entries": None,
    "waitlist_offers": None,
}
ALLOWED_ANYWAY = {("appointments", "note")}
ALWAYS_SERVER_OWNED = {"created_at", "updated_at", "updated_by", "created_by", "id"}


def names(db: Connection, query: str) -> list[str]:
    """Return the first column: what is wrong."""
    return [str(next(iter(row.values()))) for row in db.execute(query.encode())]


def test_row_level_security_is_on_everywhere(db: Connection) -> None:
    without = names(
        db,
        f"select name from ({RELATIONS}) as r where relkind in ('r', 'p') and not relrowsecurity",
    )
    assert without == []


def test_there_are_no_kinds_of_relations_that_bypass_it(db: Connection) -> None:
    kinds = names(db, f"select name from ({RELATIONS}) as r where relkind not in ('r', 'v', 'S')")
    assert kinds == [], "materialized views, partition parents and foreign tables have no policies"


def test_every_view_runs_with_the_rights_of_its_reader(db: Connection) -> None:
    definer = names(
        db,
        f"select name from ({RELATIONS}) as r where relkind = 'v'"
        " and not coalesce('security_invoker=true' = any (reloptions), false)"
        " and name !~ '^private.current_'",
    )
    assert definer == []


def test_views_that_policies_ask_hold_the_callers_own_rows(db: Connection) -> None:
    """They pass row level security by, so each may say nothing but `id`, of the caller's rows."""
    own = re.compile(
        r" SELECT (?:id|\w+_id AS id)\s+FROM (?:public\.)?\w+ \w+\s+"
        r"WHERE \(+user_id = \( SELECT auth\.uid\(\) AS uid\)\)(?: AND .+)?;"
    )
    wrong = [
        row["name"]
        for row in db.execute(
            f"""
            select name, reloptions, relacl::text[] as rights, pg_get_viewdef(oid) as definition
            from ({RELATIONS}) as r where relkind = 'v' and name ~ '^private.current_'
            """.encode()
        )
        if row["reloptions"] != ["security_barrier=true"]
        or [right for right in row["rights"] if not right.startswith("postgres=")]
        != ["authenticated=r/postgres"]
        or not own.fullmatch(row["definition"])
        or re.search(r"\b(?:OR|UNION)\b", row["definition"])
    ]
    assert wrong == []


def test_every_table_with_grants_has_policies_for_them(db: Connection) -> None:
    missing = names(
        db,
        """
        select c.relname || ' ' || command.name
        from pg_catalog.pg_class as c
        cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd'))
          as command (name, code)
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
          and (
            has_table_privilege('authenticated', c.oid, command.name)
            or command.name <> 'delete' and has_any_column_privilege('authenticated', c.oid,
              command.name)
          ) <> exists (
            select 1 from pg_catalog.pg_policy as p
            where p.polrelid = c.oid and p.polcmd::text = command.code
          )
        """,
    )
    assert missing == [], "a grant without a policy is dead, a policy without a grant misleads"


def test_private_tables_are_granted_to_nobody(db: Connection) -> None:
    granted = names(
        db,
        f"""
        select format('%s: %s has %s', r.name, a.grantee::regrole, a.privilege_type)
        from ({RELATIONS}) as r cross join lateral aclexplode(r.relacl) as a
        where r.schema = 'private' and a.grantee <> r.relowner
          and not (r.relkind = 'v' and r.name ~ '^private.current_')
        """,
    )
    assert granted == []


def test_anon_has_no_rights_on_anything(db: Connection) -> None:
    relations = names(
        db,
        f"""
        select format('%s %s', r.name, p.privilege)
        from ({RELATIONS}) as r
        cross join unnest(array['select', 'insert', 'update', 'references']) as p (privilege)
        where r.relkind <> 'S' and has_any_column_privilege('anon', r.oid, p.privilege)
        union all
        select format('%s %s', r.name, p.privilege)
        from ({RELATIONS}) as r
        cross join unnest(array['delete', 'truncate', 'trigger']) as p (privilege)
        where r.relkind <> 'S' and has_table_privilege('anon', r.oid, p.privilege)
        union all
        select r.name from ({RELATIONS}) as r
        where case when r.relkind = 'S' then has_sequence_privilege('anon', r.oid, 'usage, select,
          update') end
        """,
    )
    functions = names(
        db,
        f"select name from ({FUNCTIONS}) as f where has_function_privilege('anon', f.oid,"
        f" 'execute')",
    )
    assert (relations, functions) == ([], [])


def test_no_role_of_the_api_may_create_or_truncate_anything(db: Connection) -> None:
    schemas = names(
        db,
        f"""
        select format('%s may create in %s', role, schema)
        from unnest(array{API_ROLES!r}) as role
        cross join unnest(array['public', 'private', 'extensions']) as schema
        where has_schema_privilege(role, schema, 'create')
        """,
    )
    tables = names(
        db,
        f"""
        select format('%s may %s %s', role, privilege, r.name)
        from ({RELATIONS}) as r
        cross join unnest(array{API_ROLES!r}) as role
        cross join unnest(array['truncate', 'trigger', 'references', 'maintain']) as privilege
        where r.relkind in ('r', 'v') and has_table_privilege(role, r.oid, privilege)
        """,
    )
    assert (schemas, tables) == ([], [])


def test_insert_and_update_are_granted_by_column(db: Connection) -> None:
    whole = names(
        db,
        f"""
        select format('%s %s', r.name, a.privilege_type)
        from ({RELATIONS}) as r cross join lateral aclexplode(r.relacl) as a
        where a.grantee = 'authenticated'::regrole and a.privilege_type in ('INSERT', 'UPDATE')
        """,
    )
    assert whole == []


def test_columns_of_the_server_are_granted_to_nobody(db: Connection) -> None:
    granted = db.execute(
        """
        select c.relname, a.attname, p.privilege
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        cross join unnest(array['insert', 'update']) as p (privilege)
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
          and a.attnum > 0 and not a.attisdropped
          and has_column_privilege('authenticated', c.oid, a.attnum, p.privilege)
        """
    ).fetchall()
    assert granted
    wrong = []
    for row in granted:
        table, column = row["relname"], row["attname"]
        owned = SERVER_OWNED.get(table, set())
        if (table, column) in ALLOWED_ANYWAY:
            continue
        if (
            owned is None
            or column in owned
            or column in ALWAYS_SERVER_OWNED
            or (column == "organization_id" and row["privilege"] == "update")
        ):
            wrong.append(f"{row['privilege']} {table}.{column}")
    assert wrong == []


def test_secrets_are_readable_by_nobody(db: Connection) -> None:
    readable = names(
        db,
        """
        select format('%s.%s', c.relname, a.attname)
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
          and a.attname ~ '(hash|secret|token|password|pin)($|_)'
          -- These chain the entries of the audit trail; whoever reads them can verify it.
          and c.relname !~ '^audit_'
          and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
        """,
    )
    assert readable == []


def test_execute_is_never_granted_to_public(db: Connection) -> None:
    public = names(
        db,
        f"""
        select f.name from ({FUNCTIONS}) as f
        cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
        where a.grantee = 0
        """,
    )
    assert public == []


def test_new_objects_are_granted_to_nobody(db: Connection) -> None:
    db.execute("create function public.tests_new() returns int language sql return 1")
    db.execute("create function private.tests_new() returns int language sql return 1")
    db.execute("create table public.tests_new (id int)")
    db.execute("create sequence public.tests_new_sequence")
    granted = names(
        db,
        f"""
        select role from unnest(array{API_ROLES!r}) as role
        where has_function_privilege(role, 'public.tests_new()', 'execute')
          or has_function_privilege(role, 'private.tests_new()', 'execute')
          or has_table_privilege(role, 'public.tests_new', 'select, insert, update, delete')
          or has_sequence_privilege(role, 'public.tests_new_sequence', 'usage, select, update')
        """,
    )
    assert granted == []


def test_every_function_has_an_empty_search_path(db: Connection) -> None:
    other = names(
        db,
        f"select name from ({FUNCTIONS}) as f"
        " where not coalesce('search_path=\"\"' = any (proconfig), false)",
    )
    assert other == []


def test_functions_are_owned_by_the_owner_of_the_schema(db: Connection) -> None:
    other = names(db, f"select name from ({FUNCTIONS}) as f where proowner <> 'postgres'::regrole")
    other += names(db, f"select name from ({RELATIONS}) as r where relowner <> 'postgres'::regrole")
    assert other == []


def test_definers_in_the_api_ask_who_calls(db: Connection) -> None:
    """Each asks itself, or a function of ours that it calls does; for the secret key none can."""
    rows = db.execute(
        f"""
        select name, schema, proname, prosecdef, prosrc,
          has_function_privilege('service_role', oid, 'execute')
            and not has_function_privilege('authenticated', oid, 'execute') as is_for_the_operator
        from ({FUNCTIONS}) as f
        """.encode()
    )
    sources = {}
    exposed = []
    for row in rows:
        sources[f"{row['schema']}.{row['proname']}"] = row["prosrc"]
        if row["schema"] == "public" and row["prosecdef"] and not row["is_for_the_operator"]:
            exposed.append(f"{row['schema']}.{row['proname']}")

    def asks(name: str, seen: frozenset[str]) -> bool:
        source = sources[name]
        if "auth.uid()" in source:
            return True
        called = set(re.findall(r"\b(?:private|public)\.\w+(?=\s*\()", source)) & set(sources)
        return any(asks(other, seen | {name}) for other in called - seen)

    assert exposed
    assert [name for name in exposed if not asks(name, frozenset())] == []


def test_nothing_trusts_what_users_write_about_themselves(db: Connection) -> None:
    pattern = (
        r"user_metadata|raw_user_meta_data|app_metadata|raw_app_meta_data|auth\.jwt|auth\.role"
    )
    trusting = names(db, f"select name from ({FUNCTIONS}) as f where prosrc ~ '{pattern}'")
    trusting += names(
        db,
        f"select tablename || '.' || policyname from pg_catalog.pg_policies"
        f" where concat_ws(' ', qual, with_check) ~ '{pattern}'",
    )
    trusting += names(
        db,
        f"select viewname::text from pg_catalog.pg_views"
        f" where schemaname in ('public', 'private') and definition ~ '{pattern}'",
    )
    assert trusting == []


def test_no_function_executes_text_from_its_arguments(db: Connection) -> None:
    dynamic = names(db, f"select name from ({FUNCTIONS}) as f where prosrc ~* '\\mexecute\\M'")
    assert dynamic == []


def test_views_read_through_policies(db: Connection) -> None:
    writable = names(
        db,
        f"""
        select format('%s: %s', r.name, p.privilege)
        from ({RELATIONS}) as r
        cross join unnest(array['insert', 'update']) as p (privilege)
        where r.relkind = 'v' and has_any_column_privilege('authenticated', r.oid, p.privilege)
        """,
    )
    assert writable == []


# Policies ----------------------------------------------------------------------------------------

POLICIES = """
  select c.relname as table, p.polname as name, p.polcmd::text as command,
    p.polpermissive as permissive,
    array(select r::regrole::text from unnest(p.polroles) as r) as roles,
    pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as checking
  from pg_catalog.pg_policy as p
  join pg_catalog.pg_class as c on c.oid = p.polrelid
  where c.relnamespace = 'public'::regnamespace
"""
COMMANDS = {"r": "select", "a": "insert", "w": "update", "d": "delete"}
# array(select id from private.current_clients), and not the id of the row that is looked at
SET = re.compile(r"ARRAY\( SELECT (?P<view>current_\w+)\.id\s+FROM private\.(?P=view)\)")


def test_policies_are_one_per_table_and_command(db: Connection) -> None:
    seen: dict[tuple[str, str], list[str]] = {}
    for row in db.execute(POLICIES.encode()):
        seen.setdefault((row["table"], row["command"]), []).append(row["name"])
    assert {key: names for key, names in seen.items() if len(names) > 1} == {}


def test_policies_say_their_command_and_role(db: Connection) -> None:
    wrong = []
    for row in db.execute(POLICIES.encode()):
        label = f"{row['table']}.{row['name']}"
        if not row["permissive"]:
            wrong.append(f"{label} is restrictive")
        if row["command"] not in COMMANDS:
            wrong.append(f"{label} is for all")
        elif not row["name"].startswith(f"{COMMANDS[row['command']]}_"):
            wrong.append(f"{label} is for {COMMANDS[row['command']]}")
        if row["roles"] != ["authenticated"]:
            wrong.append(f"{label} is to {row['roles']}")
        if row["command"] == "w" and row["using"] != row["checking"]:
            wrong.append(f"{label} lets rows out of what it lets in")
    assert wrong == []


def test_policies_call_each_helper_once_per_statement(db: Connection) -> None:
    wrong = []
    for row in db.execute(POLICIES.encode()):
        text = f"{row['using']} {row['checking']}"
        outside = re.sub(r"\( SELECT (?:auth|private)\.\w+\(\) AS \w+\)", "", text)
        outside = SET.sub("", outside)
        if re.search(r"\b(?:auth|private|public)\.\w+\(|SELECT", outside):
            wrong.append(f"{row['table']}.{row['name']}: {outside}")
    assert wrong == [], "a helper outside of a sub-select is called for every row"


def test_policies_say_something(db: Connection) -> None:
    tautologies = []
    for row in db.execute(POLICIES.encode()):
        text = f"{row['using']} {row['checking']}"
        same_on_both_sides = re.search(r"\b(\w+) (?:=|IS NOT DISTINCT FROM) \1\b", text)
        if re.search(r"\btrue\b", text) or same_on_both_sides or "IS NOT NULL) OR" in text:
            tautologies.append(f"{row['table']}.{row['name']}: {text}")
    assert tautologies == []


def test_policies_find_their_rows_by_an_index(db: Connection) -> None:
    leading: dict[str, set[str]] = {}
    for row in db.execute(
        """
        select c.relname, a.attname
        from pg_catalog.pg_index as i
        join pg_catalog.pg_class as c on c.oid = i.indrelid
        join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where c.relnamespace = 'public'::regnamespace
        """
    ):
        leading.setdefault(row["relname"], set()).add(row["attname"])
    unindexed = []
    for row in db.execute(POLICIES.encode()):
        if row["command"] != "r":
            continue
        compared = set(re.findall(r"\((\w+) = (?:ANY )?\(", row["using"]))
        missing = compared - leading.get(row["table"], set())
        unindexed += [f"{row['table']}.{column}" for column in sorted(missing)]
    assert unindexed == []


def test_storage_and_auth_have_no_wide_policies(db: Connection) -> None:
    wide = names(
        db,
        """
        select format('%s.%s %s', schemaname, tablename, policyname) from pg_catalog.pg_policies
        where schemaname in ('storage', 'auth')
          and (coalesce(qual, with_check) in ('true', '(true)') or roles && '{public,anon}')
        """,
    )
    assert wide == []


def test_migrating_role_is_no_superuser(db: Connection) -> None:
    row = db.execute(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
    ).fetchone()
    assert row == {"rolsuper": False, "rolbypassrls": True, "rolcreaterole": True}
