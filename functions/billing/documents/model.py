"""The invoice as `invoice_document` of the database gives it, checked before it is drawn.

Amounts are integers in minor units; rates and quantities are decimal numbers written as text.
Nothing is computed here: lines, recap and totals are printed as the database holds them.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from kernel.models import Day, MinorUnits

Language = Literal["cs", "en", "de", "da"]
TaxCategory = Literal["standard", "reduced", "exempt", "reverse_charge", "out_of_scope"]

# Controls, and what steers the direction of writing, have no place in a document.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs"})


def plain(text: str) -> str:
    """The text in composed form, without control, format and other unprintable characters."""
    return "".join(map(_printable, unicodedata.normalize("NFC", text.replace("\r\n", "\n"))))


def _printable(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " "
    # The last two code points of each plane are no characters, and forbidden in XML.
    is_none = ord(character) & 0xFFFE == 0xFFFE  # noqa: PLR2004
    return "" if is_none or unicodedata.category(character) in _DROPPED else character


def _lines(value: str) -> str:
    return "\n".join(" ".join(line.split()) for line in plain(value).split("\n")).strip("\n")


def _one_line(value: str) -> str:
    return " ".join(plain(value).split())


def _decimal(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write decimal numbers as text")  # noqa: TRY004 - pydantic's protocol
    return value


Text = Annotated[str, AfterValidator(_one_line)]
Lines = Annotated[str, AfterValidator(_lines)]
Number = Annotated[
    Decimal, Field(strict=False, allow_inf_nan=False, max_digits=15), BeforeValidator(_decimal)
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Id = Annotated[UUID, Field(strict=False)]


class Part(BaseModel):
    """A part of the document: types are not guessed; what a newer database adds is not read."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Party(Part):
    """Somebody with an address: the payer."""

    name: Text
    registration_number: Text | None = None
    vat_number: Text | None = None
    street: Text | None = None
    city: Text | None = None
    postal_code: Text | None = None
    country: Country | None = None
    email: Text | None = None


class Supplier(Party):
    """Who issued the invoice."""

    phone: Text | None = None
    website: Text | None = None
    register_note: Lines | None = None
    is_vat_payer: bool
    logo_path: str | None = None


class Client(Part):
    """Whom the services were for."""

    id: Id
    name: Text


class BankAccount(Part):
    """Where to pay: a domestic number, an IBAN, or both."""

    account_number: Text | None = None
    iban: Text | None = None
    bic: Text | None = None
    currency: Currency


class Line(Part):
    """One line."""

    position: int
    description: Lines
    quantity: Number
    unit: Text | None = None
    unit_price_amount: MinorUnits
    discount_percent: Number = Decimal(0)
    tax_rate: Number
    tax_category: TaxCategory
    net_amount: MinorUnits
    tax_amount: MinorUnits
    gross_amount: MinorUnits
    performed_on: Day | None = None


class Tax(Part):
    """Sums of one rate and category."""

    tax_rate: Number
    tax_category: TaxCategory
    net_amount: MinorUnits
    tax_amount: MinorUnits
    gross_amount: MinorUnits


class Corrected(Part):
    """The invoice that a credit note corrects."""

    id: Id
    number: Text
    issued_on: Day


class Invoice(Part):
    """An invoice or a credit note; a draft has no number and no date of issue."""

    id: Id
    organization_id: Id
    kind: Literal["invoice", "credit_note"]
    number: Text | None = None
    series: Text | None = None
    status: Literal["draft", "issued", "sent", "paid", "overdue", "void"]
    issued_on: Day | None = None
    due_on: Day | None = None
    supplied_on: Day | None = None
    currency: Currency
    locale: Language
    variable_symbol: Text | None = None
    note: Lines | None = None
    footer: Lines | None = None
    prices_include_tax: bool
    total_amount: MinorUnits
    net_amount: MinorUnits
    tax_amount: MinorUnits
    paid_amount: MinorUnits
    open_amount: MinorUnits
    # Units of the supplier's own currency for one of `currency`, where the two differ.
    exchange_rate: Number | None = None
    supplier: Supplier
    payer: Party
    client: Client | None = None
    bank_account: BankAccount | None = None
    lines: Annotated[tuple[Line, ...], Field(strict=False)]
    taxes: Annotated[tuple[Tax, ...], Field(strict=False)]
    corrects: Corrected | None = None

    @property
    def is_payable(self) -> bool:
        """Whether the document asks for money."""
        return (
            self.kind == "invoice"
            and self.status not in {"draft", "void", "paid"}
            and self.open_amount > 0
        )

    @property
    def drawn_on(self) -> date:
        """The date that the file itself carries; it must not change when it is drawn again."""
        return self.issued_on or self.supplied_on or date(2000, 1, 1)
