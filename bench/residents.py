"""Lists of residents, from the file's bytes to the commit.

    python -m bench.residents [--lines N] [--back-end sqlite|postgresql] [--form csv|xlsx]

Each line has a room, a name and a card; every second a telephone number, every third a plate, every
fiftieth a tag; three people share a room. Told are lines a second (wall and processor time): tried
without writing, taken in by line, and taken in once more as a whole, when nothing is new. Python's
collector is off, as in `gatehouse import residents`.
"""

import argparse
import gc
import io
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url

from bench.report import emit
from hub.households.planning import Sealing
from hub.store import Store, open_store
from hub.store.households.importing import Importer, ListMode
from hub.store.seal import Seal, mask
from hub.store.secrets import load_secrets
from simulators.postgresql import PostgreSQL

SITE: Final = "court"
T0: Final = 1_760_000_000_000
HEAD: Final = ("building", "entrance", "room", "name", "phone", "tags", "card", "plate")
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def rows(lines: int) -> list[tuple[str, ...]]:
    """The list, its header first."""
    return [
        HEAD,
        *(
            (
                "b1",
                str(number % 6 // 3 + 1),
                str(number // 3),
                f"住户{chr(0x4E00 + number % 3)}",
                f"138{number:08d}" if number % 2 else "",
                "alone" if number % 50 == 0 else "",
                f"card-{number:08d}",
                _plate(number) if number % 3 == 0 else "",
            )
            for number in range(lines)
        ),
    ]


def as_csv(lines: int) -> bytes:
    """As spreadsheets save it."""
    return "".join(",".join(row) + "\r\n" for row in rows(lines)).encode("utf-8-sig")


def as_xlsx(lines: int) -> bytes:
    """The least that is a workbook."""
    cells = "".join(
        f'<row r="{number}">' + "".join(map(_cell, row)) + "</row>"
        for number, row in enumerate(rows(lines), 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    rel = f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default '
        'Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{rel}officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{rel}worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
        "</worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return packed.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def _plate(number: int) -> str:
    return f"粤{LETTERS[number // 100_000 % len(LETTERS)]}{number % 100_000:05d}"


def importer(store: Store, folder: Path) -> Importer:
    """As the hub has one, but that nothing else writes."""
    seal = Seal(load_secrets(folder / "secrets"))

    def write(work: Callable[[Connection], int]) -> int:
        with store.writer.connect() as connection, connection.begin():
            return work(connection)

    return Importer(
        site=SITE,
        buildings={"b1": "b1"},
        tags={"alone": "alone"},
        sealing=Sealing(
            hash=seal.hasher(SITE),
            seal=seal.sealer(SITE),
            mask=mask,
        ),
        utc_offset=8.0,
        reader=store.reader,
        write=write,
        record=lambda _connection, _outcome: None,
        now=lambda: T0,
    )


def measure(store: Store, folder: Path, data: bytes, lines: int, about: dict[str, str]) -> None:
    """Take the list in, and in again."""
    taking = importer(store, folder)
    for name, mode in (
        ("tried", ListMode.TRY),
        ("taken in", ListMode.LINES),
        ("again", ListMode.WHOLE),
    ):
        wall, cpu = time.perf_counter(), time.process_time()
        outcome = taking.run(data, mode)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if outcome.wrong or outcome.lines != lines:
            raise SystemExit(f"{outcome.wrong} of {outcome.lines} lines are wrong")
        rows = outcome.households + outcome.people + outcome.credentials + outcome.tags
        emit(
            "residents",
            f"{about['back_end']}, {about['form']}: {name}",
            lines=lines,
            lines_per_s=round(lines / wall),
            lines_per_cpu_s=round(lines / cpu),
            rows_per_s=round(rows / wall),
            rows_per_cpu_s=round(rows / cpu),
            new_people=outcome.people,
            new_credentials=outcome.credentials,
        )


def main() -> None:
    """Print one JSON object for each of the three."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--back-end", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--form", choices=("csv", "xlsx"), default="csv")
    wish = parser.parse_args()
    gc.disable()
    data = as_csv(wish.lines) if wish.form == "csv" else as_xlsx(wish.lines)
    about = {"back_end": wish.back_end, "form": wish.form}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if wish.back_end == "sqlite":
            store = open_store(folder / "hub.db")
            measure(store, folder, data, wish.lines, about)
            store.close()
            return
        with PostgreSQL(durable=True) as server:
            server.create("hub")
            store = open_store(make_url(server.url("hub")))
            measure(store, folder, data, wish.lines, about)
            store.close()


if __name__ == "__main__":
    main()
