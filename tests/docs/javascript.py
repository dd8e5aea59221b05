"""Runs the supabase-js examples of a document as one program in Node, and notes the answers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.stack import LOCAL, NODE_BIN
from tests.docs.shell import Answer

SECONDS = 60
# Answers are noted below supabase-js, so that the examples need nothing for the test.
RECORDER = """
import { writeFileSync } from 'node:fs'
const praxisAnswers = []
const praxisFetch = globalThis.fetch
globalThis.praxisBlock = 0
globalThis.fetch = async (input, init) => {
  const url = String(input.url ?? input).replace(FUNCTIONS_FROM, FUNCTIONS_TO)
  const answer = await praxisFetch(url, init)
  const method = init?.method ?? 'GET'
  praxisAnswers.push([praxisBlock, `${method} ${url}`, answer.status, await answer.clone().text()])
  return answer
}
process.on('exit', () =>
  writeFileSync(process.env.PRAXIS_ANSWERS, JSON.stringify([praxisBlock, praxisAnswers])))
"""


def run(
    blocks: Sequence[str], functions: tuple[str, str], folder: Path
) -> tuple[list[list[Answer]], str]:
    """Return the answers to each block that was finished, and what stopped the next one."""
    report = folder / "answers.json"
    source, target = functions
    program = RECORDER.replace("FUNCTIONS_FROM", json.dumps(source))
    program = program.replace("FUNCTIONS_TO", json.dumps(target))
    for number, block in enumerate(blocks):
        program += f"\npraxisBlock = {number}\n{block}"
    program += f"\npraxisBlock = {len(blocks)}\nprocess.exit(0)\n"
    try:
        done = subprocess.run(
            [NODE_BIN / "node", "--no-warnings", "--input-type=module", "-"],
            # Where the packages are: Node looks for them from the working folder.
            cwd=LOCAL,
            env={"PATH": os.environ.get("PATH", ""), "PRAXIS_ANSWERS": str(report)},
            input=program,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        stopped_by = done.stderr
    except subprocess.TimeoutExpired:
        stopped_by = f"not done after {SECONDS} seconds"
    # A program that Node cannot read leaves no report.
    noted: Any = json.loads(report.read_text(encoding="utf-8")) if report.exists() else [0, []]
    finished, requests = noted
    answers: list[list[Answer]] = [[] for _ in range(finished)]
    causes = [stopped_by]
    for number, request, status, text in requests:
        answer = Answer.of(request, status, text)
        if number < finished:
            answers[number].append(answer)
        else:
            causes.append(repr(answer))
    return answers, "\n".join(causes)
