"""Writes CAMT.053 files, as valid as those of a bank: the tests hold them against the schemas."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
from lxml import etree  # type: ignore[import-untyped]
from lxml.builder import ElementMaker  # type: ignore[import-untyped]

VERSIONS = ("02", "03", "04", "08")
# The publishers' schemas are not part of the product. Where they are absent, tests say so.
SCHEMAS = Path(
    os.environ.get("PRAXIS_SCHEMAS", Path(__file__).resolve().parents[5] / "shared" / "data")
)

Node: TypeAlias = etree._Element
IBAN = "CZ6508000000192000145399"


@dataclass(frozen=True, slots=True)
class Detail:
    """A TxDtls: amounts are (text, currency)."""

    amount: tuple[str, str] | None = None
    sent: tuple[str, str] | None = None
    direction: str | None = None
    end_to_end: str | None = None
    bank_reference: str | None = None
    debtor: str | None = None
    debtor_account: str | None = None
    debtor_bank: str | None = None
    creditor: str | None = None
    creditor_account: str | None = None
    unstructured: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An Ntry."""

    amount: str = "1200.00"
    currency: str = "CZK"
    direction: str = "CRDT"
    is_reversal: bool | None = None
    status: str = "BOOK"
    booked: str | None = "2026-11-02"
    valued: str | None = "2026-11-02"
    bank_reference: str | None = None
    details: tuple[Detail, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file of one or more statements."""

    version: str = "08"
    entries: tuple[Entry, ...] = ()
    iban: str | None = IBAN
    number: str | None = None
    currency: str = "CZK"
    opening: str = "100.00"
    closing: str = "1300.00"
    more: tuple[File, ...] = field(default=())

    def content(self) -> bytes:
        """The file."""
        namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{self.version}"
        make = ElementMaker(namespace=namespace, nsmap={None: namespace})
        maker = _Maker(self.version, make)
        document = make.Document(
            make.BkToCstmrStmt(
                make.GrpHdr(make.MsgId("M1"), make.CreDtTm("2026-11-03T04:00:00+01:00")),
                *(maker.statement(file) for file in (self, *self.more)),
            )
        )
        found: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
        return found


def assert_valid(content: bytes, version: str) -> None:
    """Hold a file against its schema."""
    path = SCHEMAS / f"camt.053.001.{version}.xsd"
    if not path.exists():
        pytest.skip(f"the schema {path} is not there")
    etree.XMLSchema(etree.parse(path)).assertValid(etree.fromstring(content))


class _Maker:
    def __init__(self, version: str, make: ElementMaker) -> None:
        self.version = version
        self.make = make

    def optional(self, name: str, text: str | None) -> list[Node]:
        return [] if text is None else [self.make(name, text)]

    def money(self, name: str, amount: tuple[str, str]) -> Node:
        return self.make(name, amount[0], Ccy=amount[1])

    def balance(self, code: str, amount: str, currency: str, day: str) -> Node:
        make = self.make
        return make.Bal(
            make.Tp(make.CdOrPrtry(make.Cd(code))),
            self.money("Amt", (amount.removeprefix("-"), currency)),
            make.CdtDbtInd("DBIT" if amount.startswith("-") else "CRDT"),
            make.Dt(make.Dt(day)),
        )

    def account(self, iban: str | None, number: str | None) -> Node:
        make = self.make
        return make.Id(make.IBAN(iban) if iban else make.Othr(make.Id(number or "")))

    def statement(self, file: File) -> Node:
        make = self.make
        return make.Stmt(
            make.Id("S1"),
            make.CreDtTm("2026-11-03T04:00:00+01:00"),
            make.Acct(self.account(file.iban, file.number), make.Ccy(file.currency)),
            self.balance("OPBD", file.opening, file.currency, "2026-11-01"),
            self.balance("CLBD", file.closing, file.currency, "2026-11-02"),
            *(self.entry(entry) for entry in file.entries),
        )

    def day(self, name: str, text: str | None) -> list[Node]:
        if text is None:
            return []
        return [self.make(name, self.make("DtTm" if "T" in text else "Dt", text))]

    def entry(self, entry: Entry) -> Node:
        make = self.make
        status = make.Cd(entry.status) if self.version == "08" else entry.status
        reversal = None if entry.is_reversal is None else str(entry.is_reversal).lower()
        return make.Ntry(
            self.money("Amt", (entry.amount, entry.currency)),
            make.CdtDbtInd(entry.direction),
            *self.optional("RvslInd", reversal),
            make.Sts(status),
            *self.day("BookgDt", entry.booked),
            *self.day("ValDt", entry.valued),
            *self.optional("AcctSvcrRef", entry.bank_reference),
            make.BkTxCd(make.Prtry(make.Cd("10000"))),
            *([make.NtryDtls(*map(self.detail, entry.details))] if entry.details else []),
            *self.optional("AddtlNtryInf", entry.note),
        )

    def detail(self, detail: Detail) -> Node:
        make = self.make
        references = [
            *self.optional("AcctSvcrRef", detail.bank_reference),
            *self.optional("EndToEndId", detail.end_to_end),
        ]
        parts: list[Node] = [make.Refs(*references)] if references else []
        amounts = []
        if detail.sent:
            amounts.append(make.InstdAmt(self.money("Amt", detail.sent)))
        if detail.amount and self.version == "02":
            amounts.append(make.TxAmt(self.money("Amt", detail.amount)))
        elif detail.amount:
            parts += [self.money("Amt", detail.amount), make.CdtDbtInd(detail.direction or "CRDT")]
        if amounts:
            parts.append(make.AmtDtls(*amounts))
        parties = [*self.party("Dbtr", detail.debtor, detail.debtor_account)]
        parties += self.party("Cdtr", detail.creditor, detail.creditor_account)
        if parties:
            parts.append(make.RltdPties(*parties))
        if detail.debtor_bank:
            member = make.ClrSysMmbId(make.MmbId(detail.debtor_bank))
            parts.append(make.RltdAgts(make.DbtrAgt(make.FinInstnId(member))))
        remittance = [make.Ustrd(text) for text in detail.unstructured]
        remittance += [
            make.Strd(make.CdtrRefInf(make.Tp(make.CdOrPrtry(make.Cd("SCOR"))), make.Ref(text)))
            for text in detail.references
        ]
        if remittance:
            parts.append(make.RmtInf(*remittance))
        return make.TxDtls(*parts, *self.optional("AddtlTxInf", detail.note))

    def party(self, side: str, name: str | None, account: str | None) -> list[Node]:
        make = self.make
        found: list[Node] = []
        if name:
            named = make.Nm(name)
            found.append(make(side, make.Pty(named) if self.version == "08" else named))
        if account:
            is_iban = account[:2].isalpha()
            holder = self.account(account if is_iban else None, account)
            found.append(make(f"{side}Acct", holder))
        return found
