"""Company and tax numbers of payers, checked against the rules of their country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stdnum import get_cc_module
from stdnum.cz import dic
from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.util import clean

from kernel.errors import invalid_argument

if TYPE_CHECKING:
    from collections.abc import Callable

# Prefixes of tax numbers that are not their country's code.
_PREFIX_COUNTRIES: Final = {"EL": "GR", "XI": "GB"}
# What the library calls the register's number, where it knows how to check one.
_REGISTERS: Final = {
    "AT": "businessid",
    "BE": "vat",
    "CH": "uid",
    "DK": "cvr",
    "FI": "ytunnus",
    "FR": "siren",
    "NO": "orgnr",
    "PL": "regon",
    "SE": "orgnr",
}


def checked_vat_number(number: str, country: str | None) -> tuple[str, str]:
    """The number in its plain form and the country that gave it; refused when it cannot be one."""
    plain = clean(number, " -./").upper()
    prefix = plain[:2]
    issuer = _PREFIX_COUNTRIES.get(prefix, prefix)
    if country is not None and issuer != country:
        raise _refusal("vat_number", f"Begins with {prefix}, but the country is {country}.")
    module = get_cc_module(issuer.lower(), "vat")
    if module is None:
        raise _refusal("vat_number", "Begins with the code of its country, such as CZ12345678.")
    digits = _checked("vat_number", module.validate, plain.removeprefix(prefix))
    given = "EL" if issuer == "GR" else prefix
    return given + digits.removeprefix(given), issuer


def checked_registration_number(number: str, country: str | None) -> str:
    """The number in its plain form; where the country's rules are unknown, as it was written."""
    plain = clean(number, " ").upper()
    if country in {"CZ", "SK"}:
        return _checked("registration_number", _czech, plain)
    name = _REGISTERS.get(country or "")
    module = get_cc_module(country.lower(), name) if country and name else None
    return _checked("registration_number", module.validate, plain) if module else plain


def _czech(number: str) -> str:
    """IČO: eight digits, the same in both countries since before they were two."""
    padded = number.zfill(8)
    if len(padded) != 8:  # noqa: PLR2004
        raise InvalidLength
    return dic.validate(padded)


def _checked(field: str, validate: Callable[[str], str], number: str) -> str:
    try:
        return validate(number)
    except ValidationError as error:
        raise _refusal(field, str(error)) from None


def _refusal(field: str, detail: str) -> Exception:
    return invalid_argument(
        "A number is not one that its country gives out.",
        hint="Copy it from the company's letter or the public register.",
        errors=[{"field": field, "code": "invalid_argument", "detail": detail}],
    )
