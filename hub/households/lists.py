"""Lists of residents as files: CSV in UTF-8 or GB 18030, and Excel's .xlsx; rows of plain text.

Nothing in them is worked out: a formula stands as itself, and is refused line by line.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from hub.errors import BadRequestError

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 40
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""What a workbook may hold once unpacked: a small file can pretend to be an endless one."""

_XLSX: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_BLOCK: Final = 1024 * 1024
_SAFE: Final = 10**15
"""Spreadsheets keep fifteen digits: a longer number is no longer what was typed."""
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA: Final = re.compile(rb"<c\s(?:[^>]*?\s)?r=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>\s*<f[\s>/]")


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
    formulas = _formulas(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        start = sheet.start
    except (CalamineError, IndexError, ValueError, OSError):
        raise BadListError("this .xlsx cannot be read: save it anew, or as CSV") from None
    if sheet.height > MAX_ROWS + 1 or sheet.width > MAX_COLUMNS:
        raise BadListError(f"the sheet has more than {MAX_ROWS} lines or {MAX_COLUMNS} columns")
    above, left = start or (0, 0)
    cells = (
        (number, [""] * left + [_words(cell) for cell in row])
        for number, row in enumerate(sheet.to_python(skip_empty_area=True), above + 1)
    )
    return cells, formulas


def _formulas(data: bytes) -> frozenset[tuple[int, int]]:
    """Line and place of each formula; and the workbook is what it says it is, in what it weighs.

    It is unpacked here with a limit first: a part that says a wrong size fails its checksum.
    """
    found: set[tuple[int, int]] = set()
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in packed.infolist():
                sheet = _SHEET.fullmatch(part.filename) is not None
                kept = bytearray()
                with packed.open(part) as file:
                    while block := file.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise BadListError("this .xlsx unpacks to far too much")
                        if sheet:
                            kept += block
                if b"<f" in kept:
                    found.update(
                        (int(line), _place(column))
                        for column, line in _FORMULA.findall(bytes(kept))
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise BadListError("this .xlsx cannot be read: save it anew, or as CSV") from None
    return frozenset(found)


def _place(letters: bytes) -> int:
    """Column `A` is 0, `AA` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _words(cell: object) -> str:
    """A cell as a person reads it; a number that lost digits is made to fail."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _SAFE
        return str(int(cell)) if whole else f"#{cell}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None or cell == "" else str(cell)
