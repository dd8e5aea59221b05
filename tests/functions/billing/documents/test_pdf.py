"""The PDF: everything on it, in each language, and nothing that a text could do to it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PageObject, PdfReader

from billing.documents.canvas import REPLACEMENT
from billing.documents.model import Invoice
from billing.documents.payment_codes import payment_code
from billing.documents.pdf import render_pdf
from billing.documents.texts import texts
from tests.functions.billing.documents import sample

EURO_ACCOUNT = {
    "account_number": None,
    "iban": "DE75512108001245126199",
    "bic": "SOLADES1XXX",
    "currency": "EUR",
}
A4 = (595.28, 841.89)


def read(invoice: Invoice, logo: bytes | None = None) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(invoice, logo)), strict=True)


def words(reader: PdfReader) -> str:
    """Everything that is written, blanks of all kinds alike."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def pictures(reader: PdfReader) -> list[Image.Image]:
    return [found.image for page in reader.pages for found in page.images if found.image]


def qr_matrix(picture: Image.Image) -> tuple[tuple[int, ...], ...]:
    """The modules of a drawn code: eight pixels each, dark is 1."""
    grey = picture.convert("L")
    side = grey.width // 8
    return tuple(
        tuple(int(grey.getpixel((8 * x + 4, 8 * y + 4)) == 0) for x in range(side))
        for y in range(side)
    )


def matrix_of(payload: str) -> tuple[tuple[int, ...], ...]:
    code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
    return tuple(tuple(row) for row in code.matrix)


def logo(mode: str = "RGBA", size: tuple[int, int] = (300, 100), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, (10, 120, 90, 128) if mode == "RGBA" else (10, 120, 90)).save(file, kind)
    return file.getvalue()


def test_everything_is_on_the_page() -> None:
    invoice = sample.invoice(
        sample.mixed(), paid_amount=50_000, note="Děkujeme.\nTým Přístavu", footer="Patička"
    )
    text = words(read(invoice))
    for expected in (
        "Faktura – daňový doklad",  # noqa: RUF001
        "20260042",
        "Centrum duševního zdraví Přístav, s.r.o.",
        "IČO: 27074358",
        "DIČ: CZ27074358",
        "Řehoř Dvořáček",
        "562 01 Ústí nad Orlicí",
        "5. 11. 2026",
        "19. 11. 2026",
        "Individuální psychoterapie, 50 minut",
        "2 sezení",
        "10 %",
        "1,5 h",
        "2 157,02",
        "osvob.",
        "Rekapitulace DPH",
        "452,98",
        "§ 51 a § 58 zákona č. 235/2004 Sb.",
        "Daň odvede zákazník.",
        "8 909,00 Kč",
        "-500,00 Kč",
        "8 409,00 Kč",
        "19-2000145399/0800",
        "CZ65 0800 0000 1920 0014 5399",
        "GIBACZPX",
        "QR platba",
        "Děkujeme. Tým Přístavu",
        "Patička",
        "oddíl C, vložka 4475",
        "Strana 1 z 2",
    ):
        assert expected in text, expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("cs", ["Faktura", "3. 11. 2026", "1 450,00 Kč", "Zbývá uhradit", "Strana 1 z 1"]),
        ("en", ["VAT invoice", "3 Nov 2026", "CZK 1,450.00", "Amount due", "Page 1 of 1"]),
        ("de", ["Rechnung", "03.11.2026", "1.450,00 CZK", "Zahlbetrag", "Seite 1 von 1"]),
        ("da", ["Faktura", "3. nov. 2026", "1.450,00 CZK", "At betale", "Side 1 af 1"]),
    ],
)
def test_each_language_writes_its_own_way(locale: str, expected: list[str]) -> None:
    reader = read(sample.invoice(locale=locale))
    text = words(reader)
    assert [each for each in expected if each not in text] == []
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == locale


def test_the_file_says_what_it_is() -> None:
    reader = read(sample.invoice())
    assert reader.metadata is not None
    assert reader.metadata.title == "Faktura – daňový doklad 20260042"  # noqa: RUF001
    assert reader.metadata.author == "Centrum duševního zdraví Přístav, s.r.o."
    box = reader.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(A4, abs=0.01)


def test_the_fonts_are_inside() -> None:
    fonts = [font for page in read(sample.invoice()).pages for font in fonts_of(page)]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert "NotoSans" in str(descendant["/BaseFont"])
        assert descendant["/FontDescriptor"].get_object()["/FontFile2"].get_object().get_data()


