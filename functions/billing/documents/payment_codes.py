"""What a payment QR code says: SPAYD for Czech crowns, EPC069-12 ("GiroCode") for euros."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum import iso11649
from stdnum.cz import bankaccount
from stdnum.exceptions import ValidationError

from billing.documents.model import BankAccount, Invoice, plain

if TYPE_CHECKING:
    from datetime import date

SPAYD_MAX: Final = Decimal("9999999999.99")
EPC_MAX: Final = Decimal("999999999.99")
MESSAGE_MAX: Final = 60
NAME_MAX: Final = 70
REMITTANCE_MAX: Final = 140
EPC_MAX_BYTES: Final = 331

_DOMESTIC = re.compile(r"(?:([0-9]{1,6})-)?([0-9]{2,10})/([0-9]{4})")
_SYMBOL = re.compile(r"[0-9]{1,10}")
# Readable in the payload, and not part of its syntax.
_UNESCAPED = frozenset(map(chr, range(0x20, 0x7F))) - frozenset("%*+")


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """The text of a QR code."""

    kind: Literal["spayd", "epc"]
    payload: str


def payment_code(invoice: Invoice, message: str) -> PaymentCode | None:
    """The code that pays what is open; None where nothing is to be paid, or not this way."""
    account = invoice.bank_account
    if not invoice.is_payable or account is None or account.currency != invoice.currency:
        return None
    number = account_iban(account)
    amount = Decimal(invoice.open_amount).scaleb(-2)
    if number is None:
        return None
    bic = account_bic(account)
    if invoice.currency == "CZK" and amount <= SPAYD_MAX:
        return PaymentCode(
            "spayd",
            spayd(
                number,
                amount,
                bic=bic,
                due_on=invoice.due_on,
                variable_symbol=invoice.variable_symbol,
                message=message,
            ),
        )
    if invoice.currency == "EUR" and amount <= EPC_MAX:
        name = invoice.supplier.name
        return PaymentCode("epc", epc(number, amount, name=name, bic=bic, remittance=message))
    return None


def account_iban(account: BankAccount) -> str | None:
    """The account's IBAN, computed from a Czech number where none is given; None if neither fits.

    A code with a wrong account is worse than none.
    """
    if account.iban:
        try:
            return ibans.validate(account.iban)
        except ValidationError:
            return None
    return iban_of_domestic(account.account_number or "")


def iban_of_domestic(number: str) -> str | None:
    """`19-2000145399/0800` as an IBAN, its check digits and bank code verified."""
    parts = _DOMESTIC.fullmatch("".join(number.split()))
    if parts is None:
        return None
    try:
        bankaccount.validate(parts[0])
    except ValidationError:
        return None
    bban = f"{parts[3]}{(parts[1] or '').zfill(6)}{parts[2].zfill(10)}"
    return f"CZ{ibans.calc_check_digits(f'CZ00{bban}')}{bban}"


def account_bic(account: BankAccount) -> str | None:
    """The account's BIC, if it is one."""
    return bics.compact(account.bic) if account.bic and bics.is_valid(account.bic) else None


def spayd(
    iban: str,
    amount: Decimal,
    *,
    bic: str | None = None,
    due_on: date | None = None,
    variable_symbol: str | None = None,
    message: str | None = None,
) -> str:
    """A Short Payment Descriptor 1.0 in crowns."""
    fields = [("ACC", f"{iban}+{bic}" if bic else iban), ("AM", f"{amount:.2f}"), ("CC", "CZK")]
    if due_on is not None:
        fields.append(("DT", f"{due_on:%Y%m%d}"))
    if variable_symbol and _SYMBOL.fullmatch(variable_symbol):
        fields.append(("X-VS", variable_symbol))
    if text := spayd_text(message or "", MESSAGE_MAX):
        fields.append(("MSG", text))
    return "*".join(("SPD", "1.0", *(f"{name}:{value}" for name, value in fields)))


def spayd_text(text: str, limit: int) -> str:
    """Escape a text; it ends before the character that would pass the limit when escaped.

    Readers disagree whether the limit counts characters before or after escaping: this fits both.
    """
    found = ""
    for character in " ".join(plain(text).split()):
        escaped = (
            character
            if character in _UNESCAPED
            else "".join(f"%{byte:02X}" for byte in character.encode())
        )
        if len(found) + len(escaped) > limit:
            break
        found += escaped
    return found.rstrip()


def epc(
    iban: str,
    amount: Decimal,
    *,
    name: str,
    bic: str | None = None,
    remittance: str = "",
) -> str:
    """A SEPA credit transfer, version 002 of EPC069-12 in UTF-8.

    A creditor reference (ISO 11649) goes to its own field, any other text to the free one.
    """
    is_reference = iso11649.is_valid(remittance)
    head = "\n".join(
        (
            *("BCD", "002", "1", "SCT", bic or ""),
            _cut(name, NAME_MAX, EPC_MAX_BYTES // 2),
            *(iban, f"EUR{amount:.2f}", ""),
            iso11649.compact(remittance) if is_reference else "",
        )
    )
    left = EPC_MAX_BYTES - len(head.encode()) - 1
    text = "" if is_reference else _cut(remittance, REMITTANCE_MAX, left)
    # Empty fields at the end are left out.
    return f"{head}\n{text}".rstrip("\n")


def _cut(text: str, most_characters: int, most_bytes: int) -> str:
    """The longest beginning within both limits that does not end inside a composed character."""
    text = " ".join(plain(text).split())
    end = min(len(text), most_characters)
    while len(text[:end].encode()) > most_bytes:
        end -= 1
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip()
