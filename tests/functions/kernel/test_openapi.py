"""The published description: complete, valid, and open to all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import main
from kernel.errors import TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from kernel.routing import Function

FUNCTIONS: dict[str, Function] = {name: getattr(main, name.upper()) for name in main.TARGETS}


@pytest.fixture(params=sorted(FUNCTIONS))
def document(
    request: pytest.FixtureRequest,
    client: Callable[[str], FlaskClient],
    environment: Callable[..., None],
) -> tuple[str, dict[str, Any]]:
    environment()
    response = client(request.param).get(f"/{request.param}/openapi.json")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    return request.param, json.loads(response.data)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_targets_are_the_functions() -> None:
    assert {function.name for function in FUNCTIONS.values()} == set(main.TARGETS)


def test_every_route_is_published(document: tuple[str, dict[str, Any]]) -> None:
    name, found = document
    assert found["openapi"].startswith("3.1")
    published = {(method.upper(), path) for path, item in found["paths"].items() for method in item}
    routes = {(route.method, f"/{name}{route.path}") for route in FUNCTIONS[name].routes}
    extra = {("GET", f"/{name}/health"), ("GET", f"/{name}/openapi.json")}
    assert published == routes | extra
    operations = [item[method] for item in found["paths"].values() for method in item]
    identifiers = [operation["operationId"] for operation in operations]
    assert len(set(identifiers)) == len(identifiers)
    for operation in operations:
        assert operation["summary"]


def test_references_lead_somewhere_and_schemas_are_valid(
    document: tuple[str, dict[str, Any]],
) -> None:
    _, found = document
    for reference in references(found):
        assert reference.removeprefix("#/components/schemas/") in found["components"]["schemas"]
    for schema in found["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_refusals_are_problems(document: tuple[str, dict[str, Any]]) -> None:
    _, found = document
    for item in found["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert set(response["content"]) - {"text/html"} == {"application/problem+json"}


def test_routes_name_known_refusals() -> None:
    for function in FUNCTIONS.values():
        for route in function.routes:
            assert set(route.refusals) <= set(TITLES)
