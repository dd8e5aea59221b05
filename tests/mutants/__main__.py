"""Weakens the database in every way its catalogue knows; `make mutants` wants a test to notice.

    python -m tests.mutants [--only TEXT …] [--sample N] [--jobs N] [--log FILE]

Runs on a PostgreSQL of its own, or on that of PRAXIS_TEST_STACK. Ends with 1 when a mutant survives
that tests/mutants/survivors.txt does not excuse.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from pathlib import Path

from tests.mutants import survey
from tests.mutants.survey import Verdict
from tests.stack_fixture import TestStack, own_stack


def main() -> int:
    """Run the survey and report."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[""], help="mutants whose name or domain contains one of these"
    )
    parser.add_argument("--sample", type=int, default=0, help="a fixed choice of about so many")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--log", type=Path, help="add verdicts here; what was killed here is not judged again"
    )
    options = parser.parse_args()
    started = time.monotonic()
    unharmed: dict[str, str] = {}
    with contextlib.ExitStack() as opened:
        stack = TestStack.from_environment() or TestStack.from_file(
            opened.enter_context(own_stack())
        )
        urls = opened.enter_context(survey.databases(stack.db_url, options.jobs))
        chosen = [
            mutant
            for mutant in survey.all_mutants(urls[0])
            if any(text in f"{mutant.domain} {mutant.id}" for text in options.only)
        ]
        if options.sample:
            chosen = survey.sample(chosen, options.sample)
        known = survey.read(options.log, chosen) if options.log else []
        say(f"{len(chosen)} mutants, {len(known)} of them judged before")
        done = {verdict.mutant.id for verdict in known}
        left = [mutant for mutant in chosen if mutant.id not in done]

        def tell(verdict: Verdict) -> None:
            show(verdict)
            if options.log:
                survey.write(options.log, verdict)

        verdicts = survey.survey(urls, left, tell, unharmed)
    seconds = time.monotonic() - started
    say("", f"{len(left)} judged in {seconds:.0f} s, {len(left) * 60 / seconds:.0f} a minute")
    if red := {name: said for name, said in unharmed.items() if said}:
        say("", "Red without any mutant, so they counted for nothing:")
        say(*(f"{name}: {said}" for name, said in red.items()))
    whole = options.only == [""] and not options.sample
    return max(report([*known, *verdicts], whole=whole), 1 if red else 0)


def show(verdict: Verdict) -> None:
    """Print what became of one mutant."""
    by = (
        f"{verdict.killer}: {verdict.said}"
        if verdict.killer
        else f"cannot be made: {verdict.impossible}"
        if verdict.impossible
        else "the snapshot alone"
        if verdict.snapshot
        else "NOBODY"
    )
    say(f"{verdict.mutant.id} → {by[:160]}")


def report(verdicts: list[Verdict], *, whole: bool) -> int:
    """Print the numbers and the survivors; return the exit code."""
    made = [verdict for verdict in verdicts if not verdict.impossible]
    say("", f"{'':<18}{'mutants':>9}{'behaviour':>11}{'+snapshot':>11}{'tests each':>12}")
    for group in (lambda v: v.mutant.kind, lambda v: v.mutant.domain, lambda _: "all"):
        for name in sorted(set(map(group, made))):
            numbers(name, [verdict for verdict in made if group(verdict) == name])
        say("")
    say(f"{len(verdicts) - len(made)} could not be made")
    excused = survey.excused()
    by_snapshot_alone = [v.mutant.id for v in made if v.snapshot]
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


def numbers(name: str, verdicts: list[Verdict]) -> None:
    """Print how many there are, how many were noticed, and after how many tests."""
    count = len(verdicts)
    by_behaviour = sum(bool(verdict.killer) for verdict in verdicts)
    at_all = sum(not verdict.survived for verdict in verdicts)
    each = sum(verdict.tests for verdict in verdicts) / count
    say(f"{name:<18}{count:>9}{by_behaviour:>11}{at_all:>11}{each:>12.1f}")


def say(*lines: str) -> None:
    """Print lines at once, so that a long run can be followed."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
