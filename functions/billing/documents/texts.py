"""Words of the documents in each language, and how each writes dates and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from billing.documents.model import Invoice, Language, Line, Party, Tax
from kernel.currencies import main_units, money, places

if TYPE_CHECKING:
    from datetime import date

LOCALES: Final[dict[Language, Locale]] = {
    "cs": Locale("cs", "CZ"),
    "en": Locale("en", "GB"),
    "de": Locale("de", "DE"),
    "da": Locale("da", "DK"),
}

_WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    # key: cs, en, de, da
    "invoice": ("Faktura", "Invoice", "Rechnung", "Faktura"),
    "tax_invoice": ("Faktura – daňový doklad", "VAT invoice", "Rechnung", "Faktura"),  # noqa: RUF001
    "credit_note": ("Dobropis", "Credit note", "Rechnungskorrektur", "Kreditnota"),
    "tax_credit_note": (
        "Opravný daňový doklad",
        "VAT credit note",
        "Rechnungskorrektur",
        "Kreditnota",
    ),
    "draft": ("KONCEPT", "DRAFT", "ENTWURF", "KLADDE"),
    "void": ("STORNO", "VOID", "STORNIERT", "ANNULLERET"),
    "supplier": ("Dodavatel", "Supplier", "Leistungserbringer", "Leverandør"),
    "payer": ("Odběratel", "Bill to", "Rechnungsempfänger", "Kunde"),
    "client": ("Klient", "Client", "Klient", "Klient"),
    "registration_number": ("IČO", "Reg. No.", "Reg.-Nr.", "CVR-nr."),
    "vat_number": ("DIČ", "VAT No.", "USt-IdNr.", "Momsnr."),
    "issued_on": ("Datum vystavení", "Issue date", "Rechnungsdatum", "Fakturadato"),
    "supplied_on": (
        "Datum uskut. plnění",
        "Date of supply",
        "Leistungsdatum",
        "Leveringsdato",
    ),
    "due_on": ("Datum splatnosti", "Due date", "Fällig am", "Forfaldsdato"),
    "variable_symbol": (
        "Variabilní symbol",
        "Payment reference",
        "Zahlungsreferenz",
        "Betalingsreference",
    ),
    "corrects": (
        "Opravuje fakturu č. {number} ze dne {date}",
        "Corrects invoice {number} of {date}",
        "Korrigiert die Rechnung {number} vom {date}",
        "Vedrører faktura {number} af {date}",
    ),
    "description": ("Popis", "Description", "Leistung", "Beskrivelse"),
    "quantity": ("Množství", "Quantity", "Menge", "Antal"),
    "unit_price": ("Cena za jedn.", "Unit price", "Einzelpreis", "Stykpris"),
    "unit_price_gross": (
        "Cena za jedn.\ns DPH",
        "Unit price\nincl. VAT",
        "Einzelpreis\ninkl. USt",
        "Stykpris\ninkl. moms",
    ),
    "unit_price_net": (
        "Cena za jedn.\nbez DPH",
        "Unit price\nexcl. VAT",
        "Einzelpreis\nexkl. USt",
        "Stykpris\nekskl. moms",
    ),
    "discount": ("Sleva", "Discount", "Rabatt", "Rabat"),
    "net": ("Základ", "Net", "Netto", "Netto"),
    "rate": ("DPH", "VAT", "USt", "Moms"),
    "tax": ("Výše DPH", "VAT amount", "USt-Betrag", "Momsbeløb"),
    "gross": ("Celkem s DPH", "Gross", "Brutto", "Brutto"),
    "sum": ("Celkem", "Amount", "Betrag", "Beløb"),
    "recap": ("Rekapitulace DPH", "VAT summary", "Umsatzsteuer", "Momsspecifikation"),
    "total_net": ("Celkem bez DPH", "Total excl. VAT", "Summe netto", "I alt ekskl. moms"),
    "total_tax": ("DPH celkem", "VAT total", "Umsatzsteuer", "Moms i alt"),
    "total": ("Celkem", "Total", "Gesamtbetrag", "I alt"),
    "paid": ("Uhrazeno", "Paid", "Bereits bezahlt", "Betalt"),
    "open": ("Zbývá uhradit", "Amount due", "Zahlbetrag", "At betale"),
    "refund": ("K vrácení", "To be refunded", "Erstattungsbetrag", "Tilbagebetales"),
    "offset": ("Vyrovnáno", "Settled", "Ausgeglichen", "Udlignet"),
    "settled": ("Uhrazeno, neplaťte", "Paid in full", "Vollständig bezahlt", "Fuldt betalt"),
    "payment": ("Platební údaje", "How to pay", "Zahlung", "Betaling"),
    "account": ("Číslo účtu", "Account number", "Kontonummer", "Kontonummer"),
    "iban": ("IBAN", "IBAN", "IBAN", "IBAN"),
    "bic": ("BIC/SWIFT", "BIC/SWIFT", "BIC", "BIC/SWIFT"),
    "amount": ("Částka", "Amount", "Betrag", "Beløb"),
    "spayd": ("QR platba", "QR payment", "QR-Zahlung", "QR-betaling"),
    "epc": ("QR platba (SEPA)", "QR payment (SEPA)", "GiroCode", "QR-betaling (SEPA)"),
    "note": ("Poznámka", "Note", "Hinweis", "Bemærkning"),
    "page": (
        "Strana {page} z {pages}",
        "Page {page} of {pages}",
        "Seite {page} von {pages}",
        "Side {page} af {pages}",
    ),
    "rate_exempt": ("osvob.", "exempt", "befreit", "fritaget"),
    "rate_reverse_charge": ("přenes.", "reverse", "§ 13b", "omvendt"),
    "rate_out_of_scope": ("mimo DPH", "no VAT", "nicht stb.", "uden moms"),
    "category_exempt": ("Osvobozeno", "Exempt", "Steuerfrei", "Momsfritaget"),
    "category_reverse_charge": (
        "Přenesená daň",
        "Reverse charge",
        "Reverse Charge",
        "Omvendt betalingspligt",
    ),
    "category_out_of_scope": (
        "Mimo DPH",
        "Outside VAT",
        "Nicht steuerbar",
        "Uden for momsloven",
    ),
    "exempt_note": (
        "Osvobozeno od DPH bez nároku na odpočet daně: {law}.",
        "Exempt from VAT without the right to deduct: {law}.",
        "Von der Umsatzsteuer befreit, ohne Vorsteuerabzug: {law}.",
        "Momsfritaget uden fradragsret: {law}.",
    ),
    "reverse_charge_note": (
        "Daň odvede zákazník.",
        "Reverse charge: VAT is payable by the customer.",
        "Steuerschuldnerschaft des Leistungsempfängers.",
        "Omvendt betalingspligt: køber afregner momsen.",
    ),
    "out_of_scope_note": (
        "Plnění není předmětem DPH.",
        "Outside the scope of VAT.",
        "Nicht steuerbarer Umsatz.",
        "Ydelsen er ikke omfattet af momsloven.",
    ),
    "no_vat_payer": (
        "Dodavatel není plátcem DPH.",
        "The supplier is not registered for VAT.",
        "Der Leistungserbringer ist nicht umsatzsteuerpflichtig.",
        "Leverandøren er ikke momsregistreret.",
    ),
    "message": (
        "Faktura {number}",
        "Invoice {number}",
        "Rechnung {number}",
        "Faktura {number}",
    ),
}
# Who exempts health services: the law of the supplier's country, as it is cited there.
_EXEMPTING_LAWS: Final = {
    "AT": "§ 6 Abs. 1 Z 19 UStG 1994",
    "CZ": "§ 51 a § 58 zákona č. 235/2004 Sb., o dani z přidané hodnoty",
    "DE": "§ 4 Nr. 14 UStG",
    "DK": "momsloven § 13, stk. 1, nr. 1",
    "GB": "Value Added Tax Act 1994, Schedule 9, Group 7",
    "PL": "art. 43 ust. 1 pkt 18-19 ustawy o VAT",
    "SK": "§ 29 zákona č. 222/2004 Z. z. o dani z pridanej hodnoty",
}
_EXEMPTING_DIRECTIVE: Final = "Art. 132 (1) (b)-(c), 2006/112/EC"
# Numbers keep the name under which their country gives them out.
_NUMBER_NAMES: Final = {
    "registration_number": {"CZ": "IČO", "SK": "IČO", "DK": "CVR"},
    "vat_number": {"CZ": "DIČ", "SK": "IČ DPH"},
}
_ORDER: Final[tuple[Language, ...]] = ("cs", "en", "de", "da")
_COMMON_RATES: Final = ("standard", "reduced")
_UNTAXED: Final = ("exempt", "reverse_charge", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything that is written in one language."""

    language: Language
    currency: str

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][_ORDER.index(self.language)]

    def title(self, invoice: Invoice) -> str:
        """What the document is called."""
        return self[f"tax_{invoice.kind}" if invoice.supplier.is_vat_payer else invoice.kind]

    def day(self, value: date) -> str:
        """A date, with the month in figures but never to be mistaken for the day."""
        pattern = {"cs": "d. M. y", "en": "d MMM y", "de": "dd.MM.y", "da": "d. MMM y"}
        return format_date(value, pattern[self.language], locale=LOCALES[self.language])

    def amount(self, minor_units: int) -> str:
        """An amount without its currency."""
        return format_decimal(
            main_units(minor_units, self.currency),
            format=f"#,##0{places(self.currency)}",
            locale=LOCALES[self.language],
        )

    def money(self, minor_units: int) -> str:
        """An amount with its currency."""
        return money(minor_units, self.currency, LOCALES[self.language])

    def number(self, value: Decimal) -> str:
        """A quantity, without meaningless zeros."""
        return format_decimal(
            value, format="#,##0.######", locale=LOCALES[self.language], decimal_quantization=False
        )

    def percent(self, value: Decimal) -> str:
        """A percentage; the sign stands as the language has it."""
        sign = "%" if self.language == "en" else "\N{NO-BREAK SPACE}%"
        return f"{self.number(value)}{sign}"

    def rate(self, row: Line | Tax) -> str:
        """The rate of a line, or why it has none."""
        if row.tax_category in _COMMON_RATES:
            return self.percent(row.tax_rate)
        return self[f"rate_{row.tax_category}"]

    def category(self, row: Tax) -> str:
        """The rate in the recap, in full."""
        if row.tax_category in _COMMON_RATES:
            return self.percent(row.tax_rate)
        return self[f"category_{row.tax_category}"]

    def legal_notes(self, invoice: Invoice) -> list[str]:
        """Sentences that the law wants where no tax is charged."""
        if not invoice.supplier.is_vat_payer:
            return [self["no_vat_payer"]]
        categories = {tax.tax_category for tax in invoice.taxes}
        notes = (self.category_note(invoice, each) for each in _UNTAXED if each in categories)
        return [note for note in notes if note]

    def category_note(self, invoice: Invoice, category: str) -> str | None:
        """Why one category is not taxed."""
        if category not in _UNTAXED or not invoice.supplier.is_vat_payer:
            return None
        law = _EXEMPTING_LAWS.get(invoice.supplier.country or "", _EXEMPTING_DIRECTIVE)
        return self[f"{category}_note"].format(law=law)

    def number_name(self, key: str, party: Party) -> str:
        """What a party's registration or tax number is called."""
        return _NUMBER_NAMES[key].get(party.country or "", self[key])

    def country(self, code: str) -> str:
        """A country's name."""
        return str(LOCALES[self.language].territories.get(code, code))

    def message(self, invoice: Invoice) -> str:
        """The message of a payment."""
        return self["message"].format(number=invoice.number)


def texts(invoice: Invoice) -> Texts:
    """The words for one invoice."""
    return Texts(invoice.locale, invoice.currency)