def fonts_of(page: PageObject) -> list[Any]:
    resources: Any = page["/Resources"]
    return [font.get_object() for font in resources["/Font"].get_object().values()]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"paid_amount": 45_000},
        {"locale": "de", "currency": "EUR", "bank_account": EURO_ACCOUNT},
    ],
)
def test_the_code_on_the_page_is_the_payment(changes: dict[str, Any]) -> None:
    invoice = sample.invoice(**changes)
    code = payment_code(invoice, texts(invoice).message(invoice))
    assert code is not None
    (picture,) = pictures(read(invoice))
    assert qr_matrix(picture) == matrix_of(code.payload)


@pytest.mark.parametrize(
    "invoice",
    [
        sample.invoice(status="void"),
        sample.invoice(status="draft", number=None),
        sample.invoice(status="paid", paid_amount=145_000),
        sample.invoice(bank_account=None),
        sample.credit_note(),
    ],
    ids=["void", "draft", "paid", "no account", "credit note"],
)
def test_no_code_where_nothing_is_to_be_paid(invoice: Invoice) -> None:
    reader = read(invoice)
    assert pictures(reader) == []
    assert "Platební údaje" not in words(reader)


def test_a_credit_note_names_what_it_corrects() -> None:
    text = words(read(sample.credit_note()))
    assert "Opravný daňový doklad" in text
    assert "Opravuje fakturu č. 20260042 ze dne 5. 11. 2026" in text
    assert "-1 450,00" in text
    assert "K vrácení 1 450,00 Kč" in text
    settled = words(read(sample.credit_note(paid_amount=-145_000, status="paid")))
    assert "Vyrovnáno 0,00 Kč" in settled


@pytest.mark.parametrize(
    ("status", "locale", "mark"),
    [
        ("draft", "cs", "KONCEPT"),
        ("draft", "en", "DRAFT"),
        ("draft", "de", "ENTWURF"),
        ("draft", "da", "KLADDE"),
        ("void", "cs", "STORNO"),
        ("void", "de", "STORNIERT"),
    ],
)
def test_what_is_not_valid_is_marked_on_each_page(status: str, locale: str, mark: str) -> None:
    lines = [sample.line(number) for number in range(1, 40)]
    reader = read(sample.invoice(lines, status=status, locale=locale))
    assert len(reader.pages) > 1
    assert all(mark in page.extract_text() for page in reader.pages)


def test_who_pays_no_tax_shows_none() -> None:
    supplier = {**sample.SUPPLIER, "is_vat_payer": False, "vat_number": None}
    row = sample.line(tax_rate="0.00", tax_category="out_of_scope")
    text = words(read(sample.invoice([row], supplier=supplier)))
    assert "Dodavatel není plátcem DPH." in text
    assert "daňový doklad" not in text
    assert "Rekapitulace" not in text


@pytest.mark.parametrize("count", [1, 40, 200])
def test_many_lines_go_on_under_the_same_heading(count: int) -> None:
    lines = [sample.line(n, description=f"Sezení č. {n}.") for n in range(1, count + 1)]
    reader = read(sample.invoice(lines))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) == {1: 1, 40: 3, 200: 10}[count]
    for number, page in enumerate(pages, 1):
        assert f"Strana {number} z {len(pages)}" in page
        assert "20260042" in page
        if "Sezení" in page:
            assert "Množství" in page
    found = re.findall(r"Sezení č\. ([0-9]+)\.", " ".join(pages))
    assert [int(number) for number in found] == list(range(1, count + 1))


def test_a_recap_of_many_rates_goes_on_too() -> None:
    lines = [sample.line(n, tax_rate=f"{n / 4:.2f}") for n in range(1, 121)]
    reader = read(sample.invoice(lines))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert sum("Rekapitulace DPH" in page for page in pages) == 1
    recap = " ".join(pages).partition("Rekapitulace DPH")[2]
    # Written as a table from the highest rate to the lowest, over several pages.
    assert all(f"{text} %" in recap for text in ("30", "29,75", "15,25", "0,25"))
    assert "Platební údaje" in pages[-1]


def test_the_same_invoice_is_the_same_file() -> None:
    content = render_pdf(sample.invoice(sample.mixed()), logo())
    assert content == render_pdf(sample.invoice(sample.mixed()), logo())
    assert content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "name",
    [
        "<b>Jan</b> <img src=x onerror=alert(1)>",
        '=HYPERLINK("http://evil.example")',
        "{nb} **bold** __under__ --strike-- [x](http://evil.example)",
        "{{ 7*7 }} {% include '/etc/passwd' %} ${jndi:ldap://x}",
        ") Tj ET Q /JS (app.alert(1)) (",
    ],
)
def test_a_text_stays_what_it_is(name: str) -> None:
    line = sample.line(description=name)
    reader = read(sample.invoice([line], payer={**sample.PAYER, "name": name}, note=name))
    # Wrapping may part it anywhere but within what fits on a line.
    squeezed = "".join(words(reader).split())
    assert squeezed.count("".join(name.split())) == 3
    root: Any = reader.trailer["/Root"]
    # Where to open it, and nothing that a viewer would run.
    assert root["/OpenAction"][1] == "/FitH"
    assert not {"/AA", "/Names", "/AcroForm"} & set(root)
    assert all("/Annots" not in page for page in reader.pages)


