"""The measured matrix equals the committed one: access changes where a reviewer sees it."""

from __future__ import annotations

import difflib
import os

import pytest

from tests.access import matrix, probes
from tests.access.world import World
from tests.conftest import Connection


def test_everybody_may_do_what_is_committed(sql: Connection, practices: World) -> None:
    measured = matrix.render(sql, practices)
    if os.environ.get("UPDATE_ACCESS"):
        matrix.COMMITTED.write_text(measured, encoding="utf-8")
    if changes := differences(matrix.COMMITTED.read_text(encoding="utf-8"), measured):
        pytest.fail("Access differs from tests/access/matrix.txt:\n" + changes, pytrace=False)


def differences(committed: str, measured: str) -> str:
    """Return the changed lines, each below what it was."""
    changed = difflib.unified_diff(
        committed.splitlines(), measured.splitlines(), "committed", "measured", n=0, lineterm=""
    )
    return "\n".join(text for text in changed if not text.startswith("@@"))


def test_a_new_table_needs_a_row_and_a_line(sql: Connection, practices: World) -> None:
    sql.execute("create table public.tests_new (organization_id uuid not null)")
    (relation,) = [found for found in probes.relations(sql) if found.name == "tests_new"]
    with pytest.raises(LookupError, match="makes no row of tests_new"):
        list(matrix.relation_lines(sql, practices, relation))
    sql.execute("insert into public.tests_new values (%s)", [practices.id("ours.organization")])
    (select, *_) = matrix.relation_lines(sql, practices, relation)
    assert select.split() == ["tests_new", "select", *["denied"] * 10, "all"]
    assert select not in matrix.COMMITTED.read_text(encoding="utf-8")


def test_a_new_function_needs_arguments_and_a_line(sql: Connection, practices: World) -> None:
    sql.execute("create function public.tests_new(shape box) returns int language sql return 1")
    (function,) = [found for found in probes.functions(sql) if found.name == "tests_new"]
    with pytest.raises(LookupError, match="no argument shape box for tests_new"):
        list(probes.calls(practices, function))


def test_differences_name_the_lines() -> None:
    assert differences("a ok\nb ok\n", "a ok\nb denied\n").splitlines() == [
        "--- committed",
        "+++ measured",
        "-b ok",
        "+b denied",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("grant select on public.members to anon", "members select"),
        ("drop policy update_managers on public.rooms", "rooms update"),
        ("grant update (price_amount) on public.appointments to authenticated", "appointments up"),
        (
            "alter policy select_people on public.services using (true)",
            "services select",
        ),
        (
            "grant execute on function private.hash_token(text) to authenticated",
            "private.hash_token",
        ),
    ],
)
def test_a_change_of_access_is_seen(
    sql: Connection, practices: World, change: str, expected: str
) -> None:
    sql.execute(change.encode())
    about = expected.split(maxsplit=1)[0]
    lines = [
        text
        for relation in probes.relations(sql)
        if relation.name == about
        for text in matrix.relation_lines(sql, practices, relation)
    ]
    lines += [
        text
        for function in probes.functions(sql)
        if f"{function.schema}.{function.name}" == about
        for text in matrix.function_lines(sql, practices, function)
    ]
    committed = set(matrix.COMMITTED.read_text(encoding="utf-8").splitlines())
    assert any(text.startswith(expected) for text in lines if text not in committed)
