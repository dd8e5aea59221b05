"""Tries everything as everybody, in SQL: what a persona sees, writes and calls, measured.

A probe runs one statement in a role with claims inside a subtransaction and takes it back, so that
tens of thousands of them fit into one transaction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.access.world import PAIRS, STAFF, World, at
from tests.conftest import Connection

# Who tries, and as which user; `operator` is the role that owns the schema.
PERSONAS: dict[str, str | None] = {
    "anon": None,
    "stranger": "ours.stranger",
    "foreign": "theirs.owner",
    "removed": "ours.removed",
    "client": "ours.client",
    "other": "ours.other",
    "practitioner": "ours.practitioner",
    "receptionist": "ours.receptionist",
    "admin": "ours.admin",
    "owner": "ours.owner",
    "operator": None,
}
CALLERS = tuple(name for name in PERSONAS if name != "operator")
# Columns that say whose row it is, and what of ours they hold.
LINKS = {"client_id": "clients", "practitioner_id": "practitioners"}

# Where a copy of an existing row would collide with it.
FRESH = {
    "service_practitioners": {"service_id": "services.spare"},
    "service_rooms": {"service_id": "services.spare"},
    "client_tags": {"client_id": "clients.walkin"},
    "members": {"user_id": "stranger"},
    "appointments": {
        "client_id": "clients.walkin",
        "practitioner_id": "practitioners.freelancer",
    },
}

PROBE = b"""
create or replace function pg_temp.probe(who text, claims text, statements text[])
returns text[] language plpgsql as $probe$
declare
  v_statement text;
  v_value text;
  v_state text;
  v_message text;
  v_detail text;
  v_constraint text;
  v_column text;
  v_results text[] := '{}';
begin
  foreach v_statement in array statements loop
    v_value := null;
    begin
      if who <> 'operator' then
        perform set_config('request.jwt.claims', claims, true),
          set_config('request.jwt.claim.sub', coalesce(claims::jsonb ->> 'sub', ''), true),
          set_config('role', who, true);
      end if;
      if v_statement ~ '^(select|with) ' then
        execute v_statement into v_value;
      else
        execute v_statement;
        get diagnostics v_value = row_count;
      end if;
      set constraints all immediate;
      raise exception using errcode = 'PX999', message = 'ok';
    exception when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text,
        v_detail = pg_exception_detail, v_constraint = constraint_name,
        v_column = column_name;
    end;
    v_results := v_results || case
      when v_state = 'PX999' then 'ok ' || coalesce(v_value, '')
      when v_state like 'PT%' then v_message || ' ' || v_detail
      when v_state = '42501' and v_message like 'permission denied%' then 'denied ' || v_message
      when v_state = '23502' then concat_ws(' ', v_state, v_column)
      when v_state = '42501' then 'policy'
      else concat_ws(' ', v_state, nullif(v_constraint, ''))
    end;
  end loop;
  return v_results;
