"""Everything a migration can change, as sorted lines of text: two databases are alike if they are.

The schema diff that writes migrations is checked against this, because a diff tool that overlooks a
kind of object overlooks it on both sides.
"""

from __future__ import annotations

import difflib
import re

import psycopg

OURS = "('public', 'private')"
# Owned by the platform, but our migrations add policies and triggers to them.
PLATFORM = "('auth', 'storage', 'realtime')"

# Objects that belong to an extension come with it.
NOT_FROM_EXTENSION = """
not exists (
  select 1 from pg_catalog.pg_depend as d
  where d.classid = {catalogue}::regclass and d.objid = {oid} and d.deptype = 'e'
)
"""

EXPRESSIONS = {"constraint", "policy", "index", "column", "view"}

# No privileges on record and the default privileges on record mean the same.
ACL = """(
  select array_agg(x::text order by x::text)
  from unnest(coalesce({acl}, acldefault('{kind}', {owner}))) as x
)"""

QUERIES = {
    "schema": f"""
        select format('%s owner=%s acl=%s comment=%s', n.nspname, n.nspowner::regrole,
          {ACL.format(acl="n.nspacl", kind="n", owner="n.nspowner")}, obj_description(n.oid, 'pg_namespace'))
        from pg_namespace as n where n.nspname in {OURS}
    """,
    "extension": """
        select format('%s in %s', e.extname, e.extnamespace::regnamespace) from pg_extension as e
    """,
    "relation": f"""
        select format('%s %s owner=%s acl=%s rls=%s force=%s options=%s persistence=%s comment=%s',
          c.relkind, c.oid::regclass, c.relowner::regrole, case c.relkind
            when 'S' then {ACL.format(acl="c.relacl", kind="s", owner="c.relowner")}
            else {ACL.format(acl="c.relacl", kind="r", owner="c.relowner")}
          end,
          c.relrowsecurity, c.relforcerowsecurity,
          (select array_agg(o order by o) from unnest(c.reloptions) as o), c.relpersistence, obj_description(c.oid, 'pg_class'))
        from pg_class as c
        where c.relnamespace::regnamespace::text in {OURS} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    """,
    "view": f"""
        select format('%s %s', c.oid::regclass, pg_get_viewdef(c.oid))
        from pg_class as c
        where c.relnamespace::regnamespace::text in {OURS} and c.relkind in ('v', 'm')
    """,
    "column": f"""
        select format('%s.%s %s notnull=%s default=%s generated=%s identity=%s collation=%s storage=%s acl=%s comment=%s',
          a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
          pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
          nullif(a.attcollation, t.typcollation)::regcollation, a.attstorage,
          (select array_agg(x::text order by x::text) from unnest(a.attacl) as x),
          col_description(a.attrelid, a.attnum))
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        join pg_type as t on t.oid = a.atttypid
        left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relnamespace::regnamespace::text in {OURS} and a.attnum > 0 and not a.attisdropped
          and c.relkind in ('r', 'p', 'v', 'm', 'c', 'f')
    """,
    "constraint": f"""
        select format('%s.%s %s valid=%s comment=%s', coalesce(nullif(c.conrelid, 0)::regclass::text,
          c.contypid::regtype::text), c.conname, pg_get_constraintdef(c.oid), c.convalidated,
          obj_description(c.oid, 'pg_constraint'))
        from pg_constraint as c where c.connamespace::regnamespace::text in {OURS}
    """,
    "index": f"""
        select format('%s valid=%s clustered=%s comment=%s', pg_get_indexdef(i.indexrelid),
          i.indisvalid, i.indisclustered, obj_description(i.indexrelid, 'pg_class'))
        from pg_index as i join pg_class as c on c.oid = i.indexrelid
        where c.relnamespace::regnamespace::text in {OURS}
    """,
    "statistics": f"""
        select pg_get_statisticsobjdef(s.oid) from pg_statistic_ext as s
        where s.stxnamespace::regnamespace::text in {OURS}
    """,
    "function": f"""
        select format('%s owner=%s acl=%s comment=%s', case when p.prokind = 'a' then
          p.oid::regprocedure::text else pg_get_functiondef(p.oid) end, p.proowner::regrole,
          {ACL.format(acl="p.proacl", kind="f", owner="p.proowner")},
          obj_description(p.oid, 'pg_proc'))
        from pg_proc as p
        where p.pronamespace::regnamespace::text in {OURS}
          and {NOT_FROM_EXTENSION.format(catalogue="'pg_catalog.pg_proc'", oid="p.oid")}
    """,
    "type": f"""
        select format('%s %s owner=%s acl=%s labels=%s domain=%s default=%s comment=%s', t.typtype,
          t.oid::regtype, t.typowner::regrole,
          {ACL.format(acl="t.typacl", kind="T", owner="t.typowner")},
          (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid),
          case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end, t.typdefault,
          obj_description(t.oid, 'pg_type'))
        from pg_type as t
        where t.typnamespace::regnamespace::text in {OURS} and t.typtype in ('e', 'd', 'c', 'r')
          and not exists (select 1 from pg_class as c where c.oid = t.typrelid and c.relkind <> 'c')
    """,
    "trigger": f"""
        select format('%s enabled=%s comment=%s', pg_get_triggerdef(t.oid), t.tgenabled,
          obj_description(t.oid, 'pg_trigger'))
        from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
        where not t.tgisinternal
          and (c.relnamespace::regnamespace::text in {OURS} or c.relnamespace::regnamespace::text in {PLATFORM})
    """,
    "policy": f"""
        select format('%s on %s.%s %s %s to %s using (%s) check (%s) comment=%s', p.polname,
          c.relnamespace::regnamespace, c.relname, p.polcmd,
          case when p.polpermissive then 'permissive' else 'restrictive' end,
          (select array_agg(r::regrole::text order by r::regrole::text) from unnest(p.polroles) as r),
          pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
          obj_description(p.oid, 'pg_policy'))
        from pg_policy as p join pg_class as c on c.oid = p.polrelid
        where c.relnamespace::regnamespace::text in {OURS} or c.relnamespace::regnamespace::text in {PLATFORM}
    """,
    "default privileges": """
        select format('%s in %s for %s: %s', d.defaclrole::regrole,
          coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'any schema'), d.defaclobjtype,
          (select array_agg(x::text order by x::text) from unnest(d.defaclacl) as x))
        from pg_default_acl as d
    """,
    "event trigger": """
        select format('%s on %s %s enabled=%s', e.evtname, e.evtevent, e.evtfoid::regprocedure, e.evtenabled)
        from pg_event_trigger as e
    """,
    "publication": """
        select format('%s %s', p.pubname, t.schemaname || '.' || t.tablename)
        from pg_publication as p left join pg_publication_tables as t on t.pubname = p.pubname
    """,
    "bucket": """
        select format('%s public=%s limit=%s types=%s', b.id, b.public, b.file_size_limit, b.allowed_mime_types)
        from storage.buckets as b
    """,
}


def describe(url: str) -> list[str]:
    """Return every line for one database."""
    found: list[str] = []
    with psycopg.connect(url) as connection:
        # Names are printed in full, whatever the search path.
        connection.execute("select set_config('search_path', 'pg_catalog', true)")
        for kind, query in QUERIES.items():
            for (text,) in connection.execute(query.encode()).fetchall():
                # Nested ANDs lose a level of parentheses when their own printout is run again.
                shown = re.sub(r"[()]", "", text) if kind in EXPRESSIONS else text
                found.append(f"{kind}: {shown}")
    return sorted(found)


def differences(actual_url: str, wanted_url: str) -> list[str]:
    """Return what one database has and the other lacks, in the form of a diff."""
    actual, wanted = describe(actual_url), describe(wanted_url)
    return [
        line
        for line in difflib.unified_diff(actual, wanted, n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
