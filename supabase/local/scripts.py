"""Run SQL files statement by statement, so that an error names its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from local.stack import ROOT

TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<comment>/\*)
  | (?P<quoted>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")
  | (?P<dollar>\$(?P<tag>[A-Za-z_]\w*)?\$)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<end>;)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class ScriptError(RuntimeError):
    """A statement failed; the message is ready to be shown."""


@dataclass(frozen=True)
class Statement:
    """One SQL statement and where it begins in its file."""

    text: str
    offset: int


def run_script(connection: psycopg.Connection[Any], path: Path) -> None:
    """Execute a file's statements on a connection."""
    script = path.read_text(encoding="utf-8")
    for statement in split(script):
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as error:
            raise ScriptError(explain(error, path, script, statement)) from error


def split(script: str) -> Iterator[Statement]:
    """Cut a script at the semicolons that end statements."""
    start: int | None = None
    position = 0
    # Inside `begin atomic … end` semicolons belong to the function's body.
    body_depth = 0
    previous_word = ""
    while position < len(script):
        token = TOKEN.match(script, position)
        assert token is not None  # noqa: S101 - the last branch matches any character
        kind = token.lastgroup
        end = token.end()
        if kind == "comment":
            end = end_of_comment(script, position)
        elif kind != "space":
            if start is None and kind != "end":
                start = position
            if kind in {"dollar", "tag"}:
                closing = script.find(token.group("dollar"), end)
                end = len(script) if closing < 0 else closing + len(token.group("dollar"))
            elif kind == "word":
                word = token.group().lower()
                if word == "atomic" and previous_word == "begin":
                    body_depth = 1
                elif body_depth and word == "case":
                    body_depth += 1
                elif body_depth and word == "end":
                    body_depth -= 1
                previous_word = word
            elif kind == "end" and not body_depth and start is not None:
                yield Statement(script[start:position], start)
                start = None
        position = end
    if start is not None:
        yield Statement(script[start:], start)


def end_of_comment(script: str, position: int) -> int:
    """Return where a block comment ends; in PostgreSQL they nest."""
    depth = 0
    for mark in re.finditer(r"/\*|\*/", script[position:]):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return position + mark.end()
    return len(script)


def explain(error: psycopg.Error, path: Path, script: str, statement: Statement) -> str:
    """Say where and why a statement failed, with the line itself."""
    diagnosis = error.diag
    offset = statement.offset
    if diagnosis.statement_position:
        offset += int(diagnosis.statement_position) - 1
    line = script.count("\n", 0, offset) + 1
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    parts = [
        f"{shown}:{line}: {diagnosis.message_primary or error} ({diagnosis.sqlstate})",
        f"    {script.splitlines()[line - 1].strip()}",
    ]
    for name, text in (
        ("detail", diagnosis.message_detail),
        ("hint", diagnosis.message_hint),
        ("context", diagnosis.context),
    ):
        if text:
            parts.append(f"  {name}: {text}")
    return "\n".join(parts)
