"""What exists, asked from the database and the code, for comparison with what is documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import main
from tests.conftest import Connection

TARGETS: Mapping[str, Any] = main.TARGETS


def public_functions(db: Connection) -> dict[str, str]:
    """Return the signature of every RPC, with ? after arguments that may be left out."""
    found = db.execute(
        """
        select p.proname as name, p.pronargs as count, p.pronargdefaults as optional,
          coalesce(p.proargnames, '{}') as arguments
        from pg_catalog.pg_proc as p
        where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
        """
    ).fetchall()
    signatures: dict[str, str] = {}
    for row in found:
        assert row["name"] not in signatures, f"{row['name']} is overloaded"
        required = row["count"] - row["optional"]
        arguments = [
            name if position < required else f"{name}?"
            for position, name in enumerate(row["arguments"][: row["count"]])
        ]
        signatures[row["name"]] = f"{row['name']}({', '.join(arguments)})"
    return signatures


def public_relations(db: Connection) -> dict[str, str]:
    """Return every table and view of the API with its kind."""
    found = db.execute(
        """
        select relname as name, case relkind when 'v' then 'view' else 'table' end as kind
        from pg_catalog.pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        """
    ).fetchall()
    return {row["name"]: row["kind"] for row in found}


def function_routes() -> set[str]:
    """Return `METHOD /path` of every route of the cloud functions."""
    routes: set[str] = set()
    for name in TARGETS:
        function = getattr(main, name.upper())
        routes |= {f"{route.method} /{name}{route.path}" for route in function.routes}
    return routes