end
$probe$
"""


def prepare(db: Connection) -> None:
    """Make the function that runs probes; it lives as long as the session."""
    db.execute(PROBE)


def run(db: Connection, world: World, persona: str, statements: list[str]) -> list[str]:
    """Run each statement as a persona and return what came of it."""
    role, claims = "authenticated", {"role": "authenticated", "aud": "authenticated"}
    if persona in {"anon", "operator"}:
        role, claims = persona, {"role": persona}
    elif user := PERSONAS[persona]:
        claims["sub"] = world.id(user)
    row = db.execute(
        b"select pg_temp.probe(%s, %s, %s) as results", [role, json.dumps(claims), statements]
    ).fetchone()
    assert row is not None
    results: list[str] = row["results"]
    return results


@dataclass(frozen=True)
class Column:
    """A column, as far as probes care."""

    name: str
    type: str
    required: bool
    nullable: bool
    generated: bool
    identity: bool


@dataclass(frozen=True)
class Relation:
    """A table or view, and whose rows it holds."""

    name: str
    kind: str
    columns: tuple[Column, ...]

    @property
    def is_public(self) -> bool:
        """Say whether the API exposes it."""
        return "." not in self.name

    @property
    def qualified(self) -> str:
        """The name with its schema."""
        return f"public.{self.name}" if self.is_public else self.name

    def has(self, column: str) -> bool:
        """Say whether there is such a column."""
        return any(known.name == column for known in self.columns)

    def of(self, world: World, side: str) -> str:
        """Return the condition that a row is of a practice."""
        organization = world.id(f"{side}.organization")
        if self.has("organization_id"):
            return f"organization_id = '{organization}'"
        if self.name == "organizations":
            return f"id = '{organization}'"
        if self.has("user_id"):
            ids = ", ".join(f"'{world.id(f'{side}.{name}')}'" for name in (*STAFF, "client"))
            return f"user_id in ({ids})"
        if self.has("bank_account_id"):
            return f"bank_account_id = '{world.id(f'{side}.bank_account')}'"
        if not self.is_public:
            # Server-side state of nobody in particular; the world's rows carry its name.
            texts = ", ".join(column.name for column in self.columns if column.type == "text")
            return f"concat_ws(' ', {texts}) like '%{world.prefix}-{side}%'"
        message = f"{self.name} does not say whose its rows are; teach tests/access/probes.py"
        raise LookupError(message)

    def linked(self, world: World, persona: str) -> str:
        """Return the condition that a row is about the persona, not only of the practice."""
        user = PERSONAS[persona]
        if user is None:
            return "false"
        found = []
        for column, table in LINKS.items():
            if self.has(column):
                found.append(f"{column} = '{world.id(user.replace('.', f'.{table}.'))}'")
        if self.name in LINKS.values():
            found.append(f"id = '{world.id(user.replace('.', f'.{self.name}.'))}'")
        found += [
            f"{column} = '{world.id(user)}'"
            for column in ("user_id", "created_by")
            if self.has(column)
        ]
        # A row about a client and a practitioner has one of each; who made it matters less.
        return " or ".join(f"coalesce({part}, false)" for part in found) or "false"


def relations(db: Connection) -> list[Relation]:
    """Return every relation of both schemas, but not the sets that policies ask.

    Whose rows they hold is whoever asks: tests/sql/10_identity/15_sets.sql.
    """
    rows = db.execute(
        """
        select c.oid::regclass::text as name, c.relkind::text as kind, json_agg(
          json_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
            'required', a.attnotnull and not a.atthasdef,
            'nullable', not a.attnotnull, 'identity', a.attidentity = 'a',
            'generated', a.attgenerated <> '' or a.attidentity = 'a'
          ) order by a.attname
        ) as columns
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as a
          on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
          and not (c.relnamespace = 'private'::regnamespace and c.relkind = 'v')
        group by c.oid
        order by c.relnamespace::regnamespace::text desc, c.relname
        """
    )
    return [
        Relation(row["name"], row["kind"], tuple(Column(**column) for column in row["columns"]))
        for row in rows
    ]


def one(db: Connection, query: str) -> Any:
    """Return a single value, as the owner of the schema."""
    row = db.execute(query.encode()).fetchone()
    assert row is not None
    return next(iter(row.values()))


class Table:
    """The probes of one relation, and how their results read."""

    def __init__(self, db: Connection, world: World, relation: Relation) -> None:
        self.db, self.world, self.relation = db, world, relation
        self.ours = relation.of(world, "ours")
        self.theirs = relation.of(world, "theirs")
        self.total = self.count(self.ours)

    def count(self, condition: str) -> int:
        return int(
            one(self.db, f"select count(*) from {self.relation.qualified} where {condition}")
        )

    def candidates(self, persona: str) -> dict[str, str]:
        """Return rows to copy: one about the persona, one of the practice, one from elsewhere."""
        linked = self.relation.linked(self.world, persona)
        conditions = {
            "own": f"({self.ours}) and ({linked})",
            "other": f"({self.ours}) and not ({linked})",
            "theirs": self.theirs,
        }
        found = {}
        for which, condition in conditions.items():
            row = self.db.execute(
                f"select to_json(t)::text as row from {self.relation.qualified} as t"
                f" where {condition} order by (to_jsonb(t) - 'id')::text limit 1".encode()
            ).fetchone()
            if row is not None:
                found[which] = self.freshened(row["row"], "ours" if which != "theirs" else which)
        return found

    def freshened(self, row: str, side: str) -> str:
        changes = FRESH.get(self.relation.name, {})
        values = {column: self.world.id(f"{side}.{name}") for column, name in changes.items()}
        return json.dumps({**json.loads(row), **values}) if values else row

    # Reading ------------------------------------------------------------------------------------

    def select(self, persona: str) -> str:
        linked = self.relation.linked(self.world, persona)
        conditions = (self.ours, f"({self.ours}) and ({linked})", self.theirs)
        counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
        statement = f"select concat_ws(' ', {counts}) from {self.relation.qualified}"
        (result,) = run(self.db, self.world, persona, [statement])
        if not result.startswith("ok"):
            inside = self.relation.kind == "v" and not result.endswith(f"view {self.relation.name}")
            return "within" if inside else result.split()[0]
        seen, own, foreign = (int(word) for word in result.split()[1:])
        leaks = foreign and persona not in {"foreign", "operator"}
        return self.share(seen, own, persona) + (" +theirs" if leaks else "")

    def share(self, seen: int, own: int, persona: str) -> str:
        """Name a number of our rows."""
        if seen == 0:
            return "none"
        if seen == self.total:
            return "all"
        linked = self.relation.linked(self.world, persona)
        if seen == own == self.count(f"({self.ours}) and ({linked})"):
            return "own"
        return "part"

    def columns_read(self, persona: str) -> list[str]:
        statements = [
            f"select count({column.name}) from {self.relation.qualified}"
            for column in self.relation.columns
        ]
        results = run(self.db, self.world, persona, statements)
        return [result.split()[0] for result in results]

    # Writing ------------------------------------------------------------------------------------

    def insert_statement(self, row: str, columns: Iterable[str]) -> str:
        targets = list(columns)
        # Ids are new; everything else is as plausible as a copy can be.
        values = ["gen_random_uuid()" if name == "id" else name for name in targets]
        literal = row.replace("'", "''")
        return (
            f"insert into {self.relation.qualified} ({', '.join(targets)})"
            f" select {', '.join(values)} from"
            f" json_populate_record(null::{self.relation.qualified}, '{literal}')"
        )

    def required(self) -> list[str]:
        return [c.name for c in self.relation.columns if c.required and not c.generated]

    def inserts(self, persona: str) -> dict[str, str]:
        """Return the outcome of an insert with the required columns, then with one more each."""
        required = self.required()
        if not required:
            required = [c.name for c in self.relation.columns if not c.generated][:1]
        attempts = {"": required}
        for column in self.relation.columns:
            if column.name not in required and not column.generated:
                attempts[column.name] = [*required, column.name]
        rows = self.candidates("practitioner" if persona == "operator" else persona)
        found = {}
        results = iter(
            run(
                self.db,
                self.world,
                persona,
                [
                    self.insert_statement(row, columns)
                    for columns in attempts.values()
                    for row in rows.values()
                ],
            )
        )
        for extra in attempts:
            outcomes = {which: next(results) for which in rows}
            found[extra] = merge(outcomes, tells=persona not in {"foreign", "operator"})
        return found

    def updates(self, persona: str) -> dict[str, str]:
        """Return, for each column, how many of our rows a persona may set it in."""
        linked = self.relation.linked(self.world, persona)
        columns = [c.name for c in self.relation.columns if not c.generated]
        conditions = (self.ours, f"({self.ours}) and ({linked})", self.theirs)
        statements = [
            f"update {self.relation.qualified} set {column} = {column} where {condition}"
            for column in columns
            for condition in conditions
        ]
        results = run(self.db, self.world, persona, statements)
        found = {}
        for number, column in enumerate(columns):
            found[column] = self.affected(results[3 * number : 3 * number + 3], persona)
        return found

    def affected(self, results: list[str], persona: str) -> str:
        refused = [result for result in results if not result.startswith("ok")]
        if refused:
            return refused[0].split()[0]
        seen, own, foreign = (int(result.split()[1]) for result in results)
        leaks = foreign and persona not in {"foreign", "operator"}
        return self.share(seen, own, persona) + (" +theirs" if leaks else "")

    def delete(self, persona: str) -> str:
        """Return whose rows a persona may delete; a row that history holds back counts."""
        key = "t::text" if self.relation.kind == "r" else "1::text"
        rows = self.db.execute(
            f"select t.ctid::text as place, ({self.relation.linked(self.world, persona)}) as own"
            f" from {self.relation.qualified} as t where {self.ours} order by {key}".encode()
            if self.relation.kind == "r"
            else f"select '' as place, false as own from {self.relation.qualified} limit 0".encode()
        ).fetchall()
        name = self.relation.qualified
        # By condition first: it says denied, or how many go when nothing holds them back.
        first, foreign, everything = run(
            self.db,
            self.world,
            persona,
            [
                f"delete from {name} where {self.ours}",
                f"delete from {name} where {self.theirs}",
                f"delete from {name}",
            ],
        )
        if first.startswith(("denied", "policy")) or not rows:
            return first.split()[0]
        tells = persona not in {"foreign", "operator"}
        leaks = foreign != "ok 0" and tells
        each = run(
            self.db,
            self.world,
            persona,
            [f"delete from {name} where ctid = '{row['place']}'" for row in rows],
        )
        tokens = {result for result in each if re.match(r"[a-z_]+ ", result)} - {"ok 0", "ok 1"}
        if tokens:
            return min(tokens).split()[0]
        passed = [result != "ok 0" for result in each]
        # A condition reads columns, which brings in the policy of select. Without one, whoever may
        # delete nothing gets at nothing either.
        leaks = leaks or (tells and not any(passed) and everything != "ok 0")
        own = sum(p for p, row in zip(passed, rows, strict=True) if row["own"])
        return self.share(sum(passed), own, persona) + (" +theirs" if leaks else "")

    def write_through(self, persona: str) -> str:
        """Return whether a view lets anything through but reading."""
        name, column = self.relation.qualified, self.relation.columns[0].name
        trigger = "for each row execute function suppress_redundant_updates_trigger()"
        results = run(
            self.db,
            self.world,
            persona,
            [
                f"insert into {name} default values",
                f"update {name} set {column} = {column}",
                f"delete from {name}",
                f"create trigger probe instead of delete on {name} {trigger}",
            ],
        )
        # 55000, 0A000: this cannot be written through, whoever tries; a trigger would change that.
        words = [result.split()[0] for result in results]
        return next((word for word in words if word not in {"denied", "55000", "0A000"}), "denied")

    def truncate(self, persona: str) -> str:
        (result,) = run(
            self.db, self.world, persona, [f"truncate {self.relation.qualified} cascade"]
        )
        word = result.split()[0]
        if "Rows of " in result and f" {self.relation.name} " not in result:
            # Only because a table that goes with it is never emptied.
            return "cascade"
        return word


def merge(outcomes: dict[str, str], *, tells: bool) -> str:
    """Name the outcomes for one's own row, another's of the practice, and one from elsewhere."""
    short = {which: outcome.split()[0] for which, outcome in outcomes.items()}
    theirs = short.pop("theirs", "policy")
    leaks = " +theirs" if theirs == "ok" and tells else ""
    kinds = set(short.values())
    if not kinds:
        return theirs
    if len(kinds) == 1:
        (kind,) = kinds
        return kind + leaks
    if short == {"own": "ok", "other": "policy"}:
        return "own" + leaks
    return "/".join(short.values()) + leaks


# Functions ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Function:
    """A function and its arguments."""

    name: str
    schema: str
    identity: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    required: int
    variadic: bool
    strict: bool
    returns: str


def functions(db: Connection) -> list[Function]:
    """Return every function of both schemas that is not an extension's."""
    rows = db.execute(
        """
        select p.proname as name, n.nspname as schema,
          pg_get_function_identity_arguments(p.oid) as identity,
          coalesce(p.proargnames[:p.pronargs], array[]::text[]) as names,
          array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a (t, n)
            order by n) as types,
          p.pronargs - p.pronargdefaults as required, p.provariadic <> 0 as variadic,
          p.proisstrict as strict, format_type(p.prorettype, null) as returns
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where n.nspname in ('public', 'private') and not exists (
          select 1 from pg_catalog.pg_depend as d
          where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid
            and d.deptype = 'e'
        )
        order by n.nspname desc, p.proname, 3
        """
    )
    return [
        Function(**{**row, "names": tuple(row["names"]), "types": tuple(row["types"])})
        for row in rows
    ]


