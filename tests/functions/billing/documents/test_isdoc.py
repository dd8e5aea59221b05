"""ISDOC: valid against the published schema, its sums agreeing, in every kind of invoice."""

from __future__ import annotations

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from billing.documents.isdoc import NAMESPACE, render_isdoc
from billing.documents.model import Invoice
from tests.functions.billing.documents import sample

ROOT = Path(__file__).parents[4]
SCHEMAS = Path(os.environ.get("PRAXIS_SCHEMAS", ROOT.parent / "shared" / "data"))
SCHEMA = SCHEMAS / "isdoc-invoice-6.0.1.xsd"
PERSON = {**sample.PAYER, "registration_number": None, "vat_number": None, "email": None}
NO_PAYER = {**sample.SUPPLIER, "is_vat_payer": False, "vat_number": None, "register_note": None}
UNTAXED: dict[str, Any] = {"tax_rate": "0.00", "tax_category": "out_of_scope"}

needs_schema = pytest.mark.skipif(
    not SCHEMA.exists(), reason=f"{SCHEMA} is missing: name its folder in PRAXIS_SCHEMAS"
)

VARIANTS: dict[str, Invoice] = {
    "VAT payer": sample.invoice(),
    "not a VAT payer": sample.invoice([sample.line(**UNTAXED)], supplier=NO_PAYER),
    "exempt": sample.invoice([sample.line(tax_rate="0.00", tax_category="exempt")]),
    "mixed rates": sample.invoice(sample.mixed()),
    "discount": sample.invoice([sample.line(discount_percent="33.33", quantity="0.750")]),
    "foreign currency, rate unknown": sample.invoice(currency="EUR"),
    "foreign currency": sample.invoice(sample.mixed(), currency="EUR", exchange_rate="24.385"),
    "foreign currency without minor units": sample.invoice(currency="JPY", exchange_rate="0.155"),
    "credit note": sample.credit_note(note="Storno sezení"),
    "partially paid": sample.invoice(paid_amount=45_000),
    "paid": sample.invoice(paid_amount=145_000, status="paid"),
    "void": sample.invoice(status="void"),
    "no bank account": sample.invoice(bank_account=None),
    "IBAN only": sample.invoice(bank_account={**sample.ACCOUNT, "account_number": None}),
    "foreign account": sample.invoice(
        currency="EUR",
        bank_account={
            "account_number": None,
            "iban": "DE75512108001245126199",
            "bic": None,
            "currency": "EUR",
        },
    ),
    "company without VAT id": sample.invoice(
        payer={**sample.PAYER, "registration_number": "45317054"}
    ),
    "person": sample.invoice(payer=PERSON),
    "no address": sample.invoice(
        payer={**PERSON, "street": None, "city": None, "postal_code": None, "country": None}
    ),
    "prices without tax": sample.invoice(prices_include_tax=False),
    "nothing to charge": sample.invoice([sample.line(unit_price_amount=0)]),
}


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def tree(invoice: Invoice) -> etree._Element:
    return etree.fromstring(render_isdoc(invoice))


