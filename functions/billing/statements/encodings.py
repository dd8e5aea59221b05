"""Text files of Czech, Slovak and German banks: which of their encodings is this?

UTF-8 shows by itself. The single-byte ones decode anything, so each is tried, and the one that
gives letters of these languages wins over those that give signs nobody writes.
"""

from __future__ import annotations

from typing import Final

from kernel.errors import Problem, invalid_argument

CANDIDATES: Final = ("cp1250", "iso8859-2", "cp852")
SAMPLE_BYTES: Final = 65_536

# Letters of Czech, Slovak, German and Danish; then those of neighbours, which names bring in.
_LETTERS: Final = frozenset("áäčďéěíĺľňóôöřŕšßťúůüýžåæø")
_FOREIGN_LETTERS: Final = frozenset("ëőűąćęłńśźżâçî")
# Dashes, quotation marks, the ellipsis; the rest as they look.
_SIGNS: Final = frozenset("\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\xa0€§°")
_LETTER_SCORE: Final = 3
_FOREIGN_SCORE: Final = 1
_STRANGE_SCORE: Final = -5


def decoded(content: bytes) -> str:
    """The text of a file, or a refusal when no encoding makes sense of it."""
    if b"\0" in content:
        raise _unreadable()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # In other encodings hardly any letters happen to look like those of UTF-8.
    text = content[:SAMPLE_BYTES].decode(errors="replace")
    if sum(not char.isascii() for char in text) > 2 * text.count("\ufffd"):
        raise _unreadable()
    # Only bytes above ASCII tell encodings apart.
    sample = content.translate(None, bytes(range(0x80)))[:SAMPLE_BYTES]
    best = max(CANDIDATES, key=lambda name: _score(sample, name))
    if _score(sample, best) < 0:
        raise _unreadable()
    return content.decode(best, "replace")


def _score(sample: bytes, name: str) -> int:
    return sum(map(_score_of, sample.decode(name, "replace").lower()))


def _score_of(char: str) -> int:
    if char in _LETTERS:
        return _LETTER_SCORE
    if char in _FOREIGN_LETTERS:
        return _FOREIGN_SCORE
    return 0 if char in _SIGNS else _STRANGE_SCORE


def _unreadable() -> Problem:
    return invalid_argument(
        "The encoding of the file cannot be told.",
        hint="Save it in UTF-8, or download it from the bank again.",
    )
