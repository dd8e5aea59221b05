"""From a Flask request to a handler and back: one small routing table per function.

The order of refusals is fixed: address, method, caller, rate, then body; so that a stranger learns
nothing from the shape of an error. Who may call stands in the route: a signed-in user, a machine
with a scope, or anybody, where a secret in the address or a signature over the body is the proof.
Functions answer both behind their own name (`/booking/…`, one origin for all) and at the root of
their own address, as Cloud Run serves them.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from pydantic import ValidationError
from pydantic_settings import SettingsError
from werkzeug.exceptions import HTTPException

from kernel import openapi
from kernel.auth import is_uuid, verifier
from kernel.bodies import discard_body, idempotency_key, parse_body, parse_query, read_body
from kernel.database import Database, is_reachable, upstream
from kernel.errors import (
    PROBLEM_TYPE,
    Problem,
    internal_error,
    malformed,
    not_found,
    unavailable,
)
from kernel.limits import Class, leases
from kernel.logs import log
from kernel.machines import machine
from kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask import Request
    from pydantic import BaseModel

    from kernel.bodies import Raw
    from kernel.models import Body, KeyedBody

URL_MAX_LENGTH: Final = 8192
TEXT_MAX_LENGTH: Final = 512
# The secret of a link; every other parameter is a UUID. Whether a text could be such a secret is
# for the handler to say, in the same words as that it is none.
LINK_PARAMETER: Final = "{token}"
SERVICE: Final = "service:"
PREFLIGHT_SECONDS: Final = 600
REQUEST_HEADERS: Final = (
    "authorization, content-type, idempotency-key, x-request-id, apikey, x-client-info"
)
VISIBLE_HEADERS: Final = "content-disposition, retry-after, x-request-id"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
_SAFETY_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Vary", "Origin"),
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer: a JSON document, or content of another type, perhaps streamed."""

    document: Any = None
    status: int = 200
    content: bytes | Iterable[bytes] | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer as Flask sends it."""
        content = self.content
        if content is None:
            content = _encode(self.document).encode()
        return Response(content, self.status, self.headers, content_type=self.content_type)


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated, validated request."""

    database: Database
    parameters: Mapping[str, str]
    body: Any = None
    query: Any = None
    key: str | None = None
    raw: bytes = b""
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    machine: str | None = None
    wants_page: bool = False
    secret_database: Database | None = None

    @property
    def user_id(self) -> str:
        """The signed-in user; only for routes that users call."""
        if self.database.caller is None:
            raise LookupError("nobody is signed in at this route")
        return self.database.caller.user_id

    @property
    def service(self) -> Database:
        """The API with the secret key; only for routes that declare `uses_secret`."""
        if self.secret_database is None:
            raise LookupError("this route does not declare that it uses the secret key")
        return self.secret_database

    def rpc(self, name: str, answers: type = dict, /, **addressed: str) -> Any:
        """Call the SQL function with the body's arguments and those from the address."""
        arguments = self.body.arguments() | addressed
        if self.key is not None:
            arguments["idempotency_key"] = self.key
        return self.database.rpc(name, arguments, answers=answers)


@dataclass(frozen=True)
class Route:
    """One line of a routing table; what it declares is also what is published as OpenAPI."""

    method: str
    path: str
    handle: Callable[[Call], Reply]
    summary: str
    answer: type[BaseModel]
    body: type[KeyedBody] | None = None
    query: type[Body] | None = None
    status: int = 200
    class_: Class | None = None
    refusals: Sequence[str] = ()
    media_types: Mapping[str, str] = field(default_factory=dict)
    access: str = "user"
    uses_secret: bool = False
    raw: Raw | None = None

    @cached_property
    def pattern(self) -> tuple[str, ...]:
        """The path in segments, for matching."""
        return tuple(self.path.split("/")[1:])

    def parameters(self, segments: Sequence[str]) -> dict[str, str] | None:
        """Values of the path's parameters, or None when it is another path."""
        if len(self.pattern) != len(segments):
            return None
        found: dict[str, str] = {}
        for expected, segment in zip(self.pattern, segments, strict=True):
            if expected == LINK_PARAMETER:
                if len(segment) > TEXT_MAX_LENGTH:
                    return None
                found[expected[1:-1]] = segment
            elif expected[0] == "{":
                if not is_uuid(segment):
                    return None
                found[expected[1:-1]] = segment.lower()
            elif expected != segment:
                return None
        return found


