"""Numbers of companies: what their countries give out passes, everything else is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.identifiers import checked_registration_number, checked_vat_number
from kernel.errors import Problem


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("CZ45193410", None, ("CZ45193410", "CZ")),
        ("cz 451 934 10", "CZ", ("CZ45193410", "CZ")),
        ("DE 136,695 976", "DE", ("DE136695976", "DE")),
        ("DE136695976", "DE", ("DE136695976", "DE")),
        ("DK13585628", None, ("DK13585628", "DK")),
        ("ATU13585627", None, ("ATU13585627", "AT")),
        ("SK2022749619", "SK", ("SK2022749619", "SK")),
        ("EL094259216", "GR", ("EL094259216", "GR")),
        ("GB980780684", "GB", ("GB980780684", "GB")),
        ("XI980780684", "GB", ("XI980780684", "GB")),
        ("NL4495445B01", "NL", ("NL004495445B01", "NL")),
        ("GR094259216", "GR", ("EL094259216", "GR")),
        ("US123456789", None, None),
        ("45193410", "CZ", None),
        ("CZ45193411", None, None),
        ("DE136695976", "CZ", None),
        ("", None, None),
    ],
)
def test_vat_numbers(number: str, country: str | None, expected: tuple[str, str] | None) -> None:
    if expected is None:
        with pytest.raises(Problem) as refused:
            checked_vat_number(number, country)
        assert refused.value.errors[0]["field"] == "vat_number"
    else:
        assert checked_vat_number(number, country) == expected


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("27074358", "CZ", "27074358"),
        ("270 74 358", "CZ", "27074358"),
        ("6947", "CZ", "00006947"),
        ("31322832", "SK", "31322832"),
        ("13585628", "DK", "13585628"),
        ("552 008 443", "FR", "552008443"),
        ("HRB 12345", "DE", "HRB12345"),
        ("SC123456", "GB", "SC123456"),
        ("anything", None, "ANYTHING"),
        ("27074359", "CZ", None),
        ("123456789", "CZ", None),
        ("CZ27074358", "CZ", None),
        ("13585627", "DK", None),
    ],
)
def test_registration_numbers(number: str, country: str | None, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(Problem) as refused:
            checked_registration_number(number, country)
        assert refused.value.errors[0]["field"] == "registration_number"
    else:
        assert checked_registration_number(number, country) == expected


@given(
    st.text(max_size=30),
    st.sampled_from([None, "CZ", "DK", "AT", "BE", "CH", "FI", "FR", "NO", "PL", "SE", "SK", "GR"]),
)
def test_any_text_is_a_number_or_a_refusal(text: str, country: str | None) -> None:
    for check in (checked_vat_number, checked_registration_number):
        with contextlib.suppress(Problem):
            check(text, country)
