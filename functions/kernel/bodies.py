"""Request bodies: bounded, strict JSON, then a model. Nothing odd gets as far as the database."""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from kernel.errors import Problem, invalid_argument, malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Request

BODY_MAX_BYTES: Final = 1024 * 1024
# Callers that still send when the refusal comes may see a cut connection instead of it, so a body
# that is somewhat too large is read to its end and thrown away.
DISCARDED_MAX_BYTES: Final = 4 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
ERRORS_MAX_COUNT: Final = 50

_JSON = re.compile(r"application/json\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Raw:
    """What a route takes instead of a JSON document: bytes of these types, up to this many."""

    max_bytes: int
    media_types: tuple[str, ...]

    def check(self, content_type: str | None) -> str:
        """The body's media type, which must be one of those taken."""
        found = (content_type or "").partition(";")[0].strip().lower()
        if found not in self.media_types:
            raise Problem(415, "unsupported_media_type", f"Send {' or '.join(self.media_types)}.")
        return found


def read_body(request: Request, max_bytes: int = BODY_MAX_BYTES) -> bytes:
    """The whole body, or a refusal before more than the limit is in memory."""
    try:
        # A chunked body announces no length, so the limit is on what is read.
        content = request.stream.read(max_bytes + 1)
    except RequestEntityTooLarge:
        content = None
    except Exception as error:
        # Each server has its own exception for a body that is cut.
        request.stream = io.BytesIO()
        raise malformed("The body ends early, or its parts cannot be told apart.") from error
    if content is not None and len(content) <= max_bytes:
        return content
    discard_body(request)
    raise Problem(413, "payload_too_large", f"A request body has at most {max_bytes} bytes here.")


def discard_body(request: Request) -> None:
    """Read a body that nobody wants to its end, or to a limit, and keep nothing of it."""
    left = DISCARDED_MAX_BYTES
    # It was refused already: a body that cannot even be read changes nothing.
    with contextlib.suppress(Exception):
        if (request.content_length or 0) <= left:
            while left > 0 and (chunk := request.stream.read(CHUNK_BYTES)):
                left -= len(chunk)
    # functions-framework reads what is left of the body after every answer, into memory.
    request.stream = io.BytesIO()


def parse_body(model: type[Model], content: bytes, content_type: str | None) -> Model:
    """The body as a model; an empty body is an empty object."""
    if not content:
        return _validate(model, b"{}")
    if not _JSON.fullmatch((content_type or "").strip()):
        raise Problem(415, "unsupported_media_type", "Send application/json in UTF-8.")
    _check_json(content)
    return _validate(model, content)


def parse_query(model: type[Model], arguments: Mapping[str, list[str]]) -> Model:
    """The query string as a model; a repeated parameter is ambiguous and refused."""
    repeated = [name for name, values in arguments.items() if len(values) > 1]
    if repeated:
        raise invalid_argument(
            "A query parameter is given more than once.",
            errors=[{"field": name, "detail": "Give it once."} for name in repeated],
        )
    try:
        return model.model_validate_strings({name: values[0] for name, values in arguments.items()})
    except ValidationError as error:
        raise _refusal(error) from None


def idempotency_key(header: str | None, in_body: str | None) -> str | None:
    """The one key of a request, from the header or from the body, which must agree."""
    for key in (header, in_body):
        if key is not None and not _KEY.fullmatch(key):
            raise invalid_argument(
                "An idempotency key is 1 to 255 visible ASCII characters.",
                hint="A random UUID is a good key.",
            )
    if header is not None and in_body is not None and header != in_body:
        raise invalid_argument("The Idempotency-Key header and idempotency_key in the body differ.")
    return header if header is not None else in_body


def _validate(model: type[Model], content: bytes) -> Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Problem:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(entry["type"] == "json_invalid" for entry in found):
        return malformed("The body is not valid JSON.")
    return invalid_argument(
        "The request does not fit what this address takes.",
        errors=[
            {
                "field": ".".join(str(part) for part in entry["loc"]),
                "code": entry["type"],
                "detail": entry["msg"],
            }
            for entry in found[:ERRORS_MAX_COUNT]
        ],
    )


def _check_json(content: bytes) -> None:
    """Refuse what the model's own reader lets pass: duplicate keys, NaN, NUL, surrogates."""
    try:
        document = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except Problem:
        raise
    except (ValueError, RecursionError):
        raise malformed("The body is not valid JSON in UTF-8, or nested too deeply.") from None
    if b"\\u" in content:
        for text in _texts(document):
            if "\x00" in text or not _is_unicode(text):
                raise malformed("A text holds a NUL character or half of a surrogate pair.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise malformed("An object names a key twice.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise malformed(f"{name} is not a JSON number.")


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
