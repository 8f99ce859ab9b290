"""Lists of residents as files: CSV in UTF-8 or GB 18030, and Excel's .xlsx; rows of plain text.

Nothing in them is worked out: a formula stands as itself, and is refused line by line.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.errors import BadRequestError
from hub.households.workbook import MAX_COLUMNS, MAX_ROWS, UnreadableError, read_workbook

MAX_BYTES: Final = 10 * 1024 * 1024

_XLSX: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


class BadListError(BadRequestError):
    """The file as a whole cannot be read; the message says what to do."""

    code = "bad-list"


@dataclass(frozen=True, slots=True)
class Rows:
    """header: the first line's cells. lines: the others, by number as a spreadsheet counts."""

    header: list[str]
    lines: Iterator[tuple[int, list[str]]]
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def read_list(data: bytes) -> Rows:
    """The rows of a file. Raises BadListError, also while its lines are read."""
    if len(data) > MAX_BYTES:
        raise BadListError(f"the file weighs more than {MAX_BYTES // 1024 // 1024} MiB: divide it")
    if data.startswith(_OLD_EXCEL):
        raise BadListError("this is Excel's old .xls: save it as .xlsx or CSV")
    rows = _xlsx(data) if data.startswith(_XLSX) else _csv(data)
    first = next(rows[0], None)
    if first is None:
        raise BadListError("the file is empty: take the template")
    return Rows(first[1], _capped(rows[0]), rows[1])


def _capped(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise BadListError(f"the list has more than {MAX_ROWS} lines: divide it")
        if len(row[1]) > MAX_COLUMNS:
            raise BadListError(f"line {row[0]} has more than {MAX_COLUMNS} columns")
        yield row


_Found = tuple[Iterator[tuple[int, list[str]]], frozenset[tuple[int, int]]]


def _csv(data: bytes) -> _Found:
    text = _decoded(data)
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    return _csv_rows(text, delimiter), frozenset()


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error:
        line = reader.line_num
        raise BadListError(f"line {line} cannot be read as CSV: look at its quotes") from None


def _decoded(data: bytes) -> str:
    """UTF-8 with or without a mark in front, else GB 18030, which Excel writes in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadListError("this is no text: save the list as CSV (UTF-8) or .xlsx")


def _xlsx(data: bytes) -> _Found:
    try:
        return read_workbook(data)
    except UnreadableError as error:
        raise BadListError(str(error)) from None
