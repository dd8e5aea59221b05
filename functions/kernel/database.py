"""The way to the Data API: one connection pool a process, the caller's own token a request."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

from kernel.errors import (
    Problem,
    internal_error,
    invalid_argument,
    not_found,
    unauthenticated,
    unavailable,
)
from kernel.logs import log
from kernel.settings import Settings, settings
from kernel.transport import CutError, NotSentError, Pool, TooSlowError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kernel.auth import Caller
    from kernel.transport import Answer

SUCCESS: Final = range(200, 300)

_BUSINESS = re.compile(r"PT(4[0-9]{2})")
_TOKEN = re.compile(r"[a-z][a-z_]{0,63}")
# Connection faults, deadlocks, exhausted resources, cancelled statements: worth trying again.
_TEMPORARY = re.compile(r"08...|40...|53...|55P03|57...|PGRST00[0-3]")
_EXPECTED: tuple[tuple[re.Pattern[str], Callable[[], Problem]], ...] = (
    (
        re.compile(r"42501|HTTP403"),
        lambda: Problem(403, "forbidden", "Your role does not allow this."),
    ),
    (
        re.compile(r"28...|PGRST30[0-3]|HTTP401"),
        lambda: unauthenticated("The access token was not accepted."),
    ),
    (re.compile(r"PGRST116"), not_found),
    (
        re.compile(r"22...|23...|P0001|PGRST10[0-9]"),
        lambda: invalid_argument("The database does not accept a value of this request."),
    ),
    (
        re.compile(r"HTTP429"),
        lambda: Problem(429, "rate_limited", headers={"Retry-After": "5"}),
    ),
)
_UNREADABLE: Final = object()
_GATEWAY_STATUSES = frozenset({502, 503, 504})


class Upstream:
    """The Data API at one address."""

    def __init__(self, config: Settings) -> None:
        self._pool = Pool(
            config.supabase_url,
            most_idle=config.upstream_connections,
            wait_seconds=config.upstream_timeout_seconds,
        )
        self._path = urlsplit(config.supabase_url).path
        self._headers = {
            "accept": "*/*",
            "user-agent": "praxis",
            "apikey": config.supabase_publishable_key,
        }

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None,
        request_id: str,
        content: bytes = b"",
        repeatable: bool,
    ) -> Answer:
        """Send one request; a cut connection is tried once more when that cannot do harm."""
        headers = self._headers | {"x-request-id": request_id}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if content:
            headers["content-type"] = "application/json"
        for attempt in (1, 2):
            try:
                return self._pool.exchange(method, f"{self._path}{path}", headers, content)
            except NotSentError as error:
                failure: Exception = error
            except CutError as error:
                failure = error
                if not repeatable:
                    break
            except TooSlowError as error:
                failure = error
                break
            log.warning("upstream_retry", request_id=request_id, attempt=attempt)
        log.error("upstream_failed", request_id=request_id, error=failure)
        raise unavailable(
            "The database did not answer in time. The request may or may not have taken effect: "
            "repeat it with the same Idempotency-Key."
        )


@dataclass(frozen=True, slots=True)
class Database:
    """The Data API as seen by one caller, for one request."""

    caller: Caller
    request_id: str

    def rpc(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        repeatable: bool = False,
        answers: type | tuple[type, ...] = dict,
    ) -> Any:
        """Call one SQL function; repeatable when calling it twice does no more than once.

        An answer of another kind than the function gives is no answer.
        """
        return self._read(
            upstream().send(
                "POST",
                f"/rest/v1/rpc/{name}",
                token=self.caller.token,
                request_id=self.request_id,
                content=json.dumps(arguments, separators=(",", ":")).encode(),
                repeatable=repeatable or arguments.get("idempotency_key") is not None,
            ),
            answers,
        )

    def select(self, table: str, **parameters: str) -> list[dict[str, Any]]:
        """Rows that RLS lets the caller see; parameters as PostgREST spells them."""
        rows: list[dict[str, Any]] = self._read(
            upstream().send(
                "GET",
                f"/rest/v1/{table}?{urlencode(parameters, quote_via=quote, safe=',.()*')}",
                token=self.caller.token,
                request_id=self.request_id,
                repeatable=True,
            ),
            list,
        )
        return rows

    def _read(self, answer: Answer, answers: type | tuple[type, ...]) -> Any:
        try:
            document = json.loads(answer.content) if answer.content else None
        except ValueError:
            document = _UNREADABLE
        if answer.status not in SUCCESS:
            raise problem_from(answer, document, self.request_id)
        if document is _UNREADABLE or not isinstance(document, answers):
            log.error("upstream_unreadable", request_id=self.request_id, status=answer.status)
            raise unavailable(
                "The answer of the database could not be read. The request may or may not have "
                "taken effect: repeat it with the same Idempotency-Key."
            )
        return document


def problem_from(answer: Answer, document: Any, request_id: str) -> Problem:
    """Translate an error of the API, without its internals."""
    body = document if isinstance(document, dict) else {}
    code, token = str(body.get("code") or ""), body.get("message")
    business = _BUSINESS.fullmatch(code)
    if business and isinstance(token, str) and _TOKEN.fullmatch(token):
        return _business_problem(int(business[1]), token, body, answer)
    # A gateway before the API answers without a code: then the status speaks.
    meaning = code or f"HTTP{answer.status}"
    for pattern, problem in _EXPECTED:
        if pattern.fullmatch(meaning):
            return problem()
    log.error("upstream_error", request_id=request_id, status=answer.status, sqlstate=code or None)
    if _TEMPORARY.fullmatch(meaning) or answer.status in _GATEWAY_STATUSES:
        return unavailable("The database is busy or restarting. Try again in a moment.")
    return internal_error()


def _business_problem(status: int, token: str, body: dict[str, Any], answer: Answer) -> Problem:
    detail, errors = body.get("details"), []
    if isinstance(detail, str) and detail.startswith("["):
        # A series answers with the list of its conflicts.
        try:
            errors = [entry for entry in json.loads(detail) if isinstance(entry, dict)]
        except ValueError:
            errors = []
        if errors:
            detail = f"{len(errors)} occurrence(s) cannot be booked; nothing was changed."
    headers = {}
    if token == "rate_limited":  # noqa: S105 - an error token
        headers["Retry-After"] = answer.retry_after or "60"
    if token == "unauthenticated":  # noqa: S105
        headers["WWW-Authenticate"] = "Bearer"
    hint = body.get("hint")
    return Problem(
        status,
        token,
        detail if isinstance(detail, str) and detail else None,
        hint=hint if isinstance(hint, str) and hint else None,
        errors=errors,
        headers=headers,
    )


def is_reachable(request_id: str) -> bool:
    """Whether the API answers at all; used by health checks."""
    try:
        answer = upstream().send(
            "GET", "/rest/v1/", token=None, request_id=request_id, repeatable=True
        )
    except Problem:
        return False
    return answer.status < 500  # noqa: PLR2004


@cache
def upstream() -> Upstream:
    """The process's connection pool."""
    return Upstream(settings())