def test_controls_are_dropped() -> None:
    name = "Jan\r\nBcc: x@example.org\x00\x1b[31m\u202eyl\u200b\t end"
    text = words(read(sample.invoice(payer={**sample.PAYER, "name": name})))
    assert "Jan Bcc: x@example.org[31myl end" in text


@pytest.mark.parametrize("name", ["שלום", "محمد", "😀👩‍👩‍👧", "山田", "\ue000"])
def test_what_the_font_lacks_is_seen_to_be_missing(name: str) -> None:
    text = words(read(sample.invoice(payer={**sample.PAYER, "name": f"A {name} B"})))
    assert re.search(f"A {REPLACEMENT}+ B", text)


def test_latin_letters_of_all_kinds_are_drawn() -> None:
    name = "ĚŠČŘŽÝÁÍÉÚŮĎŤŇ ßÄÖÜ ÆØÅ ŁĄĘ ŐŰ ȘȚ Ǆ Ḁ Ằ ự ŉ"
    text = words(read(sample.invoice(payer={**sample.PAYER, "name": name})))
    assert REPLACEMENT not in text
    assert name in text


def test_nothing_leaves_its_place_however_long_it_is() -> None:
    endless = "Nejneobhospodařovávatelnějšími" * 40
    party = {key: endless for key, value in sample.PAYER.items() if isinstance(value, str)}
    party["country"] = "CZ"
    rows = [
        sample.line(1, unit_price_amount=2**53 - 1000, quantity="1.000", unit=endless[:200]),
        sample.line(2, description=endless, discount_percent="99.99"),
    ]
    reader = read(sample.invoice(rows, payer=party, number="9" * 60, note=endless))
    for page in reader.pages:
        spots: list[tuple[float, float, str]] = []

        def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
            if text.strip():
                spots.append((tm[4] + cm[4], tm[5] + cm[5], text))  # noqa: B023

        page.extract_text(visitor_text=visit)
        assert spots
        assert all(40 < x < A4[0] - 40 and 20 < y < A4[1] - 30 for x, y, _ in spots)
    assert "90 071 992 547 399,92" in words(reader)


@pytest.mark.parametrize(
    "content",
    [logo(), logo("RGB", kind="JPEG"), logo("RGB", (3000, 40)), logo("RGB", (40, 3000))],
    ids=["png", "jpeg", "wide", "tall"],
)
def test_a_logo_is_drawn(content: bytes) -> None:
    reader = read(sample.invoice(bank_account=None), content)
    (picture,) = pictures(reader)
    assert max(picture.size) <= 900


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        logo()[:60],
        b"\xff\xd8\xff\xe0 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://evil.example/'/></svg>",
        b"GIF89a\x01\x00\x01\x00\x80",
        b"/etc/passwd",
        b"http://evil.example/logo.png",
        logo() + b"\0" * 4 * 1024 * 1024,
    ],
    ids=["empty", "head", "cut", "jpeg head", "svg", "gif", "path", "address", "too large"],
)
def test_a_broken_logo_is_left_out(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    reader = read(sample.invoice(bank_account=None), content)
    assert pictures(reader) == []
    assert "Faktura" in words(reader)
    assert "logo_left_out" in capsys.readouterr().out


def test_a_picture_of_too_many_pixels_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    reader = read(sample.invoice(bank_account=None), logo("RGB", (6000, 5000)))
    assert pictures(reader) == []
    assert "logo_left_out" in capsys.readouterr().out


@settings(max_examples=20)
@given(
    st.text(max_size=300),
    st.text(max_size=300),
    st.sampled_from(["cs", "en", "de", "da"]),
    st.integers(-(10**12), 10**12),
)
def test_any_text_gives_a_document(name: str, note: str, locale: str, price: int) -> None:
    row = sample.line(description=note, unit=name[:40], unit_price_amount=price)
    reader = read(
        sample.invoice([row], payer={**sample.PAYER, "name": name}, note=note, locale=locale)
    )
    assert "20260042" in words(reader)
