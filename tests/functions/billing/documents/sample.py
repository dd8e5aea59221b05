"""Invoices to draw and export, as `invoice_document` would give them."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from billing.documents.model import Invoice

SUPPLIER: dict[str, Any] = {
    "name": "Centrum duševního zdraví Přístav, s.r.o.",
    "registration_number": "27074358",
    "vat_number": "CZ27074358",
    "street": "Žitná 1578/52",
    "city": "Praha 2",
    "postal_code": "120 00",
    "country": "CZ",
    "email": "fakturace@pristav.example",
    "phone": "+420 222 333 444",
    "website": "www.pristav.example",
    "register_note": "Zapsáno v obchodním rejstříku, Městský soud v Praze, oddíl C, vložka 4475.",
    "is_vat_payer": True,
    "logo_path": None,
}
PAYER: dict[str, Any] = {
    "name": "Řehoř Dvořáček",
    "registration_number": None,
    "vat_number": None,
    "street": "Šťastná 7",
    "city": "Ústí nad Orlicí",
    "postal_code": "562 01",
    "country": "CZ",
    "email": "rehor@example.org",
}
ACCOUNT: dict[str, Any] = {
    "account_number": "19-2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "bic": "GIBACZPX",
    "currency": "CZK",
}


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    """One line whose amounts fit together; prices include the tax."""
    row = {
        "position": number,
        "description": "Individuální psychoterapie, 50 minut",
        "quantity": "1.000",
        "unit": "sezení",
        "unit_price_amount": 145_000,
        "discount_percent": "0.00",
        "tax_rate": "21.00",
        "tax_category": "standard",
        "performed_on": "2026-11-03",
        **changes,
    }
    gross = _round(
        Decimal(row["unit_price_amount"])
        * Decimal(row["quantity"])
        * (100 - Decimal(row["discount_percent"]))
        / 100
    )
    rate = Decimal(row["tax_rate"])
    net = _round(gross * 100 / (100 + rate))
    return {"net_amount": net, "tax_amount": gross - net, "gross_amount": gross, **row}


def document(lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """An issued invoice; the recap and the totals follow from the lines."""
    lines = [line()] if lines is None else lines
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in lines:
        groups.setdefault((row["tax_rate"], row["tax_category"]), []).append(row)
    taxes = [
        {"tax_rate": rate, "tax_category": category, **_sums(rows)}
        for (rate, category), rows in sorted(groups.items(), reverse=True)
    ]
    sums = _sums(lines)
    paid = changes.pop("paid_amount", 0)
    return {
        "id": "0e6f4a3c-3d2b-4a55-9d38-1f2f3a4b5c6d",
        "organization_id": "11111111-1111-4111-8111-111111111111",
        "kind": "invoice",
        "number": "20260042",
        "series": "F",
        "status": "issued",
        "issued_on": "2026-11-05",
        "due_on": "2026-11-19",
        "supplied_on": "2026-11-03",
        "currency": "CZK",
        "locale": "cs",
        "variable_symbol": "20260042",
        "note": None,
        "prices_include_tax": True,
        "total_amount": sums["gross_amount"],
        "net_amount": sums["net_amount"],
        "tax_amount": sums["tax_amount"],
        "paid_amount": paid,
        "open_amount": sums["gross_amount"] - paid,
        "supplier": SUPPLIER,
        "payer": PAYER,
        "client": {"id": "3d1f0a4e-8f9f-4a38-8d4e-0a1b2c3d4e5f", "name": "Řehoř Dvořáček"},
        "bank_account": ACCOUNT,
        "lines": lines,
        "taxes": taxes,
        "corrects": None,
        "footer": None,
        **changes,
    }


def invoice(lines: list[dict[str, Any]] | None = None, **changes: Any) -> Invoice:
    """The same as the functions read it: through JSON."""
    return Invoice.model_validate_json(json.dumps(document(lines, **changes)))


def credit_note(**changes: Any) -> Invoice:
    """A note that takes one session back."""
    row = line(quantity="-1.000")
    return invoice(
        [row],
        kind="credit_note",
        number="D20260003",
        corrects={
            "id": "0e6f4a3c-3d2b-4a55-9d38-1f2f3a4b5c6e",
            "number": "20260042",
            "issued_on": "2026-11-05",
        },
        **changes,
    )


def mixed() -> list[dict[str, Any]]:
    """Lines of every kind of tax, one with a discount."""
    return [
        line(1, discount_percent="10.00", quantity="2.000"),
        line(2, description="Kniha Terapie v praxi", tax_rate="12.00", tax_category="reduced",
             unit="ks", unit_price_amount=39_900),
        line(3, description="Psychodiagnostické vyšetření (zdravotní služba)", tax_rate="0.00",
             tax_category="exempt", unit_price_amount=320_000, unit=None),
        line(4, description="Supervize pro organizaci", tax_rate="0.00",
             tax_category="reverse_charge", unit="h", quantity="1.500", unit_price_amount=180_000),
    ]  # fmt: skip


def _sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {
        name: sum(row[name] for row in rows)
        for name in ("net_amount", "tax_amount", "gross_amount")
    }


def _round(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
