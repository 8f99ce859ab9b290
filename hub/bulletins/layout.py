"""Headings, tables and dates of a bulletin on paper."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from reportlab.lib.colors import HexColor

from hub.bulletins.page import ALARM, CALM, FAINT, INK, MARGIN, Paper
from hub.bulletins.words import Language, say, word
from wire import Text

DASH: Final = "\u2013"
ROW: Final = 17.0
"""The height of a table's row, pt."""

_WORDS: Final = frozenset({"name", "place", "category", "number"})
"""Columns that hold words, set to the left; figures stand to the right."""

Columns = Sequence[tuple[str, float]]
"""(word, width in pt)"""


class Layout:
    """utc_offset: of the clock on which days are told, hours."""

    def __init__(self, paper: Paper, language: Language, utc_offset: float) -> None:
        self.paper, self.language, self.utc_offset = paper, language, utc_offset

    def heading(self, key: str, follows: float) -> None:
        """A heading stays with what follows it."""
        self.paper.room(34 + follows)
        self.paper.y -= 26
        self.paper.box(MARGIN, self.paper.y - 1, 3, 12, CALM)
        self.paper.text(MARGIN + 9, self.paper.y, self.word(key), size=12, bold=True)
        self.paper.y -= 8

    def none(self) -> None:
        """There is nothing to list."""
        self.paper.y -= 14
        self.paper.text(MARGIN, self.paper.y, self.word("none"), color=FAINT)

    def table(
        self,
        title: str,
        columns: Columns,
        rows: list[list[str]],
        *,
        red: Collection[tuple[int, int]] = (),
    ) -> None:
        """Words to the left, figures to the right."""
        self.heading(title, ROW * 2)
        if not rows:
            self.none()
            return
        paper = self.paper
        self._cells(columns, [self.word(key) for key, _ in columns], size=8, color=FAINT)
        for row, cells in enumerate(rows):
            paper.room(ROW)
            self.paper.rule()
            bad = {column for line, column in red if line == row}
            self._cells(columns, cells, size=9, red=bad)

    def _cells(
        self,
        columns: Columns,
        cells: list[str],
        *,
        size: float,
        color: HexColor = INK,
        red: Collection[int] = (),
    ) -> None:
        self.paper.y -= ROW
        x, y = MARGIN, self.paper.y + 5
        for column, ((key, wide), cell) in enumerate(zip(columns, cells, strict=True)):
            right = key not in _WORDS
            at = x + wide - 4 if right else x
            tone = ALARM if column in red else color
            align = "right" if right else "left"
            self.paper.text(at, y, cell, size=size, color=tone, align=align, fit=wide - 8)
            x += wide

    def word(self, key: str) -> str:
        """A word in the sheet's language."""
        return word(key, self.language)

    def say(self, text: Text | None) -> str:
        """A text in the sheet's language."""
        return say(text, self.language)

    def _local(self, at: int) -> datetime:
        offset = timedelta(hours=self.utc_offset)
        return datetime.fromtimestamp(at / 1000, UTC) + offset

    def day(self, at: int, *, short: bool = False) -> str:
        """The day of a moment."""
        day = self._local(at)
        if self.language == "zh":
            return f"{day.month}月{day.day}日" if short else f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%b}" if short else f"{day.day} {day:%b} {day.year}"

    def time(self, at: int) -> str:
        """Day and time of a moment."""
        return f"{self.day(at)} {self._local(at):%H:%M}"
