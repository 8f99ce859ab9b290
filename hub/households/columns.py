"""The columns of a list of residents, by headers in both languages; the template too."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from wire import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column. also: other words that lists in use have above it. sample: for the template."""

    id: str
    name: Text
    sample: Text
    needed: bool = False
    also: tuple[str, ...] = ()


COLUMNS: Final = (
    Column(
        "building",
        Text(zh="楼栋", en="Building"),
        Text(zh="1号楼", en="Building 1"),
        needed=True,
        also=("楼号", "栋", "幢", "楼幢"),
    ),
    Column("entrance", Text(zh="单元", en="Entrance"), Text(zh="2", en="2"), also=("单元号",)),
    Column(
        "room",
        Text(zh="房号", en="Room"),
        Text(zh="502", en="502"),
        needed=True,
        also=("室号", "室", "房间", "房间号"),
    ),
    Column("name", Text(zh="姓名", en="Name"), Text(zh="(姓名)", en="(name)"), also=("住户姓名",)),
    Column(
        "phone",
        Text(zh="电话", en="Phone"),
        Text(zh="13800000000", en="13800000000"),
        also=("手机", "手机号", "联系电话", "mobile"),
    ),
    Column("tags", Text(zh="标签", en="Tags"), Text(zh="独居", en="Lives alone")),
    Column("card", Text(zh="卡号", en="Card"), Text(zh="card-00000001", en="card-00000001")),
    Column(
        "plate",
        Text(zh="车牌", en="Plate"),
        Text(zh="粤B12345", en="粤B12345"),
        also=("车牌号", "号牌", "car"),
    ),
    Column(
        "since",
        Text(zh="入住日期", en="From"),
        Text(zh="2026-01-31", en="2026-01-31"),
        also=("开始日期", "起始日期"),
    ),
    Column(
        "until",
        Text(zh="截止日期", en="Until"),
        Text(zh="2027-01-31", en="2027-01-31"),
        also=("到期日期", "结束日期", "有效期至"),
    ),
)

BY_ID: Final[Mapping[str, Column]] = {one.id: one for one in COLUMNS}


def fold(words: str) -> str:
    """Words as they are compared: half-width, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


class Named(Protocol):
    """Something that lists call by its id or a name."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> Text:
        """What people call it."""
        ...


def words_of(things: Iterable[Named]) -> dict[str, str]:
    """The ids of buildings or tags, by what a list may call them."""
    return {fold(words): one.id for one in things for words in (one.id, one.name.zh, one.name.en)}


_HEADERS: Final[Mapping[str, str]] = {
    fold(words): one.id
    for one in COLUMNS
    for words in (one.id, one.name.zh, one.name.en, *one.also)
}


def columns_of(header: Sequence[str]) -> list[str | None]:
    """Which column stands in each place of a header; None for one that is not known."""
    return [_HEADERS.get(fold(words).rstrip("*")) for words in header]


def template(language: str) -> str:
    """A list with its header and one sample line, as CSV that spreadsheets open as it is."""
    said = [(one.name, one.sample) for one in COLUMNS]
    lines = [[getattr(text, language) for text in row] for row in zip(*said, strict=True)]
    return "\ufeff" + "".join(",".join(line) + "\r\n" for line in lines)
