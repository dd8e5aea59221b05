"""The invoice as an A4 PDF.

Each page says how many there are, so what turns out to have more than one is drawn again. The same
invoice gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billing.documents.canvas import (
    ACCENT,
    GREY,
    HEIGHT,
    INK,
    INNER,
    LEADING,
    MARGIN,
    PANEL,
    WHITE,
    WIDTH,
    Align,
    Canvas,
)
from billing.documents.payment_codes import account_bic, account_iban, payment_code
from billing.documents.texts import Texts, texts

if TYPE_CHECKING:
    from billing.documents.model import Invoice, Line, Party, Supplier

TOP: Final = 15.0
BOTTOM: Final = HEIGHT - 19
GUTTER: Final = 8.0
HALF: Final = (INNER - GUTTER) / 2
LOGO_WIDTH: Final = 62.0
LOGO_HEIGHT: Final = 19.0
QR_SIDE: Final = 33.0
NAME_LINES: Final = 5
ADDRESS_LINES: Final = 2
ROW_SIZE: Final = 8.5
SMALL: Final = 7.3
TOTALS: Final = 76.0


def render_pdf(invoice: Invoice, logo: bytes | None = None) -> bytes:
    """The document as a file."""
    pages = 1
    while True:
        with _Document(invoice, logo, pages=pages).draw() as canvas:
            if canvas.pages_count == pages:
                return bytes(canvas.output())
            pages = canvas.pages_count


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: float
    align: Align = "R"


class _Document:
    """One drawing of an invoice, from top to bottom."""

    def __init__(self, invoice: Invoice, logo: bytes | None, *, pages: int) -> None:
        self.invoice = invoice
        self.logo = logo
        self.pages = pages
        self.texts: Texts = texts(invoice)
        self.title = self.texts.title(invoice)
        self.number = invoice.number or self.texts["draft"]
        self.has_discount = any(line.discount_percent for line in invoice.lines)
        self.canvas = Canvas(
            title=f"{self.title} {self.number}",
            author=invoice.supplier.name,
            language=invoice.locale,
            drawn_on=invoice.drawn_on,
        )
        self.y = TOP

    def draw(self) -> Canvas:
        self._page()
        self._heading()
        self._parties()
        self._dates()
        self._lines()
        self._totals()
        self._payment()
        self._closing()
        self._stamp()
        return self.canvas

    # Pages

    def _page(self) -> None:
        canvas, invoice = self.canvas, self.invoice
        canvas.add_page()
        y = HEIGHT - 12
        canvas.rule(y - 2)
        canvas.write_at(MARGIN, y, INNER * 0.7, invoice.supplier.name, size=SMALL, colour=GREY)
        place = self.texts["page"].format(page=canvas.page_no(), pages=self.pages)
        canvas.write_at(
            MARGIN + INNER * 0.7, y, INNER * 0.3, place, size=SMALL, colour=GREY, align="R"
        )
        self.y = TOP

    def _stamp(self) -> None:
        """Over what the page says, so that no coloured area hides it."""
        if self.invoice.status in {"draft", "void"}:
            self.canvas.stamp(self.texts[self.invoice.status])

    def _next_page(self) -> None:
        self._stamp()
        self._page()
        text = f"{self.title} {self.number}"
        self.canvas.write_at(MARGIN, self.y, INNER, text, size=9, bold=True, colour=ACCENT)
        self.y += 9

    def _need(self, height: float) -> bool:
        """Go to the next page unless so much is left of this one; whether it did."""
        if self.y + height <= BOTTOM:
            return False
        self._next_page()
        return True

    # The upper part

    def _heading(self) -> None:
        canvas, invoice = self.canvas, self.invoice
        right = MARGIN + HALF + GUTTER
        drawn = self.logo is not None and canvas.logo(
            MARGIN, TOP, LOGO_WIDTH, LOGO_HEIGHT, self.logo
        )
        if not drawn:
            lines = canvas.wrapped(invoice.supplier.name, HALF, size=15, bold=True, most=3)
            canvas.write_lines(MARGIN, TOP, HALF, lines, size=15, bold=True, colour=ACCENT)
            self.y = max(self.y, TOP + len(lines) * 15 * LEADING)
        canvas.write_at(right, TOP, HALF, self.title, size=17, bold=True, colour=ACCENT, align="R")
        canvas.write_at(right, TOP + 9, HALF, self.number, size=12, bold=True, align="R")
        y = TOP + 16
        if invoice.corrects:
            text = self.texts["corrects"].format(
                number=invoice.corrects.number, date=self.texts.day(invoice.corrects.issued_on)
            )
            lines = canvas.wrapped(text, HALF, size=8.5, most=3)
            y = canvas.write_lines(right, y, HALF, lines, size=8.5, colour=GREY, align="R")
        self.y = max(self.y, y, TOP + LOGO_HEIGHT) + 5
        canvas.rule(self.y, strong=True)
        self.y += 5

    def _parties(self) -> None:
        left = self._party(MARGIN, "supplier", self.invoice.supplier)
        right = self._party(MARGIN + HALF + GUTTER, "payer", self.invoice.payer)
        self.y = max(left, right) + 5

    def _party(self, x: float, role: str, party: Party) -> float:
        canvas = self.canvas
        y = self.y
        canvas.write_at(x, y, HALF, self.texts[role].upper(), size=7, bold=True, colour=GREY)
        y += 5
        lines = canvas.wrapped(party.name, HALF, size=10.5, bold=True, most=NAME_LINES)
        y = canvas.write_lines(x, y, HALF, lines, size=10.5, bold=True) + 0.6
        for text in self._address(party):
            y = canvas.write_lines(x, y, HALF, canvas.wrapped(text, HALF, most=ADDRESS_LINES))
        numbers = [
            f"{self.texts.number_name(key, party)}: {value}"
            for key in ("registration_number", "vat_number")
            if (value := getattr(party, key))
        ]
        if numbers:
            y += 1
        for text in numbers:
            y = canvas.write_lines(x, y, HALF, canvas.wrapped(text, HALF, most=ADDRESS_LINES))
        small = self._contacts(party)
        client = self.invoice.client
        if role == "payer" and client and client.name != party.name:
            small.append(f"{self.texts['client']}: {client.name}")
        if small:
            y += 1
        for text in small:
            lines = canvas.wrapped(text, HALF, size=8, most=ADDRESS_LINES)
            y = canvas.write_lines(x, y, HALF, lines, size=8, colour=GREY)
        return y

    def _address(self, party: Party) -> list[str]:
        lines = [party.street or "", " ".join(filter(None, (party.postal_code, party.city)))]
        countries = {self.invoice.supplier.country, self.invoice.payer.country} - {None}
        if party.country and len(countries) > 1:
            lines.append(self.texts.country(party.country))
        return [line for line in lines if line]

    def _contacts(self, party: Party | Supplier) -> list[str]:
        rows = (("phone", "email"), ("website",))
        found = [[value for name in row if (value := getattr(party, name, None))] for row in rows]
        return ["  ·  ".join(values) for values in found if values]

    def _dates(self) -> None:
        invoice = self.invoice
        found = [
            (self.texts[key], self.texts.day(value))
            for key in ("issued_on", "supplied_on", "due_on")
            if (value := getattr(invoice, key)) and (key != "due_on" or invoice.kind == "invoice")
        ]
        if invoice.variable_symbol:
            found.append((self.texts["variable_symbol"], invoice.variable_symbol))
        if not found:
            return
        self.canvas.panel(MARGIN, self.y, INNER, 13, PANEL)
        width = INNER / 4
        for index, (label, value) in enumerate(found):
            x = MARGIN + 4 + index * width
            self.canvas.write_at(x, self.y + 2.2, width - 6, label, size=7, colour=GREY)
            self.canvas.write_at(x, self.y + 6.2, width - 6, value, size=10, bold=True)
        self.y += 13 + 7

    # Lines

    def _columns(self) -> list[_Column]:
        words, has_tax = self.texts, self.invoice.supplier.is_vat_payer
        with_tax = "unit_price_gross" if self.invoice.prices_include_tax else "unit_price_net"
        columns = [
            _Column(words["quantity"], 18),
            _Column(words[with_tax] if has_tax else words["unit_price"], 22),
        ]
        if self.has_discount:
            columns.append(_Column(words["discount"], 13))
        if has_tax:
            columns += [_Column(words["rate"], 14), _Column(words["net"], 21)]
        columns.append(_Column(words["gross" if has_tax else "sum"], 22))
        rest = INNER - sum(column.width for column in columns)
        return [_Column(words["description"], rest, "L"), *columns]

    def _lines(self) -> None:
        columns = self._columns()
        self._need(30)
        self._line_heading(columns)
        for line in self.invoice.lines:
            self._line(columns, line)
        self.y += 5

    def _line_heading(self, columns: list[_Column]) -> None:
        canvas = self.canvas
        cells = [canvas.wrapped(c.heading, c.width - 2, size=7, bold=True) for c in columns]
        tallest = max(map(len, cells))
        x = MARGIN
        for column, lines in zip(columns, cells, strict=True):
            canvas.write_lines(
                x + (0 if column.align == "L" else 2),
                self.y + (tallest - len(lines)) * 7 * LEADING,
                column.width - 2,
                lines,
                size=7,
                bold=True,
                colour=GREY,
                align=column.align,
            )
            x += column.width
        self.y += tallest * 7 * LEADING + 1.5
        canvas.rule(self.y, strong=True)
        self.y += 1.6

    def _line(self, columns: list[_Column], line: Line) -> None:
        canvas, step = self.canvas, ROW_SIZE * LEADING
        width = columns[0].width - 2
        texts_ = [(text, ROW_SIZE) for text in canvas.wrapped(line.description, width, size=8.5)]
        if line.performed_on:
            texts_.append((self.texts.day(line.performed_on), SMALL))
        # A short line stays whole; a long one may go on where the page ends.
        whole = len(texts_) * step + 2
        if self._need(whole if whole < (BOTTOM - TOP) / 3 else 3 * step):
            self._line_heading(columns)
        x = MARGIN + columns[0].width
        for column, cell in zip(columns[1:], self._cells(line), strict=True):
            canvas.write_at(
                x + 2, self.y, column.width - 2, cell, size=ROW_SIZE, align=column.align
            )
            x += column.width
        for text, size in texts_:
            if self._need(step):
                self._line_heading(columns)
            colour = GREY if size == SMALL else INK
            canvas.write_at(MARGIN, self.y, width, text, size=size, colour=colour)
            self.y += size * LEADING
        self.y += 1.3
        canvas.rule(self.y)
        self.y += 1.5

    def _cells(self, line: Line) -> list[str]:
        words = self.texts
        cells = [
            " ".join(filter(None, (words.number(line.quantity), line.unit))),
            words.amount(line.unit_price_amount),
        ]
        if self.has_discount:
            discount = line.discount_percent
            cells.append(words.percent(discount) if discount else "")
        if self.invoice.supplier.is_vat_payer:
            cells += [words.rate(line), words.amount(line.net_amount)]
        return [*cells, words.amount(line.gross_amount)]

    # Sums

    def _totals(self) -> None:
        notes = self._legal_lines()
        rows = len(self.invoice.taxes) if self.invoice.supplier.is_vat_payer else 0
        left = rows * 5 + (12 if rows else 0) + len(notes) * SMALL * LEADING
        # A recap of very many rates goes on where the page ends.
        self._need(min(max(left, 40), (BOTTOM - TOP) / 2))
        top, page = self.y, self.canvas.page_no()
        bottom = self._sums(WIDTH - MARGIN - TOTALS)
        self.y = top
        if rows:
            self._recap(INNER - TOTALS - GUTTER)
        for note in notes:
            self._need(SMALL * LEADING)
            self.canvas.write_at(
                MARGIN, self.y, INNER - TOTALS - GUTTER, note, size=SMALL, colour=GREY
            )
            self.y += SMALL * LEADING
        self.y = (max(self.y, bottom) if page == self.canvas.page_no() else self.y) + 7

    def _legal_lines(self) -> list[str]:
        width = INNER - TOTALS - GUTTER
        return [
            line
            for note in self.texts.legal_notes(self.invoice)
            for line in self.canvas.wrapped(note, width, size=SMALL)
        ]

    def _recap(self, width: float) -> None:
        canvas, words = self.canvas, self.texts
        first = width * 0.28
        rest = (width - first) / 3
        head = (words["recap"], words["net"], words["tax"], words["gross"])
        body = [
            (
                words.category(tax),
                words.amount(tax.net_amount),
                words.amount(tax.tax_amount),
                words.amount(tax.gross_amount),
            )
            for tax in self.invoice.taxes
        ]
        for number, row in enumerate((head, *body)):
            self._need(5)
            for index, cell in enumerate(row):
                canvas.write_at(
                    MARGIN + (first + (index - 1) * rest + 1 if index else 0),
                    self.y,
                    (rest if index else first) - 1,
                    cell,
                    size=7 if number == 0 else 8,
                    bold=number == 0,
                    align="R" if index else "L",
                    colour=INK if number else GREY,
                )
            self.y += 5
            canvas.rule(self.y - 0.6, width=width)
        self.y += 2

    def _sums(self, x: float) -> float:
        canvas, words, invoice = self.canvas, self.texts, self.invoice
        rows = []
        if invoice.supplier.is_vat_payer:
            rows = [
                (words["total_net"], invoice.net_amount, False),
                (words["total_tax"], invoice.tax_amount, False),
            ]
        rows.append((words["total"], invoice.total_amount, True))
        if invoice.paid_amount:
            rows.append((words["paid"], -invoice.paid_amount, False))
        y = self.y
        for label, amount, bold in rows:
            size = 10 if bold else 9
            canvas.write_at(x + 4, y, 32, label, size=size, bold=bold)
            canvas.write_at(
                x + 36, y, TOTALS - 40, words.money(amount), size=size, bold=bold, align="R"
            )
            y += 5.6
        y += 1.4
        label, amount = self._due()
        canvas.panel(x, y, TOTALS, 13, ACCENT)
        canvas.write_at(x + 4, y + 4.2, 31, label, size=9.5, bold=True, colour=WHITE)
        canvas.write_at(
            x + 36, y + 3.2, TOTALS - 40, words.money(amount), size=14, bold=True, colour=WHITE,
            align="R",
        )  # fmt: skip
        return y + 13

    def _due(self) -> tuple[str, int]:
        """What the dark field says: the one amount that the reader has to act on."""
        words, invoice = self.texts, self.invoice
        if invoice.status == "void":
            return words["void"].capitalize(), invoice.total_amount
        if invoice.kind == "credit_note":
            return words["refund" if invoice.open_amount else "offset"], -invoice.open_amount
        if invoice.open_amount <= 0 < invoice.total_amount:
            return words["settled"], 0
        return words["open"], invoice.open_amount

    # The lower part

    def _payment(self) -> None:
        canvas, invoice, words = self.canvas, self.invoice, self.texts
        account = invoice.bank_account
        if not invoice.is_payable or account is None:
            return
        iban = account_iban(account)
        rows = [
            (words["account"], account.account_number),
            (words["iban"], " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)))
            if iban
            else (words["iban"], account.iban),
            (words["bic"], account_bic(account)),
            (words["variable_symbol"], invoice.variable_symbol),
            (words["amount"], words.money(invoice.open_amount)),
            (words["due_on"], words.day(invoice.due_on) if invoice.due_on else None),
        ]
        code = payment_code(invoice, words.message(invoice))
        height = QR_SIDE + 14 if code else 8 + 5.2 * len(rows)
        self._need(height)
        canvas.panel(MARGIN, self.y, INNER, height, PANEL)
        canvas.write_at(
            MARGIN + 5, self.y + 4, HALF, words["payment"], size=9.5, bold=True, colour=ACCENT
        )
        y = self.y + 11
        for label, value in rows:
            if value:
                canvas.write_at(MARGIN + 5, y, 36, label, size=8.5, colour=GREY)
                canvas.write_at(MARGIN + 43, y, 78, value, size=9, bold=True)
                y += 5.2
        if code:
            x = WIDTH - MARGIN - QR_SIDE - 9
            canvas.panel(x - 3, self.y + 3, QR_SIDE + 6, QR_SIDE + 6, WHITE)
            canvas.qr(x, self.y + 6, QR_SIDE, code.payload)
            canvas.write_at(
                x - 3, self.y + QR_SIDE + 9.4, QR_SIDE + 6, words[code.kind], size=7, bold=True,
                colour=GREY, align="C",
            )  # fmt: skip
        self.y += height + 6

    def _closing(self) -> None:
        invoice = self.invoice
        if invoice.note:
            self._need(10)
            self.canvas.write_at(
                MARGIN, self.y, INNER, self.texts["note"].upper(), size=7, bold=True, colour=GREY
            )
            self.y += 4.6
            self._text(invoice.note, 8.5)
        for text in (invoice.footer, invoice.supplier.register_note):
            if text:
                self._text(text, SMALL)

    def _text(self, text: str, size: float) -> None:
        """A text of any length, on as many pages as it takes."""
        step = size * LEADING
        for line in self.canvas.wrapped(text, INNER, size=size):
            self._need(step)
            colour = GREY if size == SMALL else INK
            self.canvas.write_at(MARGIN, self.y, INNER, line, size=size, colour=colour)
            self.y += step
        self.y += 2.5
