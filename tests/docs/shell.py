"""Runs the curl examples without a shell, curl or jq: their small part of Bash, sent with httpx.

Known are assignments, arrays, functions, quotes, $VARIABLES, $(…), pipes, here-documents, curl with
the options below, and jq with plain paths. Anything else is refused, so that the examples stay so
simple that every shell runs them.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PIPE = "\0|"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FUNCTION = re.compile(r"([a-z_]+)\(\) \{\n(.*)\n\}", re.DOTALL)
HEREDOC = re.compile(r" <<([A-Z]+)$")
PATH = re.compile(r"\.?(?:\.?[A-Za-z_]+|\.?\[\d+\])*")
LATER_DAY = re.compile(r'now \+ (-?\d+) \* 86400 \| strftime\("%F"\)')
CLOSED_BY = {"(": ")", "{": "}"}


class UnknownSyntaxError(AssertionError):
    """An example uses what this interpreter does not know."""


@dataclass(frozen=True)
class Answer:
    """What the API answered to one request of an example."""

    request: str
    status: int
    body: Any

    @classmethod
    def of(cls, request: str, status: int, text: str) -> Answer:
        """Read the body as JSON where it is."""
        try:
            return cls(request, status, json.loads(text) if text else None)
        except ValueError:
            return cls(request, status, text)


class Shell:
    """Keeps variables from one example to the next, as a terminal does."""

    def __init__(self, http: httpx.Client, folder: Path) -> None:
        self.http = http
        self.folder = folder
        self.variables: dict[str, str] = {}
        self.arrays: dict[str, list[str]] = {}
        self.functions: dict[str, str] = {}
        self.answers: list[Answer] = []

    def run(self, script: str) -> list[Answer]:
        """Run one example and return what was answered to it."""
        self.answers = []
        self._output(script)
        return self.answers

    def _output(self, script: str) -> str:
        return "".join(self._statement(text, stdin) for text, stdin in statements(script))

    def _statement(self, text: str, stdin: str) -> str:
        if match := FUNCTION.fullmatch(text):
            self.functions[match[1]] = match[2]
        elif match := re.match(r"([A-Za-z_]+)=\(", text):
            self.arrays[match[1]] = self._words(text[match.end() : -1])
        elif re.match(r"[A-Za-z_]+=", text):
            for word in self._words(text):
                name, _, value = word.partition("=")
                self.variables[name] = value
        else:
            return self._pipeline(self._words(text), self._expand(stdin))
        return ""

    def _pipeline(self, words: list[str], stdin: str) -> str:
        command: list[str] = []
        for word in [*words, PIPE]:
            if word != PIPE:
                command.append(word)
                continue
            stdin = self._command(command, stdin)
            command = []
        return stdin

    def _command(self, words: list[str], stdin: str) -> str:
        name, *arguments = words
        if name == "curl":
            return self._curl(arguments, stdin)
        if name == "jq":
            return self._jq(arguments, stdin)
        if name in self.functions:
            self.variables |= {str(n): value for n, value in enumerate(arguments, 1)}
            return self._output(self.functions[name])
        raise UnknownSyntaxError(name)

    def _curl(self, arguments: list[str], stdin: str) -> str:
        method, url, data, file = "", "", None, ""
        headers: dict[str, str] = {}
        rest = iter(arguments)
        for word in rest:
            if word == "-H":
                header, _, value = next(rest).partition(": ")
                headers[header] = value
            elif word in {"-d", "--data-binary"}:
                data = next(rest)
                data = stdin if data == "@-" else data
            elif word == "-X":
                method = next(rest)
            elif word == "-o":
                file = next(rest)
            elif not word.startswith("-"):
                url = word
            elif word != "-s":
                raise UnknownSyntaxError(f"curl {word}")
        method = method or ("GET" if data is None else "POST")
        response = self.http.request(method, url, headers=headers, content=data)
        self.answers.append(Answer.of(f"{method} {url}", response.status_code, response.text))
        if file:
            (self.folder / file).write_bytes(response.content)
            return ""
        return response.text

    def _jq(self, arguments: list[str], stdin: str) -> str:
        options, program, *files = arguments
        if options == "-rn" and (match := LATER_DAY.fullmatch(program)):
            moment = time.gmtime(time.time() + int(match[1]) * 86400)
            return time.strftime("%Y-%m-%d", moment)
        if options != "-r" or not PATH.fullmatch(program):
            raise UnknownSyntaxError(f"jq {options} {program}")
        text = (self.folder / files[0]).read_text(encoding="utf-8") if files else stdin
        value = json.loads(text)
        for key, index in re.findall(r"([A-Za-z_]+)|\[(\d+)\]", program):
            value = value[key or int(index)]
        assert value is not None, f"jq finds nothing at {program}"
        return value if isinstance(value, str) else json.dumps(value)

    def _words(self, text: str) -> list[str]:
        words: list[str] = []
        word: str | None = None
        position = 0
        while position < len(text):
            character = text[position]
            if character == "#" and word is None:
                position = (text + "\n").index("\n", position)
            elif character.isspace() or character == "|":
                words += [word] if word is not None else []
                words += [PIPE] if character == "|" else []
                word = None
                position += 1
            elif match := re.compile(r'"\$\{([A-Z_]+)\[@\]\}"').match(text, position):
                words += self.arrays[match[1]]
                position = match.end()
            else:
                part, position = self._part(text, position)
                word = (word or "") + part
        return [*words, *([word] if word is not None else [])]

    def _part(self, text: str, position: int) -> tuple[str, int]:
        character = text[position]
        if character == "'":
            end = text.index("'", position + 1)
            return text[position + 1 : end], end + 1
        if character == '"':
            end = end_of_quotes(text, position)
            return self._expand(text[position + 1 : end]), end + 1
        if character == "$":
            return self._variable(text, position)
        return character, position + 1

    def _expand(self, text: str) -> str:
        parts: list[str] = []
        position = 0
        while position < len(text):
            if text[position] == "\\" and text[position + 1 : position + 2] in {'"', "$", "\\"}:
                parts.append(text[position + 1])
                position += 2
            elif text[position] == "$":
                part, position = self._variable(text, position)
                parts.append(part)
            else:
                parts.append(text[position])
                position += 1
        return "".join(parts)

    def _variable(self, text: str, position: int) -> tuple[str, int]:
        if text.startswith("$(", position):
            end = end_of_group(text, position + 1)
            return self._output(text[position + 2 : end]).rstrip("\n"), end + 1
        match = re.compile(r"\$(?:\{([A-Za-z_]+)\}|([A-Za-z_]+|\d))").match(text, position)
        if not match:
            raise UnknownSyntaxError(text[position : position + 20])
        name = match[1] or match[2]
        if name == "RANDOM":
            return str(secrets.randbelow(32768)), match.end()
        return self.variables[name], match.end()


def statements(script: str) -> Iterator[tuple[str, str]]:
    """Split a script into statements, each with its here-document."""
    lines = iter(script.replace("\\\n", "").splitlines())
    for line in lines:
        text = line
        while text.strip() and not text.lstrip().startswith("#") and not is_complete(text):
            text += "\n" + next(lines)
        text = text.strip()
        if not text or text.startswith("#"):
            continue
        document: list[str] = []
        if match := HEREDOC.search(text):
            text = text[: match.start()]
            while (line := next(lines)) != match[1]:
                document.append(line)
        yield text, "\n".join(document)


def is_complete(text: str) -> bool:
    """Say whether every quote, parenthesis and brace is closed."""
    waiting: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character in {"'", '"'}:
            try:
                ends = {"'": text.index, '"': lambda _, at: end_of_quotes(text, at - 1)}
                position = ends[character](character, position + 1)
            except ValueError:
                return False
        elif character in CLOSED_BY:
            waiting.append(CLOSED_BY[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
        position += 1
    return not waiting


def end_of_quotes(text: str, position: int) -> int:
    """Return where the double quote that opens here is closed."""
    position += 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text.startswith("$(", position):
            position = end_of_group(text, position + 1)
        elif text[position] == '"':
            return position
        position += 1
    raise ValueError(text)


def end_of_group(text: str, position: int) -> int:
    """Return where the parenthesis that opens here is closed."""
    depth = 0
    while position < len(text):
        if text[position] == "'":
            position = text.index("'", position + 1)
        elif text[position] == '"':
            position = end_of_quotes(text, position)
        elif text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    raise ValueError(text)
