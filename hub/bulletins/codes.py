"""The codes of a round's points as PDF: one label each, with QR, to hang up. Blocking."""

from collections.abc import Sequence
from typing import Final

from hub.bulletins.page import FAINT, INSIDE, MARGIN, SOFT, Paper
from hub.bulletins.words import Language, say
from wire import Text

HIGH: Final = 150.0
SIDE: Final = 120.0
_WORDS: Final = {
    "title": Text(zh="巡查点位码", en="Codes of a round's points"),
    "hint": Text(
        zh="贴在点位上。巡查到此，扫码或输入下面的代码。",
        en="Hang it at the point. Scan it, or type the code, when you are there.",
    ),
}


def render(site: Text, plan: Text, points: Sequence[tuple[Text, str]], language: Language) -> bytes:
    """points: name and code, in their order."""
    from reportlab.graphics import renderPDF  # noqa: PLC0415 - as all of reportlab: large
    from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: PLC0415
    from reportlab.graphics.shapes import Drawing  # noqa: PLC0415

    paper = Paper(f"{say(_WORDS['title'], language)} · {say(plan, language)}", author="Gatehouse")
    paper.foot = f"{say(site, language)} · {say(plan, language)}"
    for name, code in points:
        paper.room(HIGH + 12)
        paper.y -= HIGH
        paper.box(MARGIN, paper.y, INSIDE, HIGH, SOFT)
        widget = QrCodeWidget(code, barLevel="M", barWidth=SIDE, barHeight=SIDE)
        drawing = Drawing(SIDE, SIDE)
        drawing.add(widget)
        renderPDF.draw(drawing, paper.canvas, MARGIN + 14, paper.y + 15)
        left = MARGIN + SIDE + 34
        wide = INSIDE - SIDE - 48
        paper.text(left, paper.y + 112, name.zh, size=19, bold=True, fit=wide)
        paper.text(left, paper.y + 92, name.en, size=12, color=FAINT, fit=wide)
        paper.text(left, paper.y + 52, code, size=26, bold=True)
        paper.text(left, paper.y + 24, say(_WORDS["hint"], language), size=9, fit=wide)
        paper.y -= 12
    return paper.done()
