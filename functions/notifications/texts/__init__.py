"""The built-in words, for every kind and language: where an organization has none of its own."""

from __future__ import annotations

from typing import Final

from notifications.rendering import Source
from notifications.texts import cs, da, de, en
from notifications.texts.model import Words

LANGUAGES: Final[dict[str, Words]] = {
    "cs": cs.WORDS,
    "da": da.WORDS,
    "de": de.WORDS,
    "en": en.WORDS,
}
# The end of every e-mail.
SIGNATURE: Final = (
    "{{ organization.name }}\n"
    "{% if organization.contact_email %}{{ organization.contact_email }}{% endif %}"
)
KINDS: Final = frozenset(en.WORDS.kinds)


def words(locale: str) -> Words:
    """The language, or English."""
    return LANGUAGES.get(locale, en.WORDS)


def built_in(kind: str, channel: str, locale: str) -> Source | None:
    """The built-in template of a kind; None when nobody has words for it."""
    language = words(locale)
    found = language.kinds.get(kind)
    if found is None:
        return None
    if channel == "email":
        return Source(found.subject, f"{language.greeting}\n\n{found.body}\n\n{SIGNATURE}")
    return Source(found.subject, found.short)
