"""Weakens the database in every way its catalogue knows; `make mutants` wants a test to notice.

    python -m tests.mutants [--only TEXT] [--sample N] [--jobs N]

Runs on a PostgreSQL of its own, or on that of PRAXIS_TEST_STACK. Ends with 1 when a mutant survives
that tests/mutants/survivors.txt does not excuse.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections import Counter

from tests.mutants import survey
from tests.mutants.survey import Verdict
from tests.stack_fixture import TestStack, own_stack


def main() -> int:
    """Run the survey and report."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    parser.add_argument("--sample", type=int, default=0, help="a fixed choice of about so many")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    started = time.monotonic()
    with contextlib.ExitStack() as opened:
        stack = TestStack.from_environment() or TestStack.from_file(
            opened.enter_context(own_stack())
        )
        urls = opened.enter_context(survey.databases(stack.db_url, options.jobs))
        if red := survey.unharmed(urls[0]):
            say("Red without any mutant, so they count for nothing:")
            say(*(f"{name}: {said}" for name, said in red.items()))
        chosen = [mutant for mutant in survey.all_mutants(urls[0]) if options.only in mutant.id]
        if options.sample:
            chosen = survey.sample(chosen, options.sample)
        say(f"{len(chosen)} mutants")
        verdicts = survey.survey(urls, chosen, show, red)
    whole = not (options.only or options.sample)
    return max(report(verdicts, time.monotonic() - started, whole=whole), 1 if red else 0)


def show(verdict: Verdict) -> None:
    """Print what became of one mutant."""
    by = verdict.behaviour or (
        f"cannot be made: {verdict.impossible}"
        if verdict.impossible
        else "the snapshot alone"
        if verdict.snapshot
        else "NOBODY"
    )
    say(f"{verdict.mutant.id} → {by[:160]}")


def report(verdicts: list[Verdict], seconds: float, *, whole: bool) -> int:
    """Print the numbers and the survivors; return the exit code."""
    made = [verdict for verdict in verdicts if not verdict.impossible]
    by_behaviour = [verdict for verdict in made if verdict.behaviour]
    by_snapshot_too = [verdict for verdict in made if verdict.behaviour or verdict.snapshot]
    say("", f"{'kind':<12}{'mutants':>9}{'behaviour':>11}{'+snapshot':>11}")
    counts = Counter(verdict.mutant.kind for verdict in made)
    for kind in sorted(counts):
        killed = sum(verdict.mutant.kind == kind for verdict in by_behaviour)
        either = sum(verdict.mutant.kind == kind for verdict in by_snapshot_too)
        say(f"{kind:<12}{counts[kind]:>9}{killed:>11}{either:>11}")
    say(f"{'all':<12}{len(made):>9}{len(by_behaviour):>11}{len(by_snapshot_too):>11}")
    say(f"{len(verdicts) - len(made)} could not be made; {seconds:.0f} s")
    excused = survey.excused()
    by_snapshot_alone = [v.mutant.id for v in made if v.snapshot and not v.behaviour]
    if by_snapshot_alone:
        say("", "Noticed by the snapshot alone:", *by_snapshot_alone)
    survivors = [verdict.mutant.id for verdict in made if verdict.survived]
    if survivors:
        say("", "Survivors:")
        say(*(f"{one}: {excused.get(one, 'NOT EXCUSED')}" for one in survivors))
    idle = sorted(set(excused) - set(survivors)) if whole else []
    if idle:
        say("", "Excused, yet not surviving; remove them from survivors.txt:", *idle)
    return 1 if set(survivors) - set(excused) or idle else 0


def say(*lines: str) -> None:
    """Print lines at once, so that a long run can be followed."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
