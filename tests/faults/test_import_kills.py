"""Processes are killed while a list of clients comes in: sent again, it goes on where it was."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from typing import Any

import httpx
import pytest

from tests.concurrency.practice import Practice
from tests.conftest import User
from tests.faults.load import GIVE_UP_SECONDS, is_clear, make_user, reconnect
from tests.faults.test_kills import kill_one
from tests.invariants import assert_invariants
from tests.stack_fixture import TestStack

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are found through /proc"
)

ROWS = 5_000


@pytest.fixture(scope="module")
def owner(own: TestStack) -> User:
    """Somebody with a token, made before anything is broken."""
    return make_user(own)


def send(own: TestStack, owner: User, practice: Practice, text: str, key: str) -> dict[str, Any]:
    """Send the list with one key until there is a clear answer."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        try:
            response = httpx.post(
                f"{own.functions_url}/imports/clients",
                params={"organization_id": practice.id},
                content=text,
                headers={
                    "apikey": own.publishable_key,
                    "Authorization": f"Bearer {owner.token}",
                    "Content-Type": "text/csv",
                    "Idempotency-Key": key,
                },
                timeout=60,
            )
        except httpx.TransportError:
            continue
        if is_clear(response):
            assert response.status_code == 200, response.text
            found: dict[str, Any] = response.json()
            if found["status"] != "running":
                return found
        time.sleep(0.2)
    raise TimeoutError("the list was never done")


@pytest.mark.parametrize("victim", ["a functions worker", "the API", "a database backend"])
def test_a_kill_while_a_list_comes_in(own: TestStack, owner: User, victim: str) -> None:
    with reconnect(own) as sql:
        practice = Practice(sql, owner_id=owner.id)
        lines = [f"G{n},{practice.slug},{n}.{practice.slug}@x.test" for n in range(ROWS)]
        text = "\n".join(["First name,Last name,E-mail", *lines])
        answers: list[dict[str, Any]] = []
        sender = threading.Thread(
            target=lambda: answers.append(send(own, owner, practice, text, secrets.token_hex(16)))
        )
        sender.start()
        done = 0
        while sender.is_alive() and not done:
            row = sql.execute(
                "select done_count from public.bulk_operations where organization_id = %s",
                [practice.id],
            ).fetchone()
            done = row["done_count"] if row else 0
            time.sleep(0.02)
        kill_one(own, victim)
        sender.join(2 * GIVE_UP_SECONDS)
    with reconnect(own) as sql:
        [answer] = answers
        assert (answer["status"], answer["created"], answer["skipped"]) == ("completed", ROWS, 0)
        found = sql.execute(
            "select count(*) as count, count(distinct email) as emails,"
            " (select count(*) from public.bulk_operations as o"
            "  where o.organization_id = c.organization_id) as operations"
            " from public.clients as c where organization_id = %s group by organization_id",
            [practice.id],
        ).fetchone()
        assert found == {"count": ROWS, "emails": ROWS, "operations": 1}
        assert_invariants(sql, practice.id)
