"""OpenAPI 3.1 out of the routing tables and the models, so that it cannot drift from the code."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import models_json_schema

from kernel.errors import PROBLEM_TYPE, TITLES
from kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from kernel.routing import Function, Route

REF: Final = "#/components/schemas/{model}"
VERSION: Final = "1.0.0"
PAGE_TYPE: Final = "text/html"

# Which refusals any address can give, by status; routes add their own.
_COMMON = {
    "401": "unauthenticated",
    "403": "forbidden",
    "404": "not_found",
    "405": "method_not_allowed",
    "413": "payload_too_large",
    "414": "uri_too_long",
    "422": "invalid_argument",
    "429": "rate_limited",
    "500": "internal_error",
    "503": "unavailable",
}
_POST = {
    "400": "malformed_request",
    "409": "idempotency_in_flight",
    "415": "unsupported_media_type",
}
_CONFLICTS = frozenset(
    {"slot_taken", "client_busy", "insufficient_credits", "invalid_state", "already_exists"}
)

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details with a stable `code`.",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z][a-z_]*$", "examples": sorted(TITLES)},
        "detail": {"type": "string", "description": "What happened, in a sentence."},
        "hint": {"type": "string", "description": "What to do about it."},
        "instance": {"type": "string", "description": "Holds the request id, as in the logs."},
        "errors": {
            "type": "array",
            "description": "Invalid fields {field, code, detail}, or the conflicts of a series"
            " {occurrence, starts_at, code}.",
            "items": {"type": "object"},
        },
    },
}


def document(functions: Iterable[Function]) -> dict[str, Any]:
    """One OpenAPI document for the given functions."""
    functions = list(functions)
    models: dict[str, type[BaseModel]] = {}
    paths: dict[str, Any] = {}
    for function in functions:
        for route in function.routes:
            for model in (route.body, route.answer):
                if model is not None:
                    models[model.__name__] = model
            address = f"/{function.name}{route.path}"
            paths.setdefault(address, {})[route.method.lower()] = _operation(function, route)
        paths[f"/{function.name}/health"] = {"get": _described(function, "health")}
        paths[f"/{function.name}/openapi.json"] = {"get": _described(function, "openapi")}
    _, schemas = models_json_schema(
        [(model, "validation") for model in models.values()], ref_template=REF
    )
    names = [function.name for function in functions]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Praxis {', '.join(names)}",
            "version": VERSION,
            "description": "\n\n".join(function.description for function in functions),
        },
        "servers": [{"url": url} for url in dict.fromkeys(map(settings().server_url, names))],
        "tags": [{"name": f.name, "description": f.description} for f in functions],
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {
                "accessToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Access token of a signed-in user (Supabase Auth).",
                },
                "serviceToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Short-lived token of a machine with the scope of the address.",
                },
            },
        },
    }


@cache
def document_bytes(function: Function) -> bytes:
    """The document of one function, ready to send."""
    return json.dumps(document([function]), ensure_ascii=False).encode()


def _operation(function: Function, route: Route) -> dict[str, Any]:
    words = [word for word in route.path.strip("/").split("/") if word and word[0] != "{"]
    content = (
        {"application/json": {"schema": {"$ref": REF.format(model=route.answer.__name__)}}}
        if not route.media_types
        else {
            media_type: {"schema": {"type": "string", "description": text}}
            for media_type, text in route.media_types.items()
        }
    )
    operation: dict[str, Any] = {
        "tags": [function.name],
        "operationId": "_".join([route.method.lower(), function.name, *words])
        .replace("-", "_")
        .replace(".", "_"),
        "summary": route.summary,
        "security": _security(route),
        "parameters": list(_parameters(route)),
        "responses": {
            str(route.status): {"description": "Done.", "content": content},
            **_refusals(route),
        },
    }
    if route.body is not None:
        required = any(field.is_required() for field in route.body.model_fields.values())
        schema = {"$ref": REF.format(model=route.body.__name__)}
        operation["requestBody"] = {
            "required": required,
            "content": {"application/json": {"schema": schema}},
        }
    elif route.raw is not None:
        binary = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
        operation["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(route.raw.media_types, binary),
        }
    return operation


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.access == "user":
        return [{"accessToken": []}]
    return [] if route.access == "public" else [{"serviceToken": []}]


def _parameters(route: Route) -> Iterable[dict[str, Any]]:
    for segment in route.path.split("/"):
        if segment.startswith("{"):
            yield {
                "name": segment[1:-1],
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}
                if segment == "{token}"
                else {"type": "string", "format": "uuid"},
            }
    if route.query is not None:
        schema = route.query.model_json_schema()
        for name, field in schema["properties"].items():
            yield {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "description": field.pop("description", ""),
                "schema": field,
            }
    if route.body is not None or (route.raw is not None and route.access == "user"):
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Repeats with the same key and body get the first answer again.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "maxLength": 255},
        }


def _refusals(route: Route) -> dict[str, Any]:
    codes: dict[str, list[str]] = {}
    takes_body = route.body is not None or route.raw is not None
    for status, code in (_COMMON | _POST if takes_body else _COMMON).items():
        codes[status] = [code]
    for code in route.refusals:
        codes.setdefault("409" if code in _CONFLICTS else "422", []).append(code)
    if route.body is not None:
        codes["422"].append("idempotency_mismatch")
    found = {status: _problem(", ".join(sorted(set(names)))) for status, names in codes.items()}
    if PAGE_TYPE in route.media_types:
        # A browser that asks for a page gets one also where there is nothing.
        found["404"]["content"][PAGE_TYPE] = {"schema": {"type": "string"}}
    return found


def _problem(codes: str) -> dict[str, Any]:
    return {
        "description": f"Problem with code {codes}.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
    }


def _described(function: Function, what: str) -> dict[str, Any]:
    summary = {
        "health": "Whether the function is configured and the API answers",
        "openapi": "This document",
    }[what]
    return {
        "tags": [function.name],
        "operationId": f"get_{function.name}_{what}",
        "summary": summary,
        "security": [],
        "responses": {
            "200": {
                "description": "Yes." if what == "health" else "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **{status: _problem(_COMMON[status]) for status in ("405", "413", "414", "500", "503")},
        },
    }
