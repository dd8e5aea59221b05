"""What the documents point at exists: links and anchors, make targets, files, environment names."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from kernel.settings import Settings
from tests.docs.documents import DOCS, DOCUMENTS, ROOT, Document, read, rows

PARAMETERS = [pytest.param(read(path), id=path.stem) for path in DOCUMENTS]
TOP_LEVEL = "bench|docs|functions|policies|sql|supabase|tests|seed.sql|README.md|CONTRIBUTING.md"
FILE = re.compile(rf"(?<![\w/.-])(?:\.\./)*((?:{TOP_LEVEL})(?:/[\w./-]*)?)(?![\w<{{*-])")
# Grown by a running stack, so absent from a fresh checkout.
GROWN = {"supabase/.stack.json", "functions/.env"}


@pytest.mark.parametrize("document", PARAMETERS)
def test_links_lead_somewhere(document: Document) -> None:
    for link in document.links:
        if re.match(r"https://", link):
            continue
        name, _, fragment = link.partition("#")
        target = (document.path.parent / unquote(name)).resolve() if name else document.path
        assert target.exists(), f"{document.name} links to {link}"
        if fragment:
            assert unquote(fragment) in read(target).anchors, f"{document.name} links to {link}"


@pytest.mark.parametrize("document", PARAMETERS)
def test_make_targets_exist(document: Document) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for code in document.code for name in re.findall(r"\bmake ([a-z]+)", code)}
    assert named <= targets, document.name


def test_every_command_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    readme = read(ROOT / "README.md")
    named = {name for code in readme.code for name in re.findall(r"\bmake ([a-z]+)", code)}
    # Those two are for people who work on the commands themselves; make help has them.
    assert targets - {"install", "lock"} <= named


@pytest.mark.parametrize("document", PARAMETERS)
def test_named_files_exist(document: Document) -> None:
    for code in document.code:
        for name in FILE.findall(code):
            path = name.rstrip(".")
            if not re.search(r"NN", path) and path not in GROWN:
                assert (ROOT / path).exists(), f"{document.name} names {path}"


def test_no_heading_is_there_twice() -> None:
    for path in DOCUMENTS:
        headings = read(path).headings
        assert len(headings) == len(set(headings)), path


def test_the_variables_of_the_functions_are_documented() -> None:
    expected = {name.upper() for name in Settings.model_fields}
    deploy = read(DOCS / "deploy.md")
    assert {row[0].strip("`") for row in rows(deploy.section("Variables"))} == expected
    assert variables("functions/.env.example") == expected
    assert variables(".env.example") <= expected


def variables(name: str) -> set[str]:
    """Return the names that an example of a .env file sets."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^#? ?([A-Z_]+)=", text, re.MULTILINE))
