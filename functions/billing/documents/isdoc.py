"""The invoice as ISDOC 6.0.1, the Czech standard of electronic invoices.

Amounts are the invoice's own: in its currency, or, where the supplier keeps another one and the
invoice states a rate, in both. Without a rate there is nothing to convert with, so the document's
currency is then the only one named. A credit note has negative amounts, as it has in the database.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from babel.numbers import get_territory_currencies
from stdnum import iban as ibans

from billing.documents.payment_codes import account_bic, account_iban
from billing.documents.texts import texts
from kernel.currencies import main_units, minor_digits

if TYPE_CHECKING:
    from billing.documents.model import BankAccount, Invoice, Line, Party, Supplier, Tax

NAMESPACE: Final = "http://isdoc.cz/namespace/2013"
VERSION: Final = "6.0.1"
MEDIA_TYPE: Final = "application/xml; charset=utf-8"
INVOICE: Final = "1"
CREDIT_NOTE: Final = "2"
TRANSFER: Final = "42"

# The number of a house, with its orientation number and letter, at the end of a street.
_HOUSE = re.compile(r"(.*\S)\s+([0-9][0-9A-Za-z]*(?:\s?[/-]\s?[0-9A-Za-z]+)*)")
_UNIT_PLACES: Final = Decimal("0.0001")


def render_isdoc(invoice: Invoice) -> bytes:
    """The document as XML in UTF-8."""
    root = _Writer(invoice).invoice_element()
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


class _Writer:
    """Elements in the order that the schema wants."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.texts = texts(invoice)
        local = local_currency(invoice.supplier.country) or invoice.currency
        self.rate = invoice.exchange_rate if local != invoice.currency else None
        self.local = local if self.rate else invoice.currency

    def invoice_element(self) -> Element:
        invoice = self.invoice
        root = Element("Invoice", xmlns=NAMESPACE, version=VERSION)
        is_credit_note = invoice.kind == "credit_note"
        _add(root, "DocumentType", CREDIT_NOTE if is_credit_note else INVOICE)
        _add(root, "ID", invoice.number or "")
        _add(root, "UUID", str(invoice.id).upper())
        _add(root, "IssuingSystem", "Praxis")
        _add(root, "IssueDate", str(invoice.drawn_on))
        if invoice.supplier.is_vat_payer:
            _add(root, "TaxPointDate", str(invoice.supplied_on or invoice.drawn_on))
        _add(root, "VATApplicable", _boolean(invoice.supplier.is_vat_payer))
        _add(root, "ElectronicPossibilityAgreementReference", "")
        # The format has no void invoices; a note is what programs show of it.
        stamp = self.texts["void"] if invoice.status == "void" else None
        if note := "\n".join(filter(None, (stamp, invoice.note))):
            _add(root, "Note", note, languageID=invoice.locale)
        _add(root, "LocalCurrencyCode", self.local)
        if self.rate:
            _add(root, "ForeignCurrencyCode", invoice.currency)
        _add(root, "CurrRate", f"{self.rate.normalize():f}" if self.rate else "1")
        _add(root, "RefCurrRate", "1")
        self._party(SubElement(root, "AccountingSupplierParty"), invoice.supplier)
        self._party(SubElement(root, "AccountingCustomerParty"), invoice.payer)
        if invoice.corrects:
            reference = SubElement(
                SubElement(root, "OriginalDocumentReferences"), "OriginalDocumentReference"
            )
            _add(reference, "ID", invoice.corrects.number)
            _add(reference, "IssueDate", str(invoice.corrects.issued_on))
            _add(reference, "UUID", str(invoice.corrects.id).upper())
        self._lines(SubElement(root, "InvoiceLines"))
        self._taxes(SubElement(root, "TaxTotal"))
        self._totals(SubElement(root, "LegalMonetaryTotal"))
        if invoice.is_payable and invoice.bank_account:
            self._payment(SubElement(root, "PaymentMeans"), invoice.bank_account)
        return root

    def _party(self, parent: Element, party: Party | Supplier) -> None:
        element = SubElement(parent, "Party")
        _add(SubElement(element, "PartyIdentification"), "ID", party.registration_number or "")
        _add(SubElement(element, "PartyName"), "Name", party.name)
        address = SubElement(element, "PostalAddress")
        house = _HOUSE.fullmatch(party.street or "")
        _add(address, "StreetName", house[1] if house else party.street or "")
        _add(address, "BuildingNumber", house[2] if house else "")
        _add(address, "CityName", party.city or "")
        _add(address, "PostalZone", party.postal_code or "")
        country = SubElement(address, "Country")
        _add(country, "IdentificationCode", party.country or "")
        _add(country, "Name", self.texts.country(party.country) if party.country else "")
        if party.vat_number:
            scheme = SubElement(element, "PartyTaxScheme")
            _add(scheme, "CompanyID", party.vat_number)
            _add(scheme, "TaxScheme", "VAT")
        register_note = getattr(party, "register_note", None)
        if register_note:
            _add(SubElement(element, "RegisterIdentification"), "Preformatted", register_note)
        contacts = (("Telephone", getattr(party, "phone", None)), ("ElectronicMail", party.email))
        if any(value for _, value in contacts):
            contact = SubElement(element, "Contact")
            for name, value in contacts:
                if value:
                    _add(contact, name, value)

    def _lines(self, parent: Element) -> None:
        nets = self._local([line.net_amount for line in self.invoice.lines])
        grosses = self._local([line.gross_amount for line in self.invoice.lines])
        for line, net, gross in zip(self.invoice.lines, nets, grosses, strict=True):
            self._line(SubElement(parent, "InvoiceLine"), line, net, gross)

    def _line(self, element: Element, line: Line, net: Decimal, gross: Decimal) -> None:
        _add(element, "ID", str(line.position))
        quantity = _add(element, "InvoicedQuantity", f"{line.quantity:f}")
        if line.unit:
            quantity.set("unitCode", line.unit)
        self._amount(element, "LineExtensionAmount", net, line.net_amount, curr_first=True)
        self._amount(
            element, "LineExtensionAmountTaxInclusive", gross, line.gross_amount, curr_first=True
        )
        _add(element, "LineExtensionTaxAmount", self._text(gross - net))
        # What one unit costs after the discount: quantity times price is the amount of the line.
        units = line.quantity or Decimal(1)
        _add(element, "UnitPrice", f"{(net / units).quantize(_UNIT_PLACES):f}")
        _add(element, "UnitPriceTaxInclusive", f"{(gross / units).quantize(_UNIT_PLACES):f}")
        category = SubElement(element, "ClassifiedTaxCategory")
        _add(category, "Percent", f"{line.tax_rate:f}")
        _add(category, "VATCalculationMethod", "1" if self.invoice.prices_include_tax else "0")
        _add(category, "VATApplicable", _boolean(self._is_subject(line)))
        if line.discount_percent:
            discount = f"{self.texts['discount']} {self.texts.percent(line.discount_percent)}"
            _add(element, "Note", discount, languageID=self.invoice.locale)
        if note := self.texts.category_note(self.invoice, line.tax_category):
            _add(element, "VATNote", note, languageID=self.invoice.locale)
        _add(SubElement(element, "Item"), "Description", line.description)

    def _taxes(self, parent: Element) -> None:
        """The recap. Deposits that were taxed before do not exist: all is claimed here."""
        taxes = self.invoice.taxes
        nets = self._local([tax.net_amount for tax in taxes])
        grosses = self._local([tax.gross_amount for tax in taxes])
        for tax, net, gross in zip(taxes, nets, grosses, strict=True):
            element = SubElement(parent, "TaxSubTotal")
            for prefix, factor in (("", 1), ("AlreadyClaimed", 0), ("Difference", 1)):
                for name, local, foreign in (
                    ("TaxableAmount", net, tax.net_amount),
                    ("TaxAmount", gross - net, tax.tax_amount),
                    ("TaxInclusiveAmount", gross, tax.gross_amount),
                ):
                    self._amount(
                        element, prefix + name, local * factor, foreign * factor, curr_first=True
                    )
            category = SubElement(element, "TaxCategory")
            _add(category, "Percent", f"{tax.tax_rate:f}")
            _add(category, "VATApplicable", _boolean(self._is_subject(tax)))
            _add(category, "LocalReverseChargeFlag", _boolean(self._is_local_reverse_charge(tax)))
        self._amount(
            parent,
            "TaxAmount",
            sum(grosses, Decimal(0)) - sum(nets, Decimal(0)),
            self.invoice.tax_amount,
            curr_first=True,
        )

    def _totals(self, parent: Element) -> None:
        invoice = self.invoice
        net = sum(self._local([tax.net_amount for tax in invoice.taxes]), Decimal(0))
        gross = sum(self._local([tax.gross_amount for tax in invoice.taxes]), Decimal(0))
        payable = self._local([invoice.open_amount])[0]
        paid = invoice.total_amount - invoice.open_amount
        for name, local, foreign in (
            ("TaxExclusiveAmount", net, invoice.net_amount),
            ("TaxInclusiveAmount", gross, invoice.total_amount),
            ("AlreadyClaimedTaxExclusiveAmount", Decimal(0), 0),
            ("AlreadyClaimedTaxInclusiveAmount", Decimal(0), 0),
            ("DifferenceTaxExclusiveAmount", net, invoice.net_amount),
            ("DifferenceTaxInclusiveAmount", gross, invoice.total_amount),
            ("PayableRoundingAmount", Decimal(0), 0),
            ("PaidDepositsAmount", gross - payable, paid),
            ("PayableAmount", payable, invoice.open_amount),
        ):
            self._amount(parent, name, local, foreign)

    def _payment(self, parent: Element, account: BankAccount) -> None:
        invoice = self.invoice
        payment = SubElement(parent, "Payment")
        _add(payment, "PaidAmount", self._text(self._local([invoice.open_amount])[0]))
        _add(payment, "PaymentMeansCode", TRANSFER)
        details = SubElement(payment, "Details")
        _add(details, "PaymentDueDate", str(invoice.due_on or invoice.drawn_on))
        number, bank = _domestic(account)
        _add(details, "ID", number)
        _add(details, "BankCode", bank)
        _add(details, "Name", "")
        _add(details, "IBAN", account_iban(account) or "")
        _add(details, "BIC", account_bic(account) or "")
        if invoice.variable_symbol:
            _add(details, "VariableSymbol", invoice.variable_symbol)

    def _is_subject(self, row: Line | Tax) -> bool:
        return self.invoice.supplier.is_vat_payer and row.tax_category != "out_of_scope"

    def _is_local_reverse_charge(self, tax: Tax) -> bool:
        """Within one country; across borders the tax is another one's matter."""
        is_domestic = self.invoice.supplier.country == self.invoice.payer.country
        return is_domestic and tax.tax_category == "reverse_charge"

    def _local(self, amounts: list[int]) -> list[Decimal]:
        """Amounts in the supplier's currency, rounded so that their sum is the rounded sum."""
        places = main_units(1, self.local)
        rate = self.rate or Decimal(1)
        found, exact, rounded = [], Decimal(0), Decimal(0)
        for amount in amounts:
            exact += main_units(amount, self.invoice.currency) * rate
            value = exact.quantize(places, ROUND_HALF_UP) - rounded
            rounded += value
            found.append(value)
        return found

    def _text(self, amount: Decimal) -> str:
        return f"{amount:.{minor_digits(self.local)}f}"

    def _amount(
        self, parent: Element, name: str, local: Decimal, foreign: int, *, curr_first: bool = False
    ) -> None:
        """An amount in the local currency, beside it the foreign one if there is one."""
        pair = [(name, self._text(local))]
        if self.rate:
            text = f"{main_units(foreign, self.invoice.currency):f}"
            pair.insert(0 if curr_first else 1, (f"{name}Curr", text))
        for tag, value in pair:
            _add(parent, tag, value)


def local_currency(country: str | None) -> str | None:
    """The currency in which a country keeps its books."""
    found = get_territory_currencies(country, date(2026, 1, 1)) if country else []
    return str(found[0]) if found else None


def _domestic(account: BankAccount) -> tuple[str, str]:
    """Number and bank code; a Czech IBAN holds both."""
    if account.account_number and "/" in account.account_number:
        number, _, bank = account.account_number.rpartition("/")
        return number, bank
    iban = account_iban(account) or ""
    if not iban.startswith("CZ"):
        return account.account_number or "", ""
    compact = ibans.compact(iban)
    prefix, number = compact[8:14].lstrip("0"), compact[14:].lstrip("0")
    return f"{prefix}-{number}" if prefix else number, compact[4:8]


def _add(parent: Element, name: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, name, attributes)
    element.text = text
    return element


def _boolean(value: object) -> str:
    return "true" if value else "false"
