"""How fast questions to the index of passages are answered.

    python -m bench.traces [--rows N] [--plates N] [--back-end NAME]

Passages of 90 days at equal distances at 20 gates, of 2,000 people, as in `bench.storage`; and so
many vehicles with their forms. Then the questions are asked as the API asks them, of people in turn
at random: a page of 100 movements over 90 days, companions within 10 s, habits, who is inside,
plates with one sign wrong. On SQLite and PostgreSQL, with all tables of the hub, on this machine.
"""

import argparse
import random
import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, text

from bench.report import emit
from bench.storage import DAY, END, MIX, SITE, SUBJECTS, fill
from bench.stores import Measured, a_postgresql, a_sqlite
from bench.timing import told, took
from hub.api.tracing import search
from hub.store.reads.companions import CompanionQuery, companion_rows
from hub.store.reads.habits import passages_at_hours, times_of
from hub.store.reads.passages import PassageQuery, passage_rows
from hub.store.reads.passers import InsideQuery, inside_rows, unknown_exits
from hub.store.seal import Seal
from hub.store.secrets import Secrets
from hub.store.write.passers import Seen, list_plates, note_seen
from wire.plates import PROVINCES

ASKED: Final = 100
COLD: Final = 20
WARMING: Final = 10
WITHIN_MS: Final = 10_000
SHIFT: Final = 8 * 3_600_000
AT_ONCE: Final = 500
GATES: Final = [f"gate-{number}" for number in range(20)]

Question = Callable[[Connection, random.Random], object]


def main() -> None:
    """Print a line for each back end and question."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000, help="passages")
    parser.add_argument("--plates", type=int, default=20_000, help="vehicles")
    parser.add_argument("--back-end", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for name, opened in (("sqlite", a_sqlite), ("postgresql", a_postgresql)):
        if asked.back_end in {None, name}:
            with opened(END) as made:
                _measure(made, asked.rows, asked.plates)


def _measure(made: Measured, rows: int, plates: int) -> None:
    draw, seal = random.Random(1), Seal(Secrets(*(secrets.token_bytes(32) for _ in range(4))))
    filling = fill(made, rows, 90 * DAY // rows)
    _people(made)
    known = _vehicles(made, draw, seal, plates)
    made.write(_list_all(seal))
    for table in ("passer", "plate_form"):
        made.settle(table)
    for name, question in _questions(known, seal).items():
        _ask(made, question, draw, WARMING)
        warm = _ask(made, question, draw, ASKED)
        made.chill()
        cold = _ask(made, question, draw, COLD)
        emit(
            "traces",
            f"{made.name}: {name}",
            rows=rows,
            plates=plates,
            filled_s=round(filling, 1),
            answer_ms=told([wall for wall, _ in warm]),
            answer_cpu_ms=told([cpu for _, cpu in warm]),
            after_all_was_forgotten_ms=told([wall for wall, _ in cold]),
        )


def _questions(known: list[str], seal: Seal) -> dict[str, Question]:
    since = END - 90 * DAY

    def movements(reader: Connection, draw: random.Random) -> object:
        query = PassageQuery(subject=_person(draw), start=since, end=END, limit=100)
        return passage_rows(reader, SITE, query)

    def companions(reader: Connection, draw: random.Random) -> object:
        return companion_rows(reader, SITE, CompanionQuery(_person(draw), since, END, WITHIN_MS))

    def habits(reader: Connection, draw: random.Random) -> object:
        who = _person(draw)
        times = times_of(reader, SITE, who, shift=SHIFT)
        rare = times.habits.rare
        return passages_at_hours(reader, SITE, who, rare, shift=SHIFT, limit=20)

    def inside(reader: Connection, _draw: random.Random) -> object:
        found = inside_rows(reader, SITE, InsideQuery(END - 3 * DAY, END))
        return found, unknown_exits(reader, SITE, END - 3 * DAY, END, GATES)

    def plate(reader: Connection, draw: random.Random) -> object:
        right = draw.choice(known)
        place = draw.randrange(2, len(right))
        wrong = right[:place] + draw.choice("0123456789") + right[place + 1 :]
        return search(reader, SITE, wrong, seal.hash)

    return {
        "movements over 90 days": movements,
        "companions": companions,
        "habits": habits,
        "inside": inside,
        "plate with one sign wrong": plate,
    }


def _ask(
    made: Measured, question: Question, draw: random.Random, count: int
) -> list[tuple[float, float]]:
    def once() -> None:
        with made.store.reader.connect() as reader:
            question(reader, draw)

    return [took(once) for _ in range(count)]


def _person(draw: random.Random) -> str:
    return f"{draw.randrange(SUBJECTS):012x}{0:052d}"


def _people(made: Measured) -> None:
    """Everybody of the passages, at the place where the last of them left them."""
    made.write(
        lambda connection: connection.execute(
            text(
                "INSERT INTO passer (site, subject, plate, masked, seen_at, received_at, way,"
                " way_at, way_device) SELECT site, subject, (1 = 0), max(masked), max(at),"
                " max(received_at), 'in', max(at), 'gate-1' FROM passage GROUP BY site, subject"
            )
        )
    )


def _vehicles(made: Measured, draw: random.Random, seal: Seal, count: int) -> list[str]:
    """So many, written as the hub writes them, then as long as it takes for their forms."""
    plates = [_plate(draw, number) for number in range(count)]
    for first in range(0, count, AT_ONCE):
        seen = [
            Seen(
                site=SITE,
                subject=seal.hash(SITE, plate),
                plate=True,
                masked=f"{plate[:2]}·••••{plate[-1]}",
                sealed=seal.seal(SITE, plate.encode()),
                head=plate[:2],
                at=END - draw.randrange(90 * DAY),
                received_at=END,
                device="barrier-in",
                way=draw.choice(("in", "out")),
            )
            for plate in plates[first : first + AT_ONCE]
        ]
        made.write(lambda connection, some=seen: note_seen(connection, some, seal))
    return plates


def _list_all(seal: Seal) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        while list_plates(connection, seal):
            pass

    return work


def _plate(draw: random.Random, number: int) -> str:
    head = "粤B" if number % 8 else draw.choice(PROVINCES) + draw.choice("ABCD")
    return f"{head}{number * MIX % 100_000:05d}"


if __name__ == "__main__":
    main()
