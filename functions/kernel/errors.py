"""One error shape everywhere: RFC 9457 problem details with a stable `code` (docs/errors.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROBLEM_TYPE = "application/problem+json"

TITLES: dict[str, str] = {
    "already_exists": "It already exists",
    "client_busy": "The client has another appointment then",
    "forbidden": "Not allowed",
    "idempotency_in_flight": "The first request with this key is still running",
    "idempotency_mismatch": "The idempotency key belongs to another request",
    "insufficient_credits": "Not enough credits",
    "internal_error": "Internal error",
    "invalid_argument": "Invalid argument",
    "invalid_state": "Not possible in the present state",
    "invitation_unusable": "The invitation cannot be used",
    "last_owner": "An organization keeps one owner",
    "malformed_request": "Malformed request",
    "method_not_allowed": "Method not allowed",
    "not_activated": "The day is not open for booking",
    "not_found": "Not found",
    "outside_working_hours": "Outside working hours",
    "payload_too_large": "Request body too large",
    "rate_limited": "Too many requests",
    "slot_taken": "The slot is taken",
    "too_late": "Too late",
    "unauthenticated": "Not signed in",
    "unavailable": "Temporarily unavailable",
    "unsupported_media_type": "Unsupported media type",
    "uri_too_long": "Address too long",
}


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An answer other than success. Raise it anywhere below the router."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | None = None,
        *,
        hint: str | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self, request_id: str) -> bytes:
        """The problem document; members without a value are left out."""
        title = TITLES.get(self.code) or self.code.replace("_", " ").capitalize()
        document: dict[str, Any] = {
            "type": f"urn:praxis:problem:{self.code}",
            "title": title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or f"{title}.",
            "instance": f"urn:praxis:request:{request_id}",
        }
        if self.hint:
            document["hint"] = self.hint
        if self.errors:
            document["errors"] = self.errors
        return json.dumps(document, ensure_ascii=False, default=str).encode()


def invalid_argument(
    detail: str, *, hint: str | None = None, errors: Sequence[Mapping[str, Any]] = ()
) -> Problem:
    """Well-formed but unacceptable input."""
    return Problem(422, "invalid_argument", detail, hint=hint, errors=errors)


def malformed(detail: str) -> Problem:
    """Input that cannot be read at all."""
    return Problem(400, "malformed_request", detail)


def not_found(detail: str = "There is nothing at this address that you may see.") -> Problem:
    """Absent and foreign look the same."""
    return Problem(404, "not_found", detail)


def unauthenticated(detail: str = "A valid access token is needed.") -> Problem:
    """No caller, or none that can be believed."""
    return Problem(
        401,
        "unauthenticated",
        detail,
        hint="Send Authorization: Bearer <access token of a signed-in user>.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def unavailable(detail: str, *, retry_after: int = 2) -> Problem:
    """The fault is temporary and not the caller's."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(retry_after)})


def internal_error() -> Problem:
    """Says nothing about the cause: that is in the log, under the request id."""
    return Problem(
        500,
        "internal_error",
        "Something went wrong on our side.",
        hint="Quote the request id when you report it.",
    )
