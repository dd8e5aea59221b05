"""Lists of fifty appointments under row level security, beside the same query without it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bench.data import Database
from bench.timing import Session, alternate

COLUMNS = (
    "select id, client_id, practitioner_id, starts_at, ends_at, status from public.appointments"
)


@dataclass(frozen=True)
class List:
    """One list as apps ask for it: who asks, and the filter as the API writes it."""

    name: str
    reader: str
    query: str
    parameters: tuple[str, ...]


LISTS = (
    List(
        "client",
        "client_user_id",
        f"{COLUMNS} where client_id = %s order by starts_at limit 50",
        ("client_id",),
    ),
    List(
        "practitioner",
        "practitioner_user_id",
        f"{COLUMNS} where practitioner_id = %s and starts_at >= now() order by starts_at limit 50",
        ("practitioner_id",),
    ),
    List(
        "week",
        "desk_id",
        f"{COLUMNS} where organization_id = %s and starts_at >= now()"
        " and starts_at < now() + interval '7 days' order by starts_at limit 50",
        ("organization_id",),
    ),
    List(
        "open",
        "desk_id",
        f"{COLUMNS} where organization_id = %s order by starts_at limit 50",
        ("organization_id",),
    ),
)
UNFILTERED = f"{COLUMNS} order by starts_at limit 50"


def people(database: Database) -> list[dict[str, object]]:
    """Return one practitioner of each of fifty organizations, with desk and a client."""
    names = (
        "organization_id",
        "desk_id",
        "practitioner_id",
        "practitioner_user_id",
        "client_id",
        "client_user_id",
    )
    found = database.rows("""
        select p.organization_id, o.desk_id, p.id, p.user_id, c.id, c.user_id
        from bench.organizations as o
        join bench.practitioners as p on p.organization_n = o.n and p.i = o.n %% 10
        join bench.clients as c on c.organization_n = o.n and c.i = o.n * 7 %% 300
        order by o.n
        limit 50
    """)
    return [dict(zip(names, row, strict=True)) for row in found]


def ratios(database: Database, seconds: float) -> dict[str, float]:
    """Return the time under row level security per time without, for each list."""
    everyone = people(database)
    user, superuser = Session(database.url, as_user=True), Session(database.url, as_user=False)
    found = {}
    for wanted in LISTS:

        def under_rls(turn: int, wanted: List = wanted) -> object:
            person = everyone[turn % len(everyone)]
            return user.run(wanted.query, [person[name] for name in wanted.parameters])

        def without(turn: int, wanted: List = wanted) -> object:
            person = everyone[turn % len(everyone)]
            return superuser.run(wanted.query, [person[name] for name in wanted.parameters])

        def sign_in(turn: int, wanted: List = wanted) -> object:
            return user.sign_in(everyone[turn % len(everyone)][wanted.reader])

        medians = alternate({"rls": under_rls, "none": without}, before=sign_in, seconds=seconds)
        found[wanted.name] = medians["rls"] / medians["none"]

    def unfiltered(_: int) -> object:
        return user.run(UNFILTERED)

    def filtered(turn: int) -> object:
        return user.run(LISTS[3].query, [everyone[turn % len(everyone)]["organization_id"]])

    def desk(turn: int) -> object:
        return user.sign_in(everyone[turn % len(everyone)]["desk_id"])

    medians = alternate({"rls": unfiltered, "list": filtered}, before=desk, seconds=seconds)
    found["unfiltered"] = medians["rls"] / medians["list"]
    user.close()
    superuser.close()
    return found


def growth(large: Database, small: Database, seconds: float) -> dict[str, float]:
    """Return the time of each list in the large database per that in the small one."""
    sessions = {
        "large": Session(large.url, as_user=True),
        "small": Session(small.url, as_user=True),
    }
    # As many readers on both sides: what is compared is the size of the tables.
    few = people(small)
    readers = {"large": people(large)[: len(few)], "small": few}
    found = {}
    for wanted in LISTS:

        def sign_in(turn: int, wanted: List = wanted) -> None:
            for name, session in sessions.items():
                people = readers[name]
                session.sign_in(people[turn % len(people)][wanted.reader])

        def read(turn: int, name: str, wanted: List = wanted) -> object:
            person = readers[name][turn % len(readers[name])]
            parameters = [person[column] for column in wanted.parameters]
            return sessions[name].run(wanted.query, parameters)

        medians = alternate(
            {"large": partial(read, name="large"), "small": partial(read, name="small")},
            before=sign_in,
            seconds=seconds,
        )
        found[wanted.name] = medians["large"] / medians["small"]
    for session in sessions.values():
        session.close()
    return found