def text(root: etree._Element, path: str) -> str | None:
    found = root.find("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))
    return None if found is None else found.text


def amounts(root: etree._Element, path: str) -> list[Decimal]:
    steps = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [Decimal(str(found.text)) for found in root.findall(steps)]


def assert_valid(root: etree._Element) -> None:
    checked = schema()
    assert checked.validate(root), checked.error_log


def assert_adds_up(root: etree._Element, suffix: str = "") -> None:
    total = f"LegalMonetaryTotal/{{}}{suffix}"
    (net,), (gross,), (paid,), (payable,) = (
        amounts(root, total.format(name))
        for name in ("TaxExclusiveAmount", "TaxInclusiveAmount", "PaidDepositsAmount",
                     "PayableAmount")
    )  # fmt: skip
    (tax,) = amounts(root, f"TaxTotal/TaxAmount{suffix}")
    assert net + tax == gross
    assert gross - paid == payable
    recap = "TaxTotal/TaxSubTotal/{}" + suffix
    assert sum(amounts(root, recap.format("TaxableAmount"))) == net
    assert sum(amounts(root, recap.format("TaxAmount"))) == tax
    assert sum(amounts(root, recap.format("TaxInclusiveAmount"))) == gross
    lines = "InvoiceLines/InvoiceLine/{}" + suffix
    assert sum(amounts(root, lines.format("LineExtensionAmount"))) == net
    assert sum(amounts(root, lines.format("LineExtensionAmountTaxInclusive"))) == gross
    for prefix in ("TaxableAmount", "TaxAmount", "TaxInclusiveAmount"):
        assert amounts(root, recap.format(prefix)) == amounts(
            root, recap.format(f"Difference{prefix}")
        )


@needs_schema
@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_valid_and_adds_up(name: str) -> None:
    root = tree(VARIANTS[name])
    assert_valid(root)
    assert_adds_up(root)


@pytest.mark.parametrize("name", VARIANTS)
def test_rules_beyond_the_schema(name: str) -> None:
    """What the standard's own checks want besides: references, and all amounts of a currency."""
    root = tree(VARIANTS[name])
    foreign = text(root, "ForeignCurrencyCode")
    beside = {
        str(element.tag).removesuffix("Curr") for element in root.iter() if is_foreign(element)
    }
    if foreign is None:
        assert text(root, "CurrRate") == text(root, "RefCurrRate") == "1"
        assert not beside
    else:
        assert foreign != text(root, "LocalCurrencyCode")
        for name_ in beside:
            pairs = len(list(root.iter(name_))), len(list(root.iter(f"{name_}Curr")))
            assert pairs[0] == pairs[1]
        assert_adds_up(root, "Curr")
    if text(root, "DocumentType") == "2":
        assert text(root, "OriginalDocumentReferences/OriginalDocumentReference/ID")


def is_foreign(element: etree._Element) -> bool:
    return str(element.tag).endswith("Curr")


@pytest.mark.parametrize(
    ("note", "expected"), [(None, "STORNO"), ("Děkujeme.", "STORNO\nDěkujeme.")]
)
def test_a_void_invoice_says_so(note: str | None, expected: str) -> None:
    assert text(tree(sample.invoice(status="void", note=note)), "Note") == expected
    assert text(tree(sample.invoice(note=note)), "Note") == note


def test_a_foreign_invoice_names_both_currencies() -> None:
    root = tree(VARIANTS["foreign currency"])
    assert text(root, "LocalCurrencyCode") == "CZK"
    assert text(root, "ForeignCurrencyCode") == "EUR"
    assert text(root, "CurrRate") == "24.385"
    assert text(root, "LegalMonetaryTotal/TaxInclusiveAmountCurr") == "8909.00"
    assert text(root, "LegalMonetaryTotal/TaxInclusiveAmount") == "217245.97"


def test_without_a_rate_nothing_is_converted() -> None:
    root = tree(VARIANTS["foreign currency, rate unknown"])
    assert text(root, "LocalCurrencyCode") == "EUR"
    assert text(root, "ForeignCurrencyCode") is None


def test_a_credit_note_refers_to_what_it_corrects() -> None:
    root = tree(VARIANTS["credit note"])
    assert text(root, "DocumentType") == "2"
    assert text(root, "OriginalDocumentReferences/OriginalDocumentReference/ID") == "20260042"
    assert text(root, "LegalMonetaryTotal/PayableAmount") == "-1450.00"
    assert root.find(f"{{{NAMESPACE}}}PaymentMeans") is None


def test_what_is_open_is_what_is_to_be_paid() -> None:
    root = tree(VARIANTS["partially paid"])
    assert text(root, "LegalMonetaryTotal/PaidDepositsAmount") == "450.00"
    assert text(root, "LegalMonetaryTotal/PayableAmount") == "1000.00"
    assert text(root, "PaymentMeans/Payment/PaidAmount") == "1000.00"
    details = "PaymentMeans/Payment/Details/{}"
    assert text(root, details.format("ID")) == "19-2000145399"
    assert text(root, details.format("BankCode")) == "0800"
    assert text(root, details.format("VariableSymbol")) == "20260042"
    assert tree(VARIANTS["IBAN only"]).findtext(f".//{{{NAMESPACE}}}BankCode") == "0800"


def test_the_law_that_exempts_is_named() -> None:
    note = text(tree(VARIANTS["exempt"]), "InvoiceLines/InvoiceLine/VATNote")
    assert note is not None
    assert "235/2004" in note


def test_the_house_number_stands_apart() -> None:
    root = tree(VARIANTS["VAT payer"])
    address = "AccountingSupplierParty/Party/PostalAddress/{}"
    assert text(root, address.format("StreetName")) == "Žitná"
    assert text(root, address.format("BuildingNumber")) == "1578/52"


def test_characters_that_xml_forbids_are_dropped() -> None:
    hostile = 'A\x00B\x0b\ufffe\x1b[31m<script>&amp;"]]>'
    root = tree(sample.invoice(payer={**sample.PAYER, "name": hostile}))
    name = text(root, "AccountingCustomerParty/Party/PartyName/Name")
    assert name == 'AB [31m<script>&amp;"]]>'


def test_the_same_invoice_is_the_same_file() -> None:
    assert render_isdoc(sample.invoice(sample.mixed())) == render_isdoc(
        sample.invoice(sample.mixed())
    )


texts = st.text(max_size=60)
lines = st.builds(
    sample.line,
    st.integers(1, 999),
    description=texts,
    unit=st.none() | texts,
    quantity=st.integers(1, 999_999).map(lambda n: f"{n / 1000:.3f}"),
    unit_price_amount=st.integers(0, 10**9),
    discount_percent=st.integers(0, 10_000).map(lambda n: f"{n / 100:.2f}"),
    tax_rate=st.sampled_from(["0.00", "12.00", "21.00", "25.00"]),
    tax_category=st.sampled_from(["standard", "reduced", "exempt", "reverse_charge"]),
)
parties = st.builds(
    lambda **changes: {**sample.PAYER, **changes},
    name=texts,
    street=st.none() | texts,
    city=st.none() | texts,
    registration_number=st.none() | texts,
    vat_number=st.none() | texts,
    country=st.sampled_from(["CZ", "SK", "DE", "XX", None]),
)


@needs_schema
@settings(max_examples=60)
@given(
    st.lists(lines, min_size=1, max_size=6),
    parties,
    st.sampled_from([("CZK", None), ("EUR", "24.385"), ("EUR", None), ("KWD", "73.1234")]),
    texts,
)
def test_any_invoice_is_valid_and_adds_up(
    rows: list[dict[str, Any]], payer: dict[str, Any], currency: tuple[str, str | None], note: str
) -> None:
    invoice = sample.invoice(
        rows, payer=payer, currency=currency[0], exchange_rate=currency[1], note=note
    )
    root = tree(invoice)
    assert_valid(root)
    assert_adds_up(root)
    if currency[1]:
        assert_adds_up(root, "Curr")
