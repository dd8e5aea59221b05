"""Every example of the documentation runs, in its order, and answers what is shown below it."""

from __future__ import annotations

import fcntl
import pickle
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.docs import javascript
from tests.docs.documents import API_PAGES, DOCS, ROOT, Block, Document, read
from tests.docs.messages import with_secrets
from tests.docs.shell import Answer, Shell
from tests.stack_fixture import TestStack

# Words whose very value an example shows; of other texts, and of numbers, only the type counts.
TOLD = {"status", "payment_status", "kind", "code", "mode", "role", "is_moderator", "moderator"}
LOCAL_API = "http://127.0.0.1:54321"
PRELUDE = "Before the examples"
DOCUMENTS = (*API_PAGES, DOCS / "errors.md", ROOT / "README.md")


@dataclass
class Runs:
    """What was answered to each example, by its document, language and line."""

    answers: dict[tuple[str, str, int], list[Answer]] = field(default_factory=dict)
    # Why the examples of a document and language ended early.
    stopped_by: dict[tuple[str, str], str] = field(default_factory=dict)


def runnable(document: Document, language: str) -> list[Block]:
    """Return the blocks of a language that call the API."""
    blocks = [block for block in document.blocks if block.language == language]
    return [block for block in blocks if language == "js" or "curl " in block.text]


CASES = [
    pytest.param(document, block, id=f"{document.path.stem}-{block.heading}-{block.language}")
    for document in map(read, DOCUMENTS)
    for language in ("js", "bash")
    for block in runnable(document, language)
]


@pytest.fixture(scope="module")
def runs(stack: TestStack, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Runs:
    """Run all examples once, also where several workers share the tests."""
    shared = tmp_path_factory.getbasetemp().parent / f"examples-{testrun_uid}.pickle"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            shared.write_bytes(pickle.dumps(run_all(stack, tmp_path_factory)))
    found = pickle.loads(shared.read_bytes())  # noqa: S301 - written above
    assert isinstance(found, Runs)
    return found


def run_all(stack: TestStack, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Run all examples, each language of a document as one session."""
    add_appointments_to_confirm(stack)
    found = Runs()
    with httpx.Client(timeout=60) as http:
        for document in map(read, DOCUMENTS):
            folder = tmp_path_factory.mktemp(document.path.stem)
            run_javascript(found, document, stack, folder)
            run_shell(found, document, stack, Shell(http, folder))
    return found


def add_appointments_to_confirm(stack: TestStack) -> None:
    """Have some appointments wait for confirmation, whatever other tests did to the seed's."""
    with psycopg.connect(stack.db_url) as connection:
        # At night, where no test books: the hours are the practitioner's, not the constraints'.
        connection.execute(
            """
            insert into public.appointments
              (organization_id, location_id, client_id, practitioner_id, service_id, during, status)
            select
              l.organization_id, l.id, c.id, '14000000-0000-4000-8000-000000001001',
              '20000000-0000-4000-8000-000000001005',
              tstzrange(day + interval '1 hour', day + interval '90 minutes'), 'pending'
            from public.locations as l
            join public.clients as c on c.id = '15000000-0000-4000-8000-000000001001'
            cross join generate_series(
              date_trunc('day', now()) + make_interval(days => %(first)s),
              date_trunc('day', now()) + make_interval(days => %(first)s + 3),
              interval '1 day'
            ) as day
            where l.id = '11000000-0000-4000-8000-000000001001'
            """,
            {"first": random.randint(200, 30_000)},
        )


def run_javascript(found: Runs, document: Document, stack: TestStack, folder: Path) -> None:
    """Run the supabase-js examples of one document."""
    first = prelude(document, "js")
    blocks = runnable(document, "js")
    texts = [localised(block.text, stack) for block in first + blocks]
    # supabase-js looks for functions below the API, where not every stack has them.
    functions = (f"{stack.api_url}/functions/v1", stack.functions_url)
    answers, found.stopped_by[document.name, "js"] = javascript.run(texts, functions, folder)
    for block, answered in zip(blocks, answers[len(first) :], strict=False):
        found.answers[document.name, "js", block.line] = answered


def run_shell(found: Runs, document: Document, stack: TestStack, shell: Shell) -> None:
    """Run the curl examples of one document, up to the first that cannot go on."""
    for block in prelude(document, "bash") + runnable(document, "bash"):
        text = localised(block.text, stack).replace("$API/functions/v1", stack.functions_url)
        try:
            answered = shell.run(text)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            found.stopped_by[document.name, "bash"] = f"{error!r} after {shell.answers}"
            return
        found.answers[document.name, "bash", block.line] = answered


def prelude(document: Document, language: str) -> list[Block]:
    """Return what the pages below docs/api.md take from it: addresses, accounts, ids."""
    if document.path.parent in {DOCS, ROOT}:
        return []
    return [block for block in read(DOCS / "api.md").under(PRELUDE) if block.language == language]


def localised(text: str, stack: TestStack) -> str:
    """Put the stack's address and keys where the documentation shows those of `make dev`."""
    text = text.replace(LOCAL_API, stack.api_url)
    text = text.replace("sb_publishable_…", stack.publishable_key)
    return with_secrets(text.replace("sb_secret_…", stack.secret_key), stack)


@pytest.mark.parametrize(("document", "block"), CASES)
def test_the_example_runs(document: Document, block: Block, runs: Runs) -> None:
    answers = runs.answers.get((document.name, block.language, block.line))
    assert answers, runs.stopped_by.get((document.name, block.language), "it asks for nothing")
    *before, last = answers
    for answer in before:
        assert answer.status < 400, answer
    if document.path.stem == "errors":
        assert last.status >= 400, last
    else:
        assert last.status < 400, last
    for shape in shapes(document, block):
        if shape.language == "json":
            check_shape(Answer.of("", 0, shape.text).body, last.body, "answer")
        else:
            lines = [line.lstrip("\ufeff") for line in str(last.body).splitlines()]
            assert set(shape.text.splitlines()) <= set(lines), last


def shapes(document: Document, block: Block) -> Iterator[Block]:
    """Yield the answers shown between this example and the next one in its language."""
    blocks = [found for found in document.blocks if found.heading == block.heading]
    for found in blocks[blocks.index(block) + 1 :]:
        if found.language == block.language:
            return
        if found.language in {"json", "text"}:
            yield found


def check_shape(shown: Any, actual: Any, where: str, key: str = "") -> None:
    """Compare what is shown with what came: keys and types, and words that have a meaning."""
    if isinstance(shown, dict):
        assert isinstance(actual, dict), f"{where} is {actual!r}"
        missing = shown.keys() - actual.keys()
        assert not missing, f"{where} has no {sorted(missing)}, but {sorted(actual)}"
        for name, value in shown.items():
            check_shape(value, actual[name], f"{where}.{name}", name)
    elif isinstance(shown, list):
        assert isinstance(actual, list), f"{where} is {actual!r}"
        assert actual or not shown, f"{where} is empty"
        if shown:
            check_shape(shown[0], actual[0], f"{where}[0]", key)
    elif key in TOLD:
        assert actual == shown, f"{where} is {actual!r}, shown is {shown!r}"
    elif actual is not None and shown is not None:
        assert type(actual) is type(shown), f"{where} is {actual!r}, shown is {shown!r}"
