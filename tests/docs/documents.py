"""The documentation as tests see it: headings, fenced blocks, links, and where each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# The reference: what all calls share on one page, and a page for each domain.
API_PAGES = (DOCS / "api.md", *sorted((DOCS / "api").glob("*.md")))
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(DOCS.glob("*.md")),
    *sorted((DOCS / "api").glob("*.md")),
)


@dataclass(frozen=True)
class Block:
    """A fenced block and the heading that it stands under."""

    heading: str
    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path
    text: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    links: tuple[str, ...]
    # What stands in `code` in running text and tables, and the text of bash blocks.
    code: tuple[str, ...]

    @property
    def name(self) -> str:
        """The path as it is written elsewhere."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def anchors(self) -> frozenset[str]:
        """What a link may point at, spelled as GitHub spells it."""
        return frozenset(anchor(heading) for heading in self.headings)

    def under(self, heading: str) -> list[Block]:
        """Return the blocks under one heading."""
        return [block for block in self.blocks if block.heading == heading]

    def section(self, heading: str) -> str:
        """Return the text from a heading to the next one of its level or above."""
        match = re.search(rf"^(#+) {re.escape(heading)}$", self.text, re.MULTILINE)
        assert match, f"{self.name} has no heading {heading!r}"
        rest = self.text[match.end() :]
        end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
        return rest[: end.start()] if end else rest


def anchor(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def read(path: Path) -> Document:
    """Parse one file."""
    text = path.read_text(encoding="utf-8")
    headings: list[str] = []
    blocks: list[Block] = []
    links: list[str] = []
    code: list[str] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            headings.append(plain(tokens[position + 1]))
        elif token.type == "fence":
            line = token.map[0] + 1 if token.map else 0
            heading = headings[-1] if headings else ""
            blocks.append(Block(heading, token.info.strip(), token.content, line))
        for child in token.children or ():
            if child.type == "link_open":
                links.append(str(child.attrs["href"]))
            elif child.type == "code_inline":
                code.append(child.content)
    code += [block.text for block in blocks if block.language == "bash"]
    return Document(path, text, tuple(headings), tuple(blocks), tuple(links), tuple(code))


def plain(token: Token) -> str:
    """Return a heading's text without its marks."""
    children = token.children or ()
    return "".join(child.content for child in children if child.type in {"text", "code_inline"})


def rows(markdown: str) -> list[list[str]]:
    """Return the cells of every table row in a piece of Markdown, without headings and rules."""
    lines = [line.strip() for line in markdown.splitlines() if line.lstrip().startswith("|")]
    cells = [re.split(r"(?<!\\)\|", line.strip("|")) for line in lines]
    found = [[cell.strip() for cell in row] for row in cells]
    return [
        row
        for row, following in zip(found, [*found[1:], [""]], strict=True)
        if not is_rule(row) and not is_rule(following)
    ]


def is_rule(row: list[str]) -> bool:
    """Say whether this is the line below a table's heading."""
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)