# Which appointment a function starts from; the others take one that is confirmed.
STATES = {
    "book_appointment": "confirmed",
    "cancel_block": "first",
    "confirm_appointment": "pending",
    "mark_invoiced": "completed",
    "pay_appointment": "payable",
    "reschedule_block": "first",
}
# Which invoice a function starts from; the others take one that is issued.
DRAFTS = {"issue_invoice", "update_invoice"}
TOLD = "coalesce(to_jsonb(answer), 'null') not in ('null', '[]')"
BY_PAIR = {
    "appointment_id",
    "appointment_ids",
    "client_id",
    "client_ids",
    "invoice_id",
    "invoice_ids",
    "payment_id",
    "practitioner_id",
    "report_id",
    "waitlist_entry_id",
    "waitlist_offer_id",
}
OPTIONAL = {
    "organization_id",
    "practitioner_id",
    "client_id",
    "client_ids",
    "subject",
    "waitlist_offer_id",
}


def arguments(world: World, function: Function, pair: str) -> dict[str, str]:
    """Return SQL for the arguments, by name; what has no name here is made by type."""
    client, practitioner = PAIRS[pair]
    state = STATES.get(function.name, "confirmed")
    appointment = world.id(f"ours.{pair}.{state}")
    invoice = world.id(f"ours.{pair}.invoices.{'draft' if function.name in DRAFTS else 'issued'}")
    message = world.id("ours.messages.pending")
    hour = 12 if pair == "own" else 14
    values = {
        "organization_id": world.id("ours.organization"),
        "organization_slug": world.slug("ours"),
        "client_id": world.id(f"ours.clients.{client}"),
        "practitioner_id": world.id(f"ours.practitioners.{practitioner}"),
        "service_id": world.id("ours.services.talk"),
        "location_id": world.id("ours.location"),
        "room_id": world.id("ours.rooms.room"),
        "appointment_id": appointment,
        "appointment_ids": f"{{{appointment}}}",
        "member_id": world.id("ours.members.spare"),
        "invitation_id": world.id("ours.invitations.staff"),
        "waitlist_entry_id": world.id(f"ours.{pair}.waiting"),
        "waitlist_offer_id": world.id(f"ours.{pair}.offer"),
        "slot_start": f"={at(20, 9)}",
        "slot_end": f"={at(20, 10)}",
        "preferences": "{}",
        "operation_id": world.id("ours.bulk"),
        "invoice_id": invoice,
        "invoice_ids": f"{{{invoice}}}",
        "payment_id": world.id(f"ours.{pair}.payment"),
        "message_id": message,
        "message_ids": f"{{{message}}}",
        "lease": message,
        "links": "[]",
        "notification_id": world.id("ours.messages.arrived"),
        "channel": "email",
        "kind": "appointment_reminder",
        "platform": "web",
        "registration": "registration-of-a-device",
        "subject": "Hello",
        "client_ids": f"{{{world.id(f'ours.clients.{client}')}}}",
        "provider": "resend",
        "state": "delivered",
        "content_type": "application/pdf",
        "file_name": "report.pdf",
        "size_bytes": "100",
        "digest": "a" * 64,
        "file_hash": "a" * 64,
        "started_at": "=now()",
        "start_time": "22:00",
        "end_time": "07:00",
        "report_id": world.id(f"ours.{pair}.client_report"),
        "billing_report_id": world.id("ours.report"),
        "bank_account_id": world.id("ours.bank_account"),
        "bank_transaction_id": world.id("ours.bank.unmatched"),
        "transactions": '[{"booked_on": "2026-01-05", "amount": 100, "currency": "CZK"}]',
        "source": "csv",
        "synced_until": "2026-01-05",
        "owner_user_id": world.id("ours.stranger"),
        "token": world.token("ours.staff"),
        "email": "new@example.test",
        "slug": f"{world.prefix}-new",
        "timezone": "Europe/Prague",
        "currency": "CZK",
        "query": "Client",
        "role": "receptionist",
        "scope": "this",
        "class": "read",
        "amount": "100",
        "occurrences": "2",
        "period_start": "2026-01-01",
        "period_end": "2026-02-01",
        "from_date": "=((now() at time zone 'Europe/Prague')::date + 1)",
        "to_date": "=((now() at time zone 'Europe/Prague')::date + 2)",
        "day": "=((now() at time zone 'Europe/Prague')::date + 1)",
        "from_day": "=((now() at time zone 'Europe/Prague')::date + 1)",
        "to_day": "=((now() at time zone 'Europe/Prague')::date + 2)",
        "starts_at": f"={at(10 if 'block' in function.name else 20, hour)}",
    }
    rows = '[{"number": 1, "given_name": "A", "family_name": "B"}]'
    by_type = {"jsonb": rows, "text": "given", "integer": "1", "bigint": "1", "boolean": "true"}
    if function.name == "create_invitation":
        # One purpose per invitation: the role.
        values.pop("client_id")
    if function.name == "erase_client":
        # Who has sessions to come is not erased.
        values["client_id"] = world.id("ours.clients.walkin")
    given = {}
    for number, (name, kind) in enumerate(zip(function.names, function.types, strict=True)):
        wanted = number < function.required or (name in OPTIONAL and name in values)
        if not wanted and (function.name, name) != ("create_invitation", "role"):
            continue
        value = values.get(name, by_type.get(kind))
        if value is None:
            message = f"no argument {name} {kind} for {function.name}: tests/access/probes.py"
            raise LookupError(message)
        given[name] = f"({value[1:]})::{kind}" if value[0] == "=" else f"'{value}'::{kind}"
    return given