class Function:
    """A deployable function: a name, a description and its routes."""

    def __init__(self, name: str, description: str, routes: Sequence[Route]) -> None:
        self.name = name
        self.description = description
        self.routes = routes

    def serve(self, request: Request) -> Response:
        """Answer one request; whatever happens, with a response."""
        started = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        problem = None
        try:
            response = self._dispatch(request, request_id)
        except Problem as raised:
            problem = raised
        except HTTPException as error:
            problem = malformed("The request cannot be read.")
            log.warning("unreadable_request", request_id=request_id, error=error)
        except (ValidationError, SettingsError) as error:
            problem = unavailable("This function is not configured.", retry_after=60)
            log.error("not_configured", request_id=request_id, variables=_variables(error))
        except Exception as error:  # noqa: BLE001 - the last line before the caller
            problem = internal_error()
            log.error("unhandled_error", request_id=request_id, error=error)
        if problem is not None:
            discard_body(request)
            response = Response(problem.body(request_id), problem.status, content_type=PROBLEM_TYPE)
            response.headers.extend(problem.headers.items())
        response.headers.extend((*_SAFETY_HEADERS, ("X-Request-Id", request_id)))
        self._allow_origin(request, response)
        log.info(
            "request",
            request_id=request_id,
            function=self.name,
            method=request.method,
            status=response.status_code,
            code=problem.code if problem else None,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        return response

    def _dispatch(self, request: Request, request_id: str) -> Response:
        if len(request.full_path) > URL_MAX_LENGTH:
            raise Problem(414, "uri_too_long", "The address is too long.")
        segments = self._segments(request.path)
        method = "GET" if request.method == "HEAD" else request.method
        if segments in (["health"], ["openapi.json"]):
            return self._describe(method, segments[0], request_id)
        others = set()
        for route in self.routes:
            parameters = route.parameters(segments)
            if parameters is None:
                continue
            if route.method == method:
                return self._handle(route, parameters, request, request_id)
            others.add(route.method)
        if not others:
            raise not_found("There is no such address.")
        return _other_method(method, others)

    def _handle(
        self, route: Route, parameters: dict[str, str], request: Request, request_id: str
    ) -> Response:
        # A JSON body is small: it is read first, so that refusals do not cut the connection.
        content = read_body(request) if route.raw is None else b""
        authorization = request.headers.get("Authorization")
        caller = name = None
        if route.access == "user":
            caller = verifier().caller(authorization)
        elif route.access.startswith(SERVICE):
            name = machine(authorization, route.access.removeprefix(SERVICE)).name
        database = Database(caller, request_id)
        if caller is not None:
            class_ = route.class_ or ("read" if route.method == "GET" else "write")
            leases().take(database, caller, class_)
        service = None
        if route.uses_secret:
            upstream().secret_key()
            service = Database(None, request_id, is_service=True)
        body = query = key = None
        media_type = ""
        headers: dict[str, str] = {}
        if route.raw is not None:
            headers = {name.lower(): value for name, value in request.headers}
            media_type = route.raw.check(request.headers.get("Content-Type"))
            content = read_body(request, route.raw.max_bytes)
        elif route.body is not None:
            body = parse_body(route.body, content, request.headers.get("Content-Type"))
        if route.method != "GET":
            in_body = body.idempotency_key if body is not None else None
            key = idempotency_key(request.headers.get("Idempotency-Key"), in_body)
        if route.query is not None:
            query = parse_query(route.query, request.args.to_dict(flat=False))
        call = Call(
            database,
            parameters,
            body,
            query,
            key,
            content if route.raw is not None else b"",
            media_type,
            headers,
            name,
            # A browser asks for pages, everything else for data.
            request.accept_mimetypes.best == "text/html",
            service,
        )
        return route.handle(call).response()

    def _segments(self, path: str) -> list[str]:
        inside = path.removeprefix(f"/{self.name}") if self._is_named(path) else path
        inside = inside.removeprefix("/").removesuffix("/")
        return inside.split("/") if inside else []

    def _is_named(self, path: str) -> bool:
        return path == f"/{self.name}" or path.startswith(f"/{self.name}/")

    def _describe(self, method: str, what: str, request_id: str) -> Response:
        if method != "GET":
            return _other_method(method, {"GET"})
        if what == "openapi.json":
            return Reply(content=openapi.document_bytes(self)).response()
        settings()
        if not is_reachable(request_id):
            raise unavailable("The API does not answer.")
        return Reply({"status": "ok", "function": self.name}).response()

    def _allow_origin(self, request: Request, response: Response) -> None:
        origin = request.headers.get("Origin")
        if origin is None:
            return
        try:
            allowed = settings().cors_allowed_origins
        except (ValidationError, SettingsError):
            return
        if origin.lower() not in allowed:
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = VISIBLE_HEADERS
        if request.method == "OPTIONS" and "Allow" in response.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
            response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)


def _other_method(method: str, known: set[str]) -> Response:
    allowed = ", ".join(sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())))
    if method == "OPTIONS":
        return Response(status=204, headers={"Allow": allowed})
    raise Problem(405, "method_not_allowed", f"Use {allowed} here.", headers={"Allow": allowed})


def _variables(error: ValidationError | SettingsError) -> list[str]:
    if isinstance(error, ValidationError):
        return [".".join(str(part) for part in entry["loc"]).upper() for entry in error.errors()]
    return []
