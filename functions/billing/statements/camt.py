"""CAMT.053, the ISO 20022 statement: versions .001.02, .03, .04 and .08, read entry by entry.

Memory holds one entry at a time. Document types, and with them entities, are refused unread.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from billing.statements.model import Item, Movement, RefusedError, Statement
from billing.statements.values import (
    account_of,
    currency_code,
    iso_day,
    message_of,
    minor_units,
    name_of,
    nonzero,
    reference_of,
    spelled_symbols,
    symbol,
)
from kernel.errors import invalid_argument

FORMAT: Final = "camt.053"
VERSIONS: Final = ("02", "03", "04", "08")
# The deepest element of the schemas lies at about 20.
DEPTH_MAX: Final = 64

_ROOT: Final = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d))\}Document")
_CAMT: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3})\.[0-9.]+\}Document")
_STATEMENT_DEPTH: Final = 3
_TRUE: Final = frozenset({"true", "1"})


@dataclass(slots=True)
class _Header:
    account: str | None = None
    currency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    balances: dict[str, tuple[int, date | None]] = field(default_factory=dict)

    def statement(self) -> Statement:
        opening = self.balances.get("OPBD") or self.balances.get("PRCD") or (None, None)
        closing = self.balances.get("CLBD") or (None, None)
        return Statement(
            FORMAT,
            self.account,
            self.currency,
            self.starts_on or opening[1],
            self.ends_on or closing[1],
            opening[0],
            closing[0],
        )


def read(content: bytes) -> Iterator[Item]:
    """Movements of every statement in the file, each statement followed by its header."""
    try:
        yield from _walk(content)
    except DefusedXmlException:
        raise invalid_argument(
            "The file declares a document type, which a statement never does.",
            hint="Import the file as the bank gave it.",
        ) from None
    except (ParseError, LookupError, ValueError):
        raise invalid_argument(
            "The XML is cut off, not well-formed, or in another encoding than it says.",
            hint="Download the statement from the bank again.",
        ) from None


def _walk(content: bytes) -> Iterator[Item]:
    namespace = ""
    parents: list[Element] = []
    header = _Header()
    is_empty = True
    for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "start":
            if not parents:
                namespace = f"{{{_namespace(element.tag)}}}"
            parents.append(element)
            if len(parents) > DEPTH_MAX:
                raise invalid_argument("The XML is nested too deeply to be a statement.")
            continue
        # Names without the namespace from here on; those of another one keep it.
        element.tag = element.tag.removeprefix(namespace)
        parents.pop()
        depth = len(parents)
        if depth == _STATEMENT_DEPTH and parents[-1].tag == f"{namespace}Stmt":
            if element.tag == "Ntry":
                yield from _entry(element, header.account)
            else:
                _note(header, element)
        elif depth == _STATEMENT_DEPTH - 1 and element.tag == "Stmt":
            yield header.statement()
            header, is_empty = _Header(), False
        if parents and depth <= _STATEMENT_DEPTH:
            parents[-1].remove(element)
    if is_empty:
        raise invalid_argument("The file has no statement in it.")


def _namespace(root: str) -> str:
    match = _ROOT.fullmatch(root)
    if match and match[2] in VERSIONS:
        return match[1]
    hint = f"Versions camt.053.001.{', .'.join(VERSIONS)} are read."
    if match:
        raise invalid_argument(f"The statement has version camt.053.001.{match[2]}.", hint=hint)
    other = _CAMT.fullmatch(root)
    if other:
        raise invalid_argument(
            f"The file is a {other[1]} message, not a statement (camt.053).",
            hint="Download the account statement instead.",
        )
    raise invalid_argument("The XML file is not a camt.053 statement.", hint=hint)


def _note(header: _Header, element: Element) -> None:
    """Keep what the header says; what it says unreadably it does not say."""
    try:
        if element.tag == "Acct":
            header.account = account_of(
                element.findtext("Id/IBAN") or element.findtext("Id/Othr/Id"),
                element.findtext("Svcr/FinInstnId/ClrSysMmbId/MmbId")
                or element.findtext("Svcr/FinInstnId/Othr/Id"),
            )
            header.currency = element.findtext("Ccy") or header.currency
        elif element.tag == "FrToDt":
            header.starts_on = iso_day(element.findtext("FrDtTm"))
            header.ends_on = iso_day(element.findtext("ToDtTm"))
        elif element.tag == "Bal":
            _note_balance(header, element)
    except RefusedError:
        pass


def _note_balance(header: _Header, element: Element) -> None:
    kind = element.findtext("Tp/CdOrPrtry/Cd")
    if kind not in {"OPBD", "PRCD", "CLBD"} or (kind != "CLBD" and kind in header.balances):
        return
    currency, amount = _amount(element)
    header.currency = header.currency or currency
    header.balances[kind] = (amount * _direction(element), _day(element, "Dt"))


def _entry(entry: Element, account: str | None) -> list[Item]:
    try:
        return list(_movements(entry, account))
    except RefusedError as refused:
        return [refused.refusal()]


def _movements(entry: Element, account: str | None) -> Iterator[Movement]:
    status = entry.findtext("Sts/Cd") or entry.findtext("Sts/Prtry") or entry.findtext("Sts")
    if (status or "").strip() != "BOOK":
        raise RefusedError("not_booked", "The bank has not booked this entry.")
    currency, amount = _amount(entry)
    direction = _direction(entry)
    total = nonzero(amount * direction)
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        raise RefusedError("invalid_date", "The entry has no booking date.")
    details = entry.findall("NtryDtls/TxDtls")
    shares = _shares(details, currency, total, direction)
    # Details that do not make up the entry say nothing about how much came from whom.
    parts = [(total, details[0] if len(details) == 1 else None)]
    if shares:
        parts = list(zip(shares, details, strict=True))
    for number, (share, detail) in enumerate(parts, 1):
        yield Movement(
            account=account,
            booked_on=booked_on,
            valued_on=_day_or_none(entry, "ValDt"),
            amount=share,
            currency=currency,
            bank_reference=_bank_reference(entry, detail, number if shares else None),
            is_reversal=_is_reversal(entry),
            **_particulars(entry, detail, is_incoming=share > 0),
        )


def _shares(details: list[Element], currency: str, total: int, direction: int) -> list[int] | None:
    """What each of several details adds to the entry, if together they are the entry."""
    if len(details) < 2:  # noqa: PLR2004
        return None
    shares = [_share(detail, currency, direction) for detail in details]
    known = [share for share in shares if share]
    return known if len(known) == len(details) and sum(known) == total else None


def _share(detail: Element, currency: str, direction: int) -> int | None:
    if detail.find("CdtDbtInd") is not None:
        direction = _direction(detail)
    for holder in (detail, *detail.findall("AmtDtls/TxAmt"), *detail.findall("AmtDtls/CntrValAmt")):
        try:
            found, amount = _amount(holder)
        except RefusedError:
            continue
        # An amount in a foreign currency is what the payer sent, not what arrived.
        if found == currency:
            return amount * direction
    return None


def _particulars(entry: Element, detail: Element | None, *, is_incoming: bool) -> dict[str, str]:
    """Who, and what for."""
    if detail is None:
        texts = [entry.findtext("AddtlNtryInf")]
        return _known(message=message_of(texts[0]), **spelled_symbols(texts))
    # A reversal gives money back in the direction opposite to the payment that the details name.
    is_from_debtor = is_incoming != _is_reversal(entry)
    side = "Dbtr" if is_from_debtor else "Cdtr"
    references = [ref.text for ref in detail.findall("RmtInf/Strd/CdtrRefInf/Ref")]
    end_to_end = reference_of(detail.findtext("Refs/EndToEndId"))
    unstructured = " ".join(text.text or "" for text in detail.findall("RmtInf/Ustrd"))
    message = (
        message_of(unstructured)
        or message_of(detail.findtext("RmtInf/Strd/AddtlRmtInf"))
        or message_of(detail.findtext("AddtlTxInf"))
        or message_of(entry.findtext("AddtlNtryInf"))
    )
    symbols = spelled_symbols([*references, end_to_end, unstructured, message])
    creditor_reference = next(
        (found for text in references if (found := reference_of(text)) and not _is_symbol(found)),
        None,
    )
    if not symbols.get("variable_symbol"):
        symbols["variable_symbol"] = symbol(creditor_reference)
    party = f"RltdPties/{side}"
    agent = f"RltdAgts/{side}Agt/FinInstnId"
    return _known(
        counterparty=name_of(
            detail.findtext(f"{party}/Nm")
            or detail.findtext(f"{party}/Pty/Nm")
            or detail.findtext(f"RltdPties/Ultmt{side}/Nm")
            or detail.findtext(f"RltdPties/Ultmt{side}/Pty/Nm")
        ),
        counterparty_account=account_of(
            detail.findtext(f"{party}Acct/Id/IBAN") or detail.findtext(f"{party}Acct/Id/Othr/Id"),
            detail.findtext(f"{agent}/ClrSysMmbId/MmbId") or detail.findtext(f"{agent}/Othr/Id"),
        ),
        message=message,
        reference=creditor_reference or end_to_end,
        **symbols,
    )


def _bank_reference(entry: Element, detail: Element | None, number: int | None) -> str | None:
    of_entry = reference_of(entry.findtext("AcctSvcrRef"))
    of_detail = None if detail is None else reference_of(detail.findtext("Refs/AcctSvcrRef"))
    if number is None:
        return of_entry or of_detail
    if of_detail and of_detail != of_entry:
        return of_detail
    # One booking of many payments: each needs a name of its own.
    return of_entry and f"{of_entry}/{number}"


def _known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _is_symbol(text: str) -> bool:
    return bool(spelled_symbols([text]))


def _is_reversal(entry: Element) -> bool:
    return (entry.findtext("RvslInd") or "").strip() in _TRUE


def _direction(element: Element) -> int:
    found = {"CRDT": 1, "DBIT": -1}.get((element.findtext("CdtDbtInd") or "").strip())
    if found is None:
        raise RefusedError("unreadable", "The entry does not say whether it is credit or debit.")
    return found


def _amount(holder: Element) -> tuple[str, int]:
    amount = holder.find("Amt")
    if amount is None:
        raise RefusedError("invalid_amount", "The entry has no amount.")
    currency = currency_code(amount.get("Ccy"))
    found = minor_units(amount.text, currency)
    if found < 0:
        raise RefusedError("invalid_amount", "The amount has a sign; its direction has its own.")
    return currency, found


def _day(element: Element, name: str) -> date | None:
    text = element.findtext(f"{name}/Dt") or element.findtext(f"{name}/DtTm")
    return None if text is None else iso_day(text)


def _day_or_none(element: Element, name: str) -> date | None:
    try:
        return _day(element, name)
    except RefusedError:
        return None
