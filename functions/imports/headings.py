"""Which column is what, in the languages that practices write their lists in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first of each goes into the template.
HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "given_name": "First name|Given name|Forename|First|Given",
        "family_name": "Last name|Family name|Surname|Last|Family",
        "email": "E-mail|Email address|Mail",
        "phone": "Phone|Phone number|Telephone|Mobile|Mobile phone|Mobile number|Cell phone|Tel",
        "birth_date": "Date of birth|Birth date|Birthday|DOB",
        "locale": "Language|Locale",
    },
    "cs": {
        "given_name": "Jméno|Křestní jméno",
        "family_name": "Příjmení",
        "email": "E-mail|E-mailová adresa",
        "phone": "Telefon|Telefonní číslo|Číslo telefonu|Mobil|Mobilní telefon|Mobilní číslo",
        "birth_date": "Datum narození|Narození|Narozen|Dat. nar.|Datum nar.",
        "locale": "Jazyk",
    },
    "de": {
        "given_name": "Vorname",
        "family_name": "Nachname|Familienname|Zuname",
        "email": "E-Mail|E-Mail-Adresse|Mailadresse",
        "phone": "Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Mobiltelefon|Rufnummer",
        "birth_date": "Geburtsdatum|Geburtstag|Geboren am",
        "locale": "Sprache",
    },
    "da": {
        "given_name": "Fornavn",
        "family_name": "Efternavn",
        "email": "E-mail|E-mailadresse|E-post",
        "phone": "Telefon|Telefonnummer|Telefonnr|Mobil|Mobilnummer|Mobiltelefon|Tlf",
        "birth_date": "Fødselsdato|Fødselsdag|Født",
        "locale": "Sprog",
    },
}

_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss"})


def plain(heading: str) -> str:
    """The heading without what people write differently: case, accents, spaces, signs."""
    lower = heading.casefold().translate(_LETTERS)
    return "".join(
        character for character in unicodedata.normalize("NFKD", lower) if character.isalnum()
    )


_FIELDS: Final = {
    plain(heading): field
    for language in HEADINGS.values()
    for field, headings in language.items()
    for heading in (field, *headings.split("|"))
}


def field_of(heading: str) -> str | None:
    """The field that a heading names, if any."""
    return _FIELDS.get(plain(heading))
