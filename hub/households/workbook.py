"""Workbooks (.xlsx) as rows of plain text, read in a process of their own.

A few hundred bytes can call for a sheet of 17 thousand million cells, or for an hour of searching.
That ends the child, which is given so much memory and time and no more, and never the hub:
`python -m hub.households.workbook`, the file to its input, lines of JSON from its output.
"""

import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 40
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""What a workbook may hold once unpacked: a small file can pretend to be an endless one."""

MAX_CELL: Final = 2_000
"""Characters of a cell that are handed on; no column takes as many."""

MAX_TOLD: Final = 64 * 1024 * 1024
"""Characters that the child may say: a text that a million cells share is told a million times."""

MEMORY_BYTES: Final = 1024 * 1024 * 1024
CPU_S: Final = 20
TIMEOUT_S: Final = 120.0

_BLOCK: Final = 1024 * 1024
_SAFE: Final = 10**15
"""Spreadsheets keep fifteen digits: a longer number is no longer what was typed."""
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA: Final = re.compile(rb"<c\s(?:[^<>]*?\s)?r=\"([A-Z]{1,3})([0-9]{1,7})\"[^<>]*>\s*<f[\s>/]")

_ROOT: Final = Path(__file__).parents[2]
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_UNREADABLE: Final = "this .xlsx cannot be read: save it anew, or as CSV"

Lines = Iterator[tuple[int, list[str]]]


class UnreadableError(Exception):
    """The workbook is none, or asks for too much; the words say what to do."""


def read_workbook(data: bytes) -> tuple[Lines, frozenset[tuple[int, int]]]:
    """The first sheet's rows, and its formulas by line and column (from 0). Blocking.

    Raises UnreadableError.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hub.households.workbook"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(_UNREADABLE) from None
    told = done.stdout.splitlines()
    if done.returncode != 0 or not told:
        raise UnreadableError(_UNREADABLE)
    head = json.loads(told[0])
    if "bad" in head:
        raise UnreadableError(head["bad"])
    formulas = frozenset((line, place) for line, place in head["formulas"])
    return ((line, cells) for line, cells in map(json.loads, told[1:])), formulas


def main() -> int:
    """The child: tells all of the workbook, or why it does not."""
    told = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints is not taken for a row
    _limit()
    os.nice(5)  # the line goes first
    try:
        said = _told(sys.stdin.buffer.read())
    except UnreadableError as error:
        said = [json.dumps({"bad": str(error)})]
    told.write("\n".join(said))
    told.close()
    return 0


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "1"}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.alarm(round(TIMEOUT_S) + 30)  # should the hub be gone when a workbook hangs


def _told(data: bytes) -> list[str]:
    formulas = _formulas(data)
    said = [json.dumps({"formulas": sorted(formulas)})]
    left = MAX_TOLD
    for line in _rows(data):
        text = json.dumps(line)
        left -= len(text)
        if left < 0:
            raise UnreadableError("this .xlsx unpacks to far too much")
        said.append(text)
    return said


def _rows(data: bytes) -> Lines:
    # Only here: the hub itself never opens a workbook.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        start = sheet.start
    except (CalamineError, IndexError, ValueError, OSError, MemoryError):
        raise UnreadableError(_UNREADABLE) from None
    if sheet.height > MAX_ROWS + 1 or sheet.width > MAX_COLUMNS:
        raise UnreadableError(f"the sheet has more than {MAX_ROWS} lines or {MAX_COLUMNS} columns")
    above, left = start or (0, 0)
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), above + 1):
        yield number, [""] * left + [_words(cell)[:MAX_CELL] for cell in row]


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
                            raise UnreadableError("this .xlsx unpacks to far too much")
                        if sheet:
                            kept += block
                if b"<f" in kept:
                    found.update(
                        (int(line), _place(column))
                        for column, line in _FORMULA.findall(bytes(kept))
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise UnreadableError(_UNREADABLE) from None
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


if __name__ == "__main__":
    sys.exit(main())
