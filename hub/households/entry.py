"""One line of a list, checked and in one spelling. Fast: a list has tens of thousands of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from hub.households import problem as said
from hub.households.columns import fold
from hub.households.problem import Problem
from wire import Text
from wire.plates import parse as parse_plate

DAY: Final = timedelta(days=1)
MAX_CELL: Final = 200
_HOUR_MS: Final = 3_600_000
_ROOM: Final = re.compile(r"[\w-]{1,16}")
_NAME: Final = re.compile(r"[^\W\d_][\w·•.' -]{0,39}")
_PHONE: Final = re.compile(r"1[3-9][0-9]{9}|0[0-9]{9,11}|\+[0-9]{6,15}|[0-9]{7,8}")
_CARD: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{3,63}")
_DATE: Final = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?: 00:00:00)?")
_COMMAS: Final = re.compile(r"[,，、;；]")
_GAPS: Final = re.compile(r"[,，、;；\s]")
_NOT_DIALLED: Final = str.maketrans("", "", " -()")

_Said = tuple[Text, Text]


class Place(NamedTuple):
    """Where a household lives. building: an id; entrance: empty where there is one alone."""

    building: str
    entrance: str
    room: str


class Entry(NamedTuple):
    """since, until: ms, the latter excluded; None where nothing is said. tags: ids."""

    line: int
    place: Place
    name: str | None = None
    phone: str | None = None
    tags: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


@dataclass(slots=True)
class EntryReader:
    """columns: as `columns_of` has them. buildings, tags: ids by folded words.

    utc_offset: of the clock on which days begin, hours.
    """

    columns: Sequence[str | None]
    buildings: Mapping[str, str]
    tags: Mapping[str, str]
    utc_offset: float = 8.0
    _days: dict[str, date | None] = field(default_factory=dict)
    _houses: dict[str, str | None] = field(default_factory=dict)

    def read(self, line: int, cells: Sequence[str]) -> Entry | list[Problem] | None:
        """The entry of a line, or what is wrong with it; None for an empty one."""
        given: dict[str, str] = {}
        faults: list[tuple[str | None, _Said]] = []
        for name, cell in zip(self.columns, cells, strict=False):
            if name is None or not (words := cell.strip()):
                continue
            given[name] = words
            if len(words) > MAX_CELL:
                faults.append((name, said.TOO_LONG))
            elif words[0] == "=":
                faults.append((name, said.FORMULA))
        if not given:
            return None
        entry = None if faults else self._entry(line, given, faults)
        if entry is None or faults:
            return [Problem(line, column, *words) for column, words in faults]
        return entry

    def _entry(
        self, line: int, given: Mapping[str, str], faults: list[tuple[str | None, _Said]]
    ) -> Entry:
        get = given.get
        name, phone = get("name"), get("phone")
        if name is not None and (name := person_name(name)) is None:
            faults.append(("name", said.BAD_NAME))
        if phone is not None and (phone := dialled(phone)) is None:
            faults.append(("phone", said.BAD_PHONE))
        cards, plates = _split(get("card"), _GAPS), _split(get("plate"), _COMMAS)
        if not (get("name") or cards or plates):
            faults.append((None, said.SAYS_NOTHING))
        for one in cards:
            if card_number(one) is None:
                faults.append(("card", said.BAD_CARD))
                break
        since = self._day(get("since"), "since", faults)
        until = self._day(get("until"), "until", faults)
        if since and until and until < since:
            faults.append(("until", said.ENDS_FIRST))
        return Entry(
            line,
            self._place(given, faults),
            name,
            phone,
            self._tags(get("tags"), faults),
            cards,
            plates and tuple(_plate(one, faults) for one in plates),
            None if since is None else self._start(since),
            None if until is None else self._start(until + DAY),
        )

    def _place(self, given: Mapping[str, str], faults: list[tuple[str | None, _Said]]) -> Place:
        words, entrance, room = given.get("building"), given.get("entrance", ""), given.get("room")
        building = ""
        if words is None:
            faults.append(("building", said.missing("building")))
        else:
            if words not in self._houses:
                self._houses[words] = self.buildings.get(fold(words))
            found = self._houses[words]
            if found is None:
                faults.append(("building", said.UNKNOWN_BUILDING))
            building = found or ""
        if room is None:
            faults.append(("room", said.missing("room")))
        else:
            room = room.removesuffix("室")
            if not _ROOM.fullmatch(room):
                faults.append(("room", said.BAD_ROOM))
        entrance = entrance.removesuffix("单元")
        if entrance and not _ROOM.fullmatch(entrance):
            faults.append(("entrance", said.BAD_ROOM))
        return Place(building, entrance, room or "")

    def _tags(self, words: str | None, faults: list[tuple[str | None, _Said]]) -> tuple[str, ...]:
        if words is None:
            return ()
        whole = self.tags.get(fold(words))
        if whole is not None:
            return (whole,)
        found = [self.tags.get(fold(one)) for one in _split(words, _COMMAS)]
        if None in found:
            faults.append(("tags", said.UNKNOWN_TAG))
        return tuple(sorted({one for one in found if one is not None}))

    def _day(
        self, words: str | None, column: str, faults: list[tuple[str | None, _Said]]
    ) -> date | None:
        if words is None:
            return None
        if words not in self._days:
            self._days[words] = day_of(words)
        found = self._days[words]
        if found is None:
            faults.append((column, said.BAD_DATE))
        return found

    def _start(self, day: date) -> int:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return int(midnight.timestamp() * 1000) - round(self.utc_offset * _HOUR_MS)


def person_name(words: str) -> str | None:
    """A name in one spelling; None when it is none."""
    name = " ".join(words.split())
    return name if _NAME.fullmatch(name) else None


def dialled(words: str) -> str | None:
    """A telephone number as it is dialled; None when it is none."""
    phone = words.translate(_NOT_DIALLED)
    return phone if _PHONE.fullmatch(phone) else None


def card_number(words: str) -> str | None:
    """A card's number in one spelling; None when it is none."""
    return words if _CARD.fullmatch(words) else None


def day_of(words: str) -> date | None:
    """The day that is written so; None when none is."""
    found = _DATE.fullmatch(words)
    try:
        return None if found is None else date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _plate(words: str, faults: list[tuple[str | None, _Said]]) -> str:
    found = parse_plate(words)
    if found is None:
        faults.append(("plate", said.BAD_PLATE))
        return ""
    return found.text


def _split(words: str | None, apart: re.Pattern[str]) -> tuple[str, ...]:
    if words is None:
        return ()
    parts = apart.split(words)
    if len(parts) == 1:
        return (words,)
    return tuple(one.strip() for one in parts if one.strip())
