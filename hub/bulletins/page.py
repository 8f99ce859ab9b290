"""A sheet of paper that is written from the top down: Chinese and Latin letters, colours, a cursor.

Chinese is set in STSong-Light, a font that every PDF reader knows by name, so that none is shipped;
Latin letters and digits in Helvetica.
"""

from io import BytesIO
from itertools import groupby
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

CHINESE: Final = "STSong-Light"
LATIN: Final = "Helvetica"
LATIN_BOLD: Final = "Helvetica-Bold"
WIDTH, HEIGHT = A4
MARGIN: Final = 48.0
INSIDE: Final = WIDTH - 2 * MARGIN
FLOOR: Final = 58.0
"""Below this stands the foot of the page, pt."""

INK: Final = HexColor("#16201f")
FAINT: Final = HexColor("#5f6d69")
LINE: Final = HexColor("#d3d9d8")
SOFT: Final = HexColor("#eef2f1")
CALM: Final = HexColor("#2f6d70")
CALM_LIGHT: Final = HexColor("#a9c8c8")
ALARM: Final = HexColor("#b3271e")


def is_latin(letter: str) -> bool:
    """Whether Helvetica has it. Quotation marks beside Chinese are Chinese."""
    return letter < "\u0250" or letter in "\u2013\u2026"


def runs(text: str) -> list[tuple[bool, str]]:
    """The text in pieces of one script each: (latin, piece)."""
    return [(latin, "".join(letters)) for latin, letters in groupby(text, is_latin)]


class Paper:
    """A document on A4. `y` is where the next thing goes, from the bottom, pt."""

    def __init__(self, title: str, *, author: str) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        self._bytes = BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=A4, pageCompression=1, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.y = HEIGHT - MARGIN
        self.foot = ""
        self._pages = 1

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line is, pt."""
        pieces = runs(text)
        return sum(
            (_wide(piece, _font(latin=latin, bold=bold), size) for latin, piece in pieces), 0.0
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.5,
        color: HexColor = INK,
        bold: bool = False,
        align: str = "left",
        fit: float | None = None,
    ) -> float:
        """Set one line; fit: cut it with … to this width. Returns its width."""
        if fit is not None:
            text = self.cut(text, size, fit, bold=bold)
        wide = self.width(text, size, bold=bold)
        at = x - wide if align == "right" else x - wide / 2 if align == "center" else x
        self.canvas.setFillColor(color)
        for latin, piece in runs(text):
            font = _font(latin=latin, bold=bold)
            self.canvas.setFont(font, size)
            if bold and not latin:  # the font has no bold of its own: a thin outline makes one
                self._stroked(at, y, piece, size, color)
            else:
                self.canvas.drawString(at, y, piece)
            at += _wide(piece, font, size)
        return wide

    def cut(self, text: str, size: float, fit: float, *, bold: bool = False) -> str:
        """The text, ended with … where it would be wider than `fit`."""
        if self.width(text, size, bold=bold) <= fit:
            return text
        while text and self.width(text + "…", size, bold=bold) > fit:
            text = text[:-1]
        return text + "…"

    def lines(self, text: str, size: float, fit: float) -> list[str]:
        """The text broken into lines: between words, or anywhere in Chinese."""
        found, line = [], ""
        for word in _words(text):
            if line and self.width(line + word.rstrip(), size) > fit:
                found.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        return [*found, line.rstrip()] if line.strip() else found

    def room(self, height: float) -> None:
        """Begin a new page where less than this is left."""
        if self.y - height < FLOOR:
            self.turn()

    def turn(self) -> None:
        """End the page and begin the next."""
        self._end()
        self.canvas.showPage()
        self._pages += 1
        self.y = HEIGHT - MARGIN

    def rule(self, *, weight: float = 0.5, color: HexColor = LINE) -> None:
        """A line across, where the cursor is."""
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(weight)
        self.canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)

    def box(
        self, x: float, y: float, wide: float, high: float, color: HexColor, *, corner: float = 3.0
    ) -> None:
        """A filled box with round corners."""
        self.canvas.setFillColor(color)
        self.canvas.roundRect(x, y, wide, high, min(corner, wide / 2, high / 2), stroke=0, fill=1)

    def done(self) -> bytes:
        """The document."""
        self._end()
        self.canvas.save()
        return self._bytes.getvalue()

    def _end(self) -> None:
        self.text(MARGIN, 34, self.foot, size=7.5, color=FAINT)
        self.text(WIDTH - MARGIN, 34, str(self._pages), size=7.5, color=FAINT, align="right")

    def _stroked(self, x: float, y: float, piece: str, size: float, color: HexColor) -> None:
        writer = self.canvas.beginText(x, y)
        writer.setFont(CHINESE, size)
        writer.setTextRenderMode(2)
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(size * 0.028)
        writer.textOut(piece)
        writer.setTextRenderMode(0)
        self.canvas.drawText(writer)


def _font(*, latin: bool, bold: bool) -> str:
    if not latin:
        return CHINESE
    return LATIN_BOLD if bold else LATIN


def _wide(piece: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(piece, font, size))


def _words(text: str) -> list[str]:
    found: list[str] = []
    for latin, piece in runs(text):
        if not latin:
            found += list(piece)
            continue
        for word in piece.split(" "):
            found.append(word + " ")
        found[-1] = found[-1].rstrip(" ")
    return [word for word in found if word]