def calls(world: World, function: Function) -> Iterator[tuple[str, str]]:
    """Return the calls to try, each with what it is about."""
    if function.schema == "private":
        # A strict function of null is null without being called.
        given = "''" if function.strict else "null"
        values = [f"{given}::{kind}" for kind in function.types]
        if function.variadic:
            values[-1] = f"variadic {values[-1]}"
        yield "", f"select private.{function.name}({', '.join(values)})::text"
        return
    pairs = PAIRS if BY_PAIR & set(function.names) else ("own",)
    for pair in pairs:
        listed = ", ".join(
            f"{name} => {value}" for name, value in arguments(world, function, pair).items()
        )
        label = ({"own": "client's", "other": "other's"}[pair]) if len(pairs) > 1 else ""
        told = "" if function.returns == "void" else f" where {TOLD}"
        yield label, f"select count(*) from public.{function.name}({listed}) as answer{told}"


def outcome(function: Function, result: str) -> str:
    """Return 'ok', a token or a SQLSTATE; inside `private` only whether it may be called."""
    word = result.split(maxsplit=1)[0]
    if word == "denied" and result != f"denied permission denied for function {function.name}":
        # Let in, and stopped by what it wanted to read.
        word = "within"
    if function.schema == "private" and word != "denied":
        return "callable"
    return "empty" if result == "ok 0" else word
