"""The way to the project's API: one connection pool a process, the caller's own token a request."""

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
    from collections.abc import Callable, Mapping, Sequence

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
_STORAGE_PROBLEMS: Final[dict[int, Callable[[], Problem]]] = {
    401: lambda: Problem(403, "forbidden", "Your role does not allow this."),
    403: lambda: Problem(403, "forbidden", "Your role does not allow this."),
    404: not_found,
    409: lambda: Problem(409, "already_exists", "A file of this name is stored already."),
    413: lambda: Problem(413, "payload_too_large", "The file is too large for where it goes."),
    415: lambda: Problem(415, "unsupported_media_type", "Files of this type are not stored there."),
}
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
        self._address = config.supabase_url
        self._path = urlsplit(config.supabase_url).path
        self._headers = {
            "accept": "*/*",
            "user-agent": "praxis",
            "apikey": config.supabase_publishable_key,
        }
        key = config.supabase_secret_key
        self._secret_key = key.get_secret_value() if key else None

    def public_url(self, path: str) -> str:
        """The address of something of the project, as configured: never taken from a request."""
        return f"{self._address}{path}"

    def secret_key(self) -> str:
        """The key that passes every policy; only a database made for it sends it."""
        if self._secret_key is None:
            raise unavailable("This function has no secret key to act with.", retry_after=60)
        return self._secret_key

    def send(
        self,
        method: str,
        path: str,
        *,
        credentials: Mapping[str, str],
        request_id: str,
        content: bytes = b"",
        content_type: str = "application/json",
        repeatable: bool,
    ) -> Answer:
        """Send one request; a cut connection is tried once more when that cannot do harm."""
        headers = {**self._headers, "x-request-id": request_id, **credentials}
        if content:
            headers["content-type"] = content_type
        for attempt in (1, 2):
            try:
                # What ended one kept-open connection has likely ended all of them.
                return self._pool.exchange(
                    method, f"{self._path}{path}", headers, content, anew=attempt > 1
                )
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
    """The project's API as seen by one caller, by nobody, or with the secret key."""

    caller: Caller | None
    request_id: str
    is_service: bool = False

    def _credentials(self) -> Mapping[str, str]:
        if self.is_service:
            key = upstream().secret_key()
            return {"apikey": key, "authorization": f"Bearer {key}"}
        return {"authorization": f"Bearer {self.caller.token}"} if self.caller else {}

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
                credentials=self._credentials(),
                request_id=self.request_id,
                content=_json(arguments),
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
                credentials=self._credentials(),
                request_id=self.request_id,
                repeatable=True,
            ),
            list,
        )
        return rows

    def download(self, bucket: str, path: str) -> tuple[bytes, str]:
        """A stored file and its media type."""
        answer = self._storage("GET", _object_address(bucket, path))
        return answer.content, answer.content_type or "application/octet-stream"

    def upload(self, bucket: str, path: str, content: bytes, content_type: str) -> None:
        """Store a new file; one of that name that is there already stays as it is (409)."""
        self._storage(
            "POST",
            _object_address(bucket, path),
            content,
            content_type=content_type,
            headers={"x-upsert": "false"},
            repeatable=False,
        )

    def remove(self, bucket: str, paths: Sequence[str]) -> None:
        """Remove files; names that are not there are no fault."""
        self._storage("DELETE", f"/storage/v1/object/{bucket}", _json({"prefixes": list(paths)}))

    def signed_url(self, bucket: str, path: str, seconds: int, file_name: str) -> str:
        """An address that answers the file to whoever has it, as an attachment, for a while."""
        address = _object_address(bucket, path).replace("/object/", "/object/sign/", 1)
        document = json.loads(self._storage("POST", address, _json({"expiresIn": seconds})).content)
        signed = document.get("signedURL") if isinstance(document, dict) else None
        if not isinstance(signed, str):
            raise unavailable("The file store gave no address. Try again in a moment.")
        return upstream().public_url(f"/storage/v1{signed}&download={quote(file_name, safe='')}")

    def _storage(
        self,
        method: str,
        address: str,
        content: bytes = b"",
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        answer = upstream().send(
            method,
            address,
            credentials={**self._credentials(), **(headers or {})},
            request_id=self.request_id,
            content=content,
            content_type=content_type,
            repeatable=repeatable,
        )
        if answer.status not in SUCCESS:
            raise _storage_problem(answer, self.request_id)
        return answer

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


def _json(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _object_address(bucket: str, path: str) -> str:
    segments = [bucket, *path.split("/")]
    if any(
        segment in {"", ".", ".."} or "\\" in segment or "\0" in segment for segment in segments
    ):
        raise ValueError("not the name of a stored file")
    return f"/storage/v1/object/{'/'.join(quote(segment, safe='') for segment in segments)}"


def _storage_problem(answer: Answer, request_id: str) -> Problem:
    """Translate an error of the Storage API: often 400, with the status inside."""
    try:
        document = json.loads(answer.content)
    except ValueError:
        document = None
    inner = str(document.get("statusCode", "")) if isinstance(document, dict) else ""
    status = int(inner) if inner.isdecimal() else answer.status
    known = _STORAGE_PROBLEMS.get(status)
    if known is not None:
        return known()
    log.error("storage_error", request_id=request_id, status=answer.status, inner=inner or None)
    return unavailable("The file store did not do it. Try again in a moment.")


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
            "GET", "/rest/v1/", credentials={}, request_id=request_id, repeatable=True
        )
    except Problem:
        return False
    return answer.status < 500  # noqa: PLR2004


@cache
def upstream() -> Upstream:
    """The process's connection pool."""
    return Upstream(settings())
