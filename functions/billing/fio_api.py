"""The API of Fio banka: movements of a period.

The token is a part of the address. It never leaves this module: not into a log, an error or an
exception's text.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final
from urllib.parse import quote, urlsplit

from kernel.errors import Problem, invalid_argument, unavailable
from kernel.logs import log
from kernel.settings import settings
from kernel.transport import CutError, NotSentError, Pool, TooSlowError

PAUSE_SECONDS: Final = 30
CONNECTIONS: Final = 4
OK: Final = 200


def movements(token: str, from_date: date, to_date: date, request_id: str) -> bytes:
    """The bank's answer, a JSON document that nobody has read yet."""
    config = urlsplit(settings().fio_api_url)
    period = f"{from_date.isoformat()}/{to_date.isoformat()}"
    target = f"{config.path}/periods/{quote(token, safe='')}/{period}/transactions.json"
    headers = {"accept": "application/json", "user-agent": "praxis"}
    try:
        answer = _pool().exchange("GET", target, headers, b"")
    except (NotSentError, CutError, TooSlowError) as error:
        log.warning("bank_failed", request_id=request_id, error=error)
        raise unavailable("The bank did not answer in time.", retry_after=PAUSE_SECONDS) from None
    if answer.status == OK:
        return answer.content
    log.warning("bank_refused", request_id=request_id, status=answer.status)
    raise _problem(answer.status)


def unreadable() -> Problem:
    """The bank's answer is not what it documents."""
    return unavailable("The bank's answer cannot be read.", retry_after=PAUSE_SECONDS)


def _problem(status: int) -> Problem:
    if status == 409:  # noqa: PLR2004
        return Problem(
            429,
            "rate_limited",
            f"The bank answers once in {PAUSE_SECONDS} seconds, and has just been asked.",
            hint="Give every program that asks the bank a token of its own.",
            headers={"Retry-After": str(PAUSE_SECONDS)},
        )
    if status in {401, 403, 404}:
        return Problem(
            409, "invalid_state", "The bank does not accept the token.", hint="Set a new token."
        )
    if status == 413:  # noqa: PLR2004
        return invalid_argument("The bank has too many movements.", hint="Ask for fewer days.")
    if status == 422:  # noqa: PLR2004
        return invalid_argument(
            "The bank does not give movements this old with this token.",
            hint="Ask for the last 90 days, or unlock older ones in the web bank.",
        )
    # It also answers 500 to a token that it does not know.
    problem = unavailable("The bank has a fault.", retry_after=PAUSE_SECONDS)
    problem.hint = "If it stays so, the token is wrong or has expired: set a new one."
    return problem


@cache
def _pool() -> Pool:
    config = settings()
    return Pool(
        config.fio_api_url, most_idle=CONNECTIONS, wait_seconds=config.upstream_timeout_seconds
    )
