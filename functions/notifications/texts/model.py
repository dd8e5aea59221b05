"""What a language has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# The appointments that an e-mail tells of, a line each.
APPOINTMENTS: Final = (
    "{% for a in appointments %}\n"
    "{{ a.date }}, {{ a.time }}: {{ a.service }}, {{ a.practitioner }}"
    "{% if a.place %}, {{ a.place }}{% endif %}\n"
    "{% if a.join_url %}\n"
    "\n"
    "{{ a.join_url }}{% endif %}\n"
    "\n"
    "{% endfor %}\n"
    "\n"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: an e-mail's subject and body, and the short form for SMS and push."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Words:
    """A language."""

    greeting: str
    unsubscribe: str
    # What a link's page asks, by purpose, and what it says afterwards.
    asks: Mapping[str, str]
    done: Mapping[str, str]
    button: str
    refused: str
    unusable: str
    kinds: Mapping[str, Kind]
