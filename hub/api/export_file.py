"""The file of an export: a table of passages, their pictures, and a manifest of hashes, zipped.

Whose export it is stands in each row, and is drawn over each picture. No name in the file comes
from outside: pictures are called by their row's number.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.store.reads.page import Record
from hub.traces.export import Export

TABLE: Final = "passages.csv"
MANIFEST: Final = "MANIFEST.sha256"
MAX_PICTURES_BYTES: Final = 48 * 1024 * 1024
"""The whole file is sealed in memory."""

_COLUMNS: Final = (
    "time",
    "device",
    "direction",
    "result",
    "reason",
    "method",
    "mark",
    "credential",
    "picture",
    "watermark",
)
_FIRST_OF_ZIP: Final = (1980, 1, 1, 0, 0, 0)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""Full-width signs too: a spreadsheet that is set to Chinese takes them for the others."""


def watermark(export: Export, utc_offset: float) -> str:
    """Who asked, who approved, when, what for; ASCII, for pictures too."""
    day = _moment(export.decided_at or export.asked_at, utc_offset)
    return f"{export.id[:8]} {export.requester}/{export.decider} {day} {export.purpose}"


def write_table(
    export: Export,
    rows: Sequence[Record],
    *,
    utc_offset: float,
    opened: Callable[[bytes], str],
    pictures: dict[int, str],
) -> bytes:
    """The table as CSV (UTF-8 with a mark, for spreadsheets).

    opened: opens a seal; used only for an export in clear. pictures: by passage, its file's name.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    mark = watermark(export, utc_offset)
    table.writerow([f"# {mark}"])
    table.writerow(_COLUMNS)
    for row in rows:
        clear = export.plain and row["sealed"] is not None
        who = opened(row["sealed"]) if clear else row["masked"]
        cells = (
            _moment(row["at"], utc_offset),
            row["device"],
            row["direction"],
            row["result"],
            row["reason"],
            row["method"],
            (row["subject"] or "")[:12],
            who,
            pictures.get(row["id"]),
            mark,
        )
        table.writerow([_cell(one) for one in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def pack(files: dict[str, bytes], at: int, utc_offset: float) -> bytes:
    """The files and their manifest as a zip whose bytes depend on nothing else."""
    lines = [f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()]
    moment = max(_clock(at, utc_offset).timetuple()[:6], _FIRST_OF_ZIP)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in {**files, MANIFEST: "".join(lines).encode()}.items():
            about = zipfile.ZipInfo(name, moment)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            archive.writestr(about, body)
    return out.getvalue()


def _cell(value: object) -> str:
    """A spreadsheet takes nothing of it for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _clock(at: int, utc_offset: float) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC) + timedelta(hours=utc_offset)


def _moment(at: int, utc_offset: float) -> str:
    return _clock(at, utc_offset).strftime("%Y-%m-%d %H:%M:%S")
