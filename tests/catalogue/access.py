"""Who may do what, read from the database as one line per relation, function and policy.

The committed copy, access.txt, is what reviewers read when rights change.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.catalogue.test_security import COMMANDS, FUNCTIONS, POLICIES, RELATIONS, SET
from tests.conftest import Connection

SNAPSHOT = Path(__file__).with_name("access.txt")
HEADER = """\
# Who may do what. A test compares this with the database; to write it anew:
#   UPDATE_ACCESS=1 .venv/bin/pytest tests/catalogue/test_access.py
"""
KINDS = {"r": "table", "v": "view", "S": "sequence"}
ROLES = ("PUBLIC", "anon", "authenticated", "service_role")
# invoice_id = any ((select private.current_invoice_ids())::uuid[])
IN_FUNCTION = re.compile(r"\((\w+) = ANY \(\( SELECT (private\.\w+)\(\) AS \w+\)::uuid\[\]\)\)")
# organization_id = any (array(select id from private.current_organizations))
IN_VIEW = re.compile(rf"\((\w+) = ANY \({SET.pattern}\)\)")
ORDER = ("select", "insert", "update", "delete")


def describe(db: Connection) -> str:
    """Return the whole text of the snapshot."""
    sections = {
        "Schema private: role → rights": schema_private(db),
        "Tables and views: role → rights, with columns where they are listed": relations(db),
        "Functions: roles that may execute": functions(db),
        "Policies": policies(db),
    }
    parts = [
        f"\n## {title}\n" + "".join(f"{line}\n" for line in lines)
        for title, lines in sections.items()
    ]
    return HEADER + "".join(parts)


def schema_private(db: Connection) -> list[str]:
    rows = db.execute(
        """
        select case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end as role,
          string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
        from pg_catalog.pg_namespace as n
        cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
        where n.nspname = 'private' and a.grantee <> n.nspowner
        group by 1
        """
    )
    found = {row["role"]: row["rights"] for row in rows}
    return [f"{role} → {found[role]}" for role in sorted(found)]


def relations(db: Connection) -> list[str]:
    lines = []
    for relation in db.execute(
        f"select oid, name, relkind from ({RELATIONS}) as r order by name".encode()
    ):
        by_role: dict[str, dict[str, set[str] | None]] = {}
        for grant in db.execute(
            """
            select a.grantee, a.privilege, a.attname
            from (
              select g.grantee, lower(g.privilege_type) as privilege, null::name as attname
              from pg_catalog.pg_class as c cross join lateral aclexplode(c.relacl) as g
              where c.oid = %(oid)s and g.grantee <> c.relowner
              union all
              select g.grantee, lower(g.privilege_type), t.attname
              from pg_catalog.pg_attribute as t cross join lateral aclexplode(t.attacl) as g
              where t.attrelid = %(oid)s and t.attnum > 0 and not t.attisdropped
            ) as a
            """,
            {"oid": relation["oid"]},
        ).fetchall():
            role = "PUBLIC" if grant["grantee"] == 0 else role_name(db, grant["grantee"])
            rights = by_role.setdefault(role, {})
            if grant["attname"] is None:
                rights[grant["privilege"]] = None
                continue
            columns = rights.setdefault(grant["privilege"], set())
            if columns is not None:
                columns.add(grant["attname"])
        described = [f"{role} → {rights_of(by_role[role])}" for role in ROLES if role in by_role]
        label = f"{KINDS[relation['relkind']]} {relation['name']}"
        lines.append(f"{label}: {'; '.join(described) or 'nobody'}")
    return lines


def rights_of(rights: dict[str, set[str] | None]) -> str:
    ordered = [name for name in ORDER if name in rights] + sorted(set(rights) - set(ORDER))
    return ", ".join(
        name if rights[name] is None else f"{name} ({', '.join(sorted(rights[name] or ()))})"
        for name in ordered
    )


def role_name(db: Connection, oid: int) -> str:
    row = db.execute("select %s::regrole::text as name", [oid]).fetchone()
    assert row is not None
    return str(row["name"])


def functions(db: Connection) -> list[str]:
    rows = db.execute(
        f"""
        select format('%s%s', f.name, case when f.prosecdef then ' definer' else '' end) as label,
          coalesce(
            (
              select string_agg(
                case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end, ', '
                order by a.grantee::regrole::text
              )
              from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
              where a.grantee <> f.proowner
            ),
            'nobody'
          ) as roles
        from ({FUNCTIONS}) as f
        order by f.schema desc, f.name
        """.encode()
    )
    return [f"{row['label']}: {row['roles']}" for row in rows]


def policies(db: Connection) -> list[str]:
    lines = []
    for row in db.execute(f"{POLICIES} order by 1, 3, 2".encode()):
        condition = row["using"] or row["checking"]
        simple = condition.replace("( SELECT auth.uid() AS uid)", "auth.uid()")
        simple = IN_FUNCTION.sub(r"\1 in \2()", IN_VIEW.sub(r"\1 in private.\g<view>", simple))
        command, roles = COMMANDS[row["command"]], ", ".join(row["roles"])
        lines.append(f"{row['table']} {row['name']}: {command} to {roles} when {simple}")
    return lines
