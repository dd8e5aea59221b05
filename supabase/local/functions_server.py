"""The functions of functions/main.py in one WSGI application, at the paths they have when deployed.

Cloud Run serves each function by itself; here they share a process, so that one command starts
them all. The root shows their joined OpenAPI description as a page.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import functions_framework
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

import main

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PUBLIC_PREFIX = "/functions/v1"
HTTP_METHODS = ("get", "post", "put", "patch", "delete")
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1c2430}
h1{font-size:1.6rem} h2{margin-top:2.5rem;border-bottom:1px solid #e3e7ee} code,pre{font-size:.9rem}
details{border:1px solid #e3e7ee;border-radius:.4rem;margin:.5rem 0;padding:.5rem .8rem}
summary{cursor:pointer} summary b{display:inline-block;min-width:4rem;color:#0b57d0}
pre{background:#f5f7fa;padding:.8rem;border-radius:.4rem;overflow:auto} td,th{text-align:left;
padding:.2rem .8rem .2rem 0;vertical-align:top} a{color:#0b57d0}
"""


def load_targets() -> dict[str, WSGIApplication]:
    """Wrap each function as functions-framework does when it is deployed."""
    source = str(Path(main.__file__))
    create_app: Callable[..., WSGIApplication] = functions_framework.create_app
    return {
        name: create_app(target=name, source=source, signature_type="http") for name in main.TARGETS
    }


TARGETS = load_targets()


def index(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer what no function does: the description, as JSON and as a page."""
    path = Request(environ).path.rstrip("/")
    if path == "/openapi.json":
        response = Response(json.dumps(description()), content_type="application/json")
    elif path == "":
        response = Response(page(description()), content_type="text/html; charset=utf-8")
    else:
        names = ", ".join(f"{PUBLIC_PREFIX}/{name}" for name in TARGETS)
        problem = {
            "type": "about:blank",
            "status": 404,
            "code": "not_found",
            "title": "No such function",
            "hint": f"There are {names}.",
        }
        response = Response(
            json.dumps(problem), status=404, content_type="application/problem+json"
        )
    return response(environ, start_response)


@cache
def description() -> dict[str, Any]:
    """Join the functions' own OpenAPI documents into one."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for name, target in TARGETS.items():
        document = Client(target).get("/openapi.json").get_json()
        for path, item in document["paths"].items():
            public = path if path.startswith(f"/{name}") else f"/{name}{path.rstrip('/')}"
            operations = {
                method: {**operation, "tags": [name]} if method in HTTP_METHODS else operation
                for method, operation in item.items()
            }
            paths[public] = operations
        for kind, entries in document.get("components", {}).items():
            components.setdefault(kind, {}).update(entries)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Praxis functions", "version": "1"},
        "servers": [{"url": PUBLIC_PREFIX}],
        "paths": paths,
        "components": components,
    }


def page(document: dict[str, Any]) -> str:
    """Render the description for reading."""
    sections: dict[str, list[str]] = {name: [] for name in TARGETS}
    for path, item in document["paths"].items():
        for method in HTTP_METHODS:
            if method in item:
                tag = item[method]["tags"][0]
                sections[tag].append(operation_html(method, path, item[method], document))
    body = "".join(f"<h2>{name}</h2>{''.join(parts)}" for name, parts in sections.items())
    return (
        f"<!doctype html><meta charset=utf-8><title>Praxis functions</title><style>{STYLE}</style>"
        f"<h1>Praxis functions</h1><p>Under <code>{PUBLIC_PREFIX}</code>; "
        f'<a href="{PUBLIC_PREFIX}/openapi.json">OpenAPI as JSON</a>.</p>{body}'
    )


def operation_html(
    method: str, path: str, operation: dict[str, Any], document: dict[str, Any]
) -> str:
    """Render one operation: what it takes and what it answers."""
    summary = html.escape(operation.get("summary", ""))
    text = html.escape(operation.get("description", ""))
    parts = [f"<p>{text}</p>"]
    rows = "".join(
        f"<tr><td><code>{html.escape(resolve(item, document)['name'])}</code></td>"
        f"<td>{html.escape(resolve(item, document)['in'])}</td>"
        f"<td>{html.escape(resolve(item, document).get('description', ''))}</td></tr>"
        for item in operation.get("parameters", [])
    )
    if rows:
        parts.append(f"<table><tr><th>Parameter</th><th>In</th><th></th></tr>{rows}</table>")
    if "requestBody" in operation:
        content = resolve(operation["requestBody"], document)["content"]
        for media in content.values():
            schema = resolve(media.get("schema", {}), document)
            shown = html.escape(json.dumps(schema, indent=2, ensure_ascii=False))
            parts.append(f"<p>Body</p><pre>{shown}</pre>")
    answers = "".join(
        f"<tr><td><code>{html.escape(status)}</code></td>"
        f"<td>{html.escape(resolve(answer, document).get('description', ''))}</td></tr>"
        for status, answer in operation.get("responses", {}).items()
    )
    parts.append(f"<table><tr><th>Answer</th><th></th></tr>{answers}</table>")
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{html.escape(path)}</code> {summary}"
        f"</summary>{''.join(parts)}</details>"
    )


def resolve(value: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference into the document."""
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Hand a request to its function, which sees the path that follows its name."""
    name, slash, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
    target = TARGETS.get(name)
    if target is None:
        return index(environ, start_response)
    mounted = {
        **environ,
        "SCRIPT_NAME": f"{environ.get('SCRIPT_NAME', '')}/{name}",
        "PATH_INFO": f"{slash or '/'}{rest}",
    }
    return target(mounted, start_response)
