"""An A4 page to write on: embedded fonts, text that always fits, pictures that are checked.

Whatever is written is taken literally: no markup, no placeholder, nothing that is loaded from
elsewhere. A character that the fonts lack is shown as a replacement mark.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

import filetype
import segno
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import Image, ImageOps

from kernel.logs import log

if TYPE_CHECKING:
    from datetime import date

Colour = tuple[int, int, int]
Align = Literal["L", "C", "R"]

INK: Final[Colour] = (31, 41, 51)
GREY: Final[Colour] = (102, 112, 122)
RULE: Final[Colour] = (212, 218, 224)
PANEL: Final[Colour] = (243, 246, 248)
ACCENT: Final[Colour] = (22, 78, 99)
WHITE: Final[Colour] = (255, 255, 255)

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
MARGIN: Final = 17.0
INNER: Final = WIDTH - 2 * MARGIN
# Millimetres of line height for a point of type size.
LEADING: Final = 0.48
SMALLEST: Final = 5.0
REPLACEMENT: Final = "\ufffd"
QR_PIXELS: Final = 8

LOGO_MAX_BYTES: Final = 4 * 1024 * 1024
LOGO_MAX_PIXELS: Final = 24_000_000
LOGO_DRAWN_PIXELS: Final = 900
_LOGO_TYPES: Final = {"image/png": "PNG", "image/jpeg": "JPEG"}

_FONTS: Final = Path(__file__).parent / "fonts"
_FILES: Final = {"": _FONTS / "NotoSans-Regular.ttf", "B": _FONTS / "NotoSans-Bold.ttf"}


@cache
def _drawable() -> frozenset[int]:
    """Code points that both fonts have."""
    maps = []
    for path in _FILES.values():
        with TTFont(path) as font:
            maps.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*maps)


def drawable(text: str) -> str:
    """The text with a visible mark for each character that cannot be drawn."""
    known = _drawable()
    return "".join(c if ord(c) in known or c == "\n" else REPLACEMENT for c in text)


class Canvas(FPDF):
    """Pages with one way to write text and no automatic breaks."""

    def __init__(self, *, title: str, author: str, language: str, drawn_on: date) -> None:
        super().__init__(format="A4")
        self.set_margin(0)
        self.c_margin = 0
        self.set_auto_page_break(auto=False)
        # The library's placeholder for the number of pages must not be found in a name.
        self.alias_nb_pages(None)  # type: ignore[arg-type]  # None switches it off
        for style, path in _FILES.items():
            self.add_font("Noto", style, path)
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        # The same invoice is the same file, whenever it is drawn.
        self.set_creation_date(datetime.combine(drawn_on, time(), UTC))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The library keeps the font files open.
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def write_at(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "L",
    ) -> None:
        """One line, made smaller and in the end cut off where it is wider than its place."""
        height = size * LEADING
        text = drawable(text)
        self.set_font("Noto", "B" if bold else "", size)
        while self.get_string_width(text) > width and self.font_size_pt > SMALLEST:
            self.set_font_size(max(self.font_size_pt - 0.25, SMALLEST))
        if self.get_string_width(text) > width:
            while text and self.get_string_width(f"{text}…") > width:
                text = text[:-1]
            text = f"{text}…"
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.cell(width, height, text, align=align)

    def wrapped(
        self, text: str, width: float, *, size: float = 9, bold: bool = False, most: int = 0
    ) -> list[str]:
        """The text in lines of at most this width; with `most`, no more lines than that."""
        self.set_font("Noto", "B" if bold else "", size)
        lines = [
            line
            for paragraph in drawable(text).split("\n")
            for line in self._broken(paragraph, width)
        ]
        if most and len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
        return lines

    def write_lines(
        self,
        x: float,
        y: float,
        width: float,
        lines: list[str],
        *,
        size: float = 9,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "L",
    ) -> float:
        """Lines below one another; returns where they end."""
        for line in lines:
            self.write_at(x, y, width, line, size=size, bold=bold, colour=colour, align=align)
            y += size * LEADING
        return y

    def rule(self, y: float, *, width: float = INNER, strong: bool = False) -> None:
        """A horizontal line."""
        self.set_draw_color(*(ACCENT if strong else RULE))
        self.set_line_width(0.5 if strong else 0.2)
        self.line(MARGIN, y, MARGIN + width, y)

    def panel(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled area with soft corners."""
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F", round_corners=True, corner_radius=1.2)

    def stamp(self, text: str) -> None:
        """A large pale word across the page."""
        self.set_font("Noto", "B", 92)
        self.set_font_size(min(92.0, 92.0 * 230 / self.get_string_width(text)))
        self.set_text_color(*ACCENT)
        with (
            self.local_context(fill_opacity=0.11),
            self.rotation(52, WIDTH / 2, HEIGHT / 2),
        ):
            self.set_xy(0, HEIGHT / 2 - 20)
            self.cell(WIDTH, 40, text, align="C")

    def qr(self, x: float, y: float, side: float, payload: str) -> None:
        """A QR code, its quiet zone left to the surroundings."""
        picture = io.BytesIO()
        code = segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False)
        code.save(picture, kind="png", scale=QR_PIXELS, border=0)
        self.image(picture, x, y, side, side)

    def logo(self, x: float, y: float, width: float, height: float, content: bytes) -> bool:
        """The picture within its place, if it is one."""
        picture = _picture(content)
        if picture is None:
            return False
        scale = min(width / picture.width, height / picture.height)
        self.image(picture, x, y, picture.width * scale, picture.height * scale)
        return True

    def _broken(self, paragraph: str, width: float) -> list[str]:
        if self.get_string_width(paragraph) <= width:
            return [paragraph]
        lines = self.multi_cell(width, None, paragraph, align="L", dry_run=True, output="LINES")
        return [str(line) for line in lines]  # type: ignore[union-attr]


def _picture(content: bytes) -> Image.Image | None:
    """A PNG or JPEG by its content, small enough to draw; anything else is left out."""
    kind = _LOGO_TYPES.get(getattr(filetype.guess(content), "mime", ""))
    if kind is None or len(content) > LOGO_MAX_BYTES:
        log.warning("logo_left_out", reason="not a PNG or JPEG of reasonable size")
        return None
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > LOGO_MAX_PIXELS:
                log.warning("logo_left_out", reason="too many pixels")
                return None
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:  # noqa: BLE001 - whatever a decoder makes of broken content
        log.warning("logo_left_out", reason="unreadable", error=error)
        return None
    picture.thumbnail((LOGO_DRAWN_PIXELS, LOGO_DRAWN_PIXELS))
    paper = Image.new("RGBA", picture.size, (*WHITE, 255))
    return Image.alpha_composite(paper, picture).convert("RGB")
