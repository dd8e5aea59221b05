"""A fixed sample of the mutants of `make mutants`, and that the harness can tell good from bad."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mutants import survey
from tests.mutants.catalogue import Mutant
from tests.stack_fixture import TestStack

SAMPLE = 100


@pytest.fixture(scope="module")
def urls(stack: TestStack) -> Iterator[list[str]]:
    if not stack.is_embedded:
        pytest.skip("mutates databases of its own, made from the embedded stack's template")
    with survey.databases(stack.db_url, 2) as found:
        yield found


def test_no_mutant_of_the_sample_survives(urls: list[str]) -> None:
    found = survey.all_mutants(urls[0])
    assert len(found) > 500
    verdicts = survey.survey(urls, survey.sample(found, SAMPLE))
    excused = survey.excused()
    assert [v.mutant.id for v in verdicts if v.impossible] == []
    assert [v.mutant.id for v in verdicts if v.survived and v.mutant.id not in excused] == []


def test_a_change_that_weakens_nothing_survives(urls: list[str]) -> None:
    statement = "grant select on public.rooms to authenticated"
    harmless = Mutant("grant what is granted rooms", "grant", "rooms", (statement,))
    with survey.laboratory(urls[0]) as (db, found):
        assert survey.judge(db, found, harmless, ["snapshot"]).survived


def test_a_mutant_leaves_nothing_behind(urls: list[str]) -> None:
    statement = "drop policy select_people on public.rooms"
    mutant = Mutant("drop policy rooms select_people", "policy", "rooms", (statement,))
    with survey.laboratory(urls[0]) as (db, found):
        assert survey.judge(db, found, mutant).killer
        row = db.execute("select 1 from pg_policies where policyname = 'select_people'").fetchone()
        assert row is not None


def test_excuses_have_reasons(urls: list[str]) -> None:
    known = {mutant.id for mutant in survey.all_mutants(urls[0])}
    excused = survey.excused()
    assert excused.keys() - known == set()
    assert [mutant for mutant, reason in excused.items() if len(reason) < 20] == []
