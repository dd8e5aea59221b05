"""Templates: Jinja, cut down to what cannot loop for ever, call, or reach beyond the values given.

Organizations write their own templates, so a template is input like any other. What it may do is
listed, not what it may not: a template with anything else is refused before it runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChainableUndefined, TemplateError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from kernel.errors import invalid_argument

if TYPE_CHECKING:
    from jinja2 import Template

SUBJECT_MAX_LENGTH: Final = 200
TEXT_MAX_LENGTH: Final = 20_000
HTML_MAX_LENGTH: Final = 200_000
SMS_MAX_LENGTH: Final = 1_600
# A list within a list, and no more: lists are short, so this bounds the work.
LOOPS_MAX_DEPTH: Final = 2
NODES_MAX_COUNT: Final = 2_000

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.For,
)
_FILTERS = frozenset(
    {"capitalize", "default", "escape", "e", "first", "last", "length", "lower"}
) | {
    "trim",
    "upper",
}
_LOOP = frozenset({"first", "index", "last", "length"})
# No template can name it.
_ROWS: Final = "rows of a loop"
_LINE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class BadTemplateError(ValueError):
    """A template that cannot be used, and why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The words of a message: as built in, or as an organization wrote them."""

    subject: str
    body: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send."""

    subject: str
    text: str
    html: str


class _Environment(ImmutableSandboxedEnvironment):
    """Names after a dot are keys of what was given, never attributes of Python objects."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """One value of a mapping, or of the loop that runs."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    found = _Environment(
        autoescape=autoescape,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    found.globals.clear()
    found.filters[_ROWS] = _rows
    return found


def _rows(value: object) -> Sequence[object]:
    """What a loop goes over: a list. A text of thousands of characters is none."""
    return value if isinstance(value, list) else ()


_TEXT = _environment(autoescape=False)
_HTML = _environment(autoescape=True)


@lru_cache(maxsize=512)
def _compiled(source: str, *, is_html: bool) -> Template:
    environment = _HTML if is_html else _TEXT
    try:
        tree = environment.parse(source)
    except (TemplateError, RecursionError) as error:
        raise BadTemplateError(f"line {getattr(error, 'lineno', 1)}: cannot be read") from None
    _check(tree)
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, _ROWS, [], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)
    return environment.from_string(tree)


def _check(tree: nodes.Template) -> None:
    pending: list[tuple[nodes.Node, int]] = [(tree, 0)]
    seen = 0
    while pending:
        node, depth = pending.pop()
        seen += 1
        name = type(node).__name__.lower()
        if seen > NODES_MAX_COUNT:
            raise BadTemplateError("is too long")
        if not isinstance(node, _ALLOWED):
            raise BadTemplateError(f"line {node.lineno}: {name} is not possible here")
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            raise BadTemplateError(f"line {node.lineno}: there is no filter {node.name}")
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise BadTemplateError(f"line {node.lineno}: {node.attr} is not possible here")
        if isinstance(node, nodes.For):
            depth += 1
            if depth > LOOPS_MAX_DEPTH or node.recursive:
                raise BadTemplateError(f"line {node.lineno}: lists within lists within lists")
            if not isinstance(node.iter, (nodes.Name, nodes.Getattr)):
                raise BadTemplateError(f"line {node.lineno}: a loop goes over a list by name")
        pending.extend((child, depth) for child in node.iter_child_nodes())


def _run(source: str, values: Mapping[str, Any], limit: int, *, is_html: bool = False) -> str:
    template = _compiled(source, is_html=is_html)
    parts: list[str] = []
    left = limit
    try:
        for part in template.generate(values):
            parts.append(part)
            left -= len(part)
            if left < 0:
                raise BadTemplateError(f"gives more than {limit} characters")
    except (TemplateError, ArithmeticError, LookupError, TypeError, AttributeError):
        raise BadTemplateError("cannot be filled in with the values of this message") from None
    except ValueError as error:
        if isinstance(error, BadTemplateError):
            raise
        raise BadTemplateError("cannot be filled in with the values of this message") from None
    return "".join(parts)


def one_line(text: str) -> str:
    """Text that is safe in a header: one line, without control characters, bounded."""
    return _LINE.sub(" ", _CONTROL.sub(" ", text)).strip()[:SUBJECT_MAX_LENGTH]


def plain(text: str) -> str:
    """Text of several lines, without control characters and ragged ends."""
    lines = [line.rstrip() for line in _CONTROL.sub("", text).strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def text_as_html(text: str) -> Markup:
    """Plain text as paragraphs, its addresses as links."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        pieces: list[Markup] = []
        end = 0
        for match in _ADDRESS.finditer(paragraph):
            pieces.append(escape(paragraph[end : match.start()]))
            pieces.append(Markup('<a href="{0}">{0}</a>').format(match[0]))
            end = match.end()
        pieces.append(escape(paragraph[end:]))
        # Markup escapes what it is given, the break too unless it is Markup itself.
        lines = Markup("").join(pieces).replace("\n", Markup("<br>\n"))
        paragraphs.append(Markup("<p>{}</p>").format(lines))
    return Markup("\n").join(paragraphs)


def render(source: Source, values: Mapping[str, Any]) -> Rendered:
    """Subject, text and HTML of a message."""
    subject = one_line(_run(source.subject, values, 4 * SUBJECT_MAX_LENGTH))
    text = plain(_run(source.body, values, TEXT_MAX_LENGTH))
    if source.html:
        html = _run(source.html, values, HTML_MAX_LENGTH, is_html=True)
    else:
        html = str(text_as_html(text))
    return Rendered(subject, text, html)


def checked(source: Source, values: Mapping[str, Any]) -> Rendered:
    """Render for a preview: what is wrong is the caller's to mend."""
    try:
        return render(source, values)
    except BadTemplateError as error:
        raise invalid_argument(
            f"The template {error}.",
            hint="A template prints values, with if, for and simple filters.",
        ) from None
