"""A weekly report or monthly notice as PDF, for paper and for sending on. Blocking: some 100 ms."""

from dataclasses import dataclass
from typing import Final

from hub.bulletins.figures import Figures, Kind, Part
from hub.bulletins.layout import DASH, Columns, Layout
from hub.bulletins.page import (
    ALARM,
    CALM,
    CALM_LIGHT,
    FAINT,
    INK,
    INSIDE,
    LINE,
    MARGIN,
    SOFT,
    WIDTH,
    Paper,
)
from hub.bulletins.words import Language, say, word

LOW: Final = 0.8
"""A share of cases closed on time that is set in red below this."""

MOST_LABELS: Final = 10
"""Days that each have a date below; of more, every fifth."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the figures. made_at: ms."""

    kind: Kind
    made_at: int
    number: str


def render(head: Head, figures: Figures, language: Language) -> bytes:
    """The document."""
    title = f"{word(head.kind, language)} · {say(figures.site_name, language)}"
    return _Sheet(Paper(title, author="Gatehouse"), head, figures, language).draw()


class _Sheet(Layout):
    def __init__(self, paper: Paper, head: Head, figures: Figures, language: Language) -> None:
        super().__init__(paper, language, figures.utc_offset)
        self.head, self.figures = head, figures

    def draw(self) -> bytes:
        self._masthead()
        self._tiles()
        if self.head.kind == "monthly":
            self._notes()
        self._days()
        self._hot()
        if self.head.kind == "weekly":
            self._notes()
        self._matters()
        self._parts("units", self.figures.units)
        self._parts("departments", self.figures.departments)
        self._overdue()
        self._patrols()
        self._emergencies()
        if self.head.kind == "monthly":
            self._signature()
        return self.paper.done()

    def _masthead(self) -> None:
        paper, at = self.paper, self.paper.y
        paper.foot = f"{self.word('hub')} · {self.word('made')} {self.time(self.head.made_at)}"
        paper.canvas.setFillColor(CALM)
        paper.canvas.rect(0, at + 20, WIDTH, 60, stroke=0, fill=1)
        paper.text(MARGIN, at - 22, self.word(self.head.kind), size=30, color=CALM, bold=True)
        name = self.say(self.figures.site_name)
        paper.text(WIDTH - MARGIN, at - 8, name, size=13, bold=True, align="right")
        span = f"{self.day(self.figures.since)} {DASH} {self.day(self.figures.until - 1)}"
        paper.text(WIDTH - MARGIN, at - 24, span, size=10, color=FAINT, align="right")
        paper.y = at - 36
        paper.rule(weight=1.2, color=CALM)
        paper.y -= 14
        left = self.word("to") if self.head.kind == "monthly" else ""
        paper.text(MARGIN, paper.y, left, size=9, color=FAINT)
        paper.text(
            WIDTH - MARGIN, paper.y, f"No. {self.head.number}", size=9, color=FAINT, align="right"
        )
        paper.y -= 14

    def _tiles(self) -> None:
        now, before = self.figures.score, self.figures.before
        tiles = [
            ("opened", str(now.opened), str(before.opened)),
            ("closed", str(now.closed), str(before.closed)),
            ("on-time", _percent(now.on_time), _percent(before.on_time)),
            ("rated", _number(now.rated), _number(before.rated)),
            ("false", _percent(now.false_alarms), _percent(before.false_alarms)),
        ]
        paper, gap, high = self.paper, 8.0, 58.0
        wide = (INSIDE - gap * (len(tiles) - 1)) / len(tiles)
        paper.y -= high
        for row, (key, value, earlier) in enumerate(tiles):
            x = MARGIN + row * (wide + gap)
            paper.box(x, paper.y, wide, high, SOFT)
            paper.text(x + 9, paper.y + 43, self.word(key), size=8.5, color=FAINT)
            low = key == "on-time" and now.on_time is not None and now.on_time < LOW
            color = ALARM if low else INK
            paper.text(x + 9, paper.y + 20, value, size=20, bold=True, color=color)
            was = f"{self.word('before')} {earlier}"
            paper.text(x + 9, paper.y + 8, was, size=7.5, color=FAINT)
        paper.y -= 8

    def _days(self) -> None:
        bars = self.figures.bars
        high, base = 74.0, 14.0
        self.heading("days", high + base)
        paper = self.paper
        most = max([bar.count for bar in bars], default=0) or 1
        step = INSIDE / max(len(bars), 1)
        paper.y -= high + base
        floor = paper.y + base
        for row, bar in enumerate(bars):
            x, tall = MARGIN + row * step, (high - 14) * bar.count / most
            wide = min(step * 0.62, 34.0)
            middle = x + step / 2
            paper.box(middle - wide / 2, floor, wide, max(tall, 0.8), CALM if bar.count else LINE)
            if bar.count:
                label = str(bar.count)
                paper.text(middle, floor + tall + 3, label, size=7.5, align="center")
            if len(bars) <= MOST_LABELS or row % 5 == 0:
                day = self.day(bar.at, short=True)
                paper.text(middle, paper.y + 3, day, size=7.5, color=FAINT, align="center")
        paper.canvas.setStrokeColor(LINE)
        paper.canvas.setLineWidth(0.5)
        paper.canvas.line(MARGIN, floor, WIDTH - MARGIN, floor)

    def _hot(self) -> None:
        row_high = 17.0
        self.heading("hot", row_high * 2)
        paper = self.paper
        most = max([max(one.count, one.before) for one in self.figures.hot], default=0) or 1
        bar_x, bar_wide, trend_x = MARGIN + 150, INSIDE - 150 - 150, WIDTH - MARGIN - 92
        head = paper.y + 5
        paper.text(trend_x + 92, head, self.word("trend"), size=7.5, color=FAINT, align="right")
        now = f"{self.word('now')} ({self.word('before')})"
        paper.text(bar_x + bar_wide + 8, head, now, size=7.5, color=FAINT)
        if not self.figures.hot:
            self.none()
        for one in self.figures.hot:
            paper.room(row_high)
            paper.y -= row_high
            y = paper.y + 4
            paper.text(MARGIN, y, self.say(one.name), size=9, fit=142)
            before = bar_wide * one.before / most
            paper.box(bar_x, y - 1.5, max(before, 0.5), 10, SOFT)
            paper.box(bar_x, y + 1, max(bar_wide * one.count / most, 1), 5, CALM)
            label = f"{one.count}  ({one.before})"
            paper.text(bar_x + bar_wide + 8, y, label, size=8.5, bold=True)
            self._trend(trend_x, paper.y + 2, one.trend)

    def _trend(self, x: float, y: float, counts: list[int]) -> None:
        most, wide = max(counts, default=0) or 1, 92 / max(len(counts), 1)
        for row, count in enumerate(counts):
            color = CALM if row == len(counts) - 1 else CALM_LIGHT
            self.paper.box(
                x + row * wide + 1, y, wide - 2.5, max(12 * count / most, 0.7), color, corner=1.0
            )

    def _notes(self) -> None:
        size, leading = 10.0, 15.0
        self.heading("notes", leading * 2)
        if not self.figures.notes:
            self.none()
        for number, note in enumerate(self.figures.notes, 1):
            lines = self.paper.lines(self.say(note), size, INSIDE - 20)
            self.paper.room(leading * len(lines))
            for row, line in enumerate(lines):
                self.paper.y -= leading
                if row == 0:
                    self.paper.text(
                        MARGIN, self.paper.y, f"{number}", size=size, color=CALM, bold=True
                    )
                self.paper.text(MARGIN + 18, self.paper.y, line, size=size)

    def _matters(self) -> None:
        if not (self.figures.matters or self.figures.persons):
            return
        rows = [
            [self.say(one.place), self.say(one.name), str(one.count), str(one.open_now)]
            for one in self.figures.matters
        ]
        self.table(
            "matters",
            [("place", 190.0), ("category", 190.0), ("times", 60.0), ("open", 59.0)],
            rows,
        )
        if self.figures.persons:
            text = self.word("persons").format(n=self.figures.persons, m=self.figures.complaints)
            for line in self.paper.lines(text, 8.5, INSIDE):
                self.paper.y -= 13
                self.paper.text(MARGIN, self.paper.y, line, size=8.5, color=FAINT)

    def _parts(self, title: str, parts: list[Part]) -> None:
        columns: Columns = [
            ("name", 150),
            ("cases", 50),
            ("closed", 60),
            ("on-time", 70),
            ("reopened", 60),
            ("rated", 55),
            ("false", 54),
        ]
        rows = []
        for part in parts:
            own = part.score
            level = "" if part.level is None else f"{self.say(part.level)} · "
            rows.append(
                [
                    level + self.say(part.name),
                    str(own.opened),
                    str(own.closed),
                    _percent(own.on_time),
                    str(own.reopened),
                    _number(own.rated),
                    _percent(own.false_alarms),
                ]
            )
        low = [part.score.on_time is not None and part.score.on_time < LOW for part in parts]
        self.table(title, columns, rows, red={(row, 3) for row, one in enumerate(low) if one})

    def _overdue(self) -> None:
        rows = [
            [one.number, self.say(one.name), self.say(one.place), self.day(one.opened_at)]
            for one in self.figures.overdue
        ]
        columns: Columns = [("number", 100), ("category", 160), ("place", 160), ("since", 79)]
        self.table("overdue", columns, rows)

    def _patrols(self) -> None:
        if not self.figures.patrols:
            return
        rows = [
            [
                self.say(one.name),
                str(one.rounds),
                str(one.done),
                str(one.incomplete),
                str(one.missed),
                str(one.findings),
            ]
            for one in self.figures.patrols
        ]
        columns: Columns = [
            ("name", 190),
            ("rounds", 62),
            ("walked", 62),
            ("incomplete", 62),
            ("missed", 62),
            ("findings", 61),
        ]
        missed = {(row, 4) for row, one in enumerate(self.figures.patrols) if one.missed}
        self.table("patrols", columns, rows, red=missed)

    def _emergencies(self) -> None:
        if not self.figures.emergencies:
            return
        self.heading("emergencies", 30)
        for one in self.figures.emergencies:
            self.paper.room(15)
            self.paper.y -= 15
            ended = self.word("still") if one.ended_at is None else self.time(one.ended_at)
            span = f"{self.time(one.begun_at)} {DASH} {ended}"
            line = f"{self.say(one.name)} · {self.say(one.area)} · {span}"
            self.paper.text(MARGIN, self.paper.y, line, fit=INSIDE)

    def _signature(self) -> None:
        paper = self.paper
        paper.room(120)
        paper.y -= 26
        paper.text(MARGIN, paper.y, self.word("measures"), size=10, bold=True)
        for _ in range(3):
            paper.y -= 22
            paper.rule()
        paper.y -= 26
        paper.text(MARGIN, paper.y, f"{self.word('signed')}:", size=10)
        paper.text(MARGIN + INSIDE / 2, paper.y, f"{self.word('date')}:", size=10)


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share * 100:.0f}%"


def _number(value: float | None) -> str:
    return DASH if value is None else f"{value:.1f}"
