"""How long the audit trail takes to verify: rows of one chain, on each database.

    python -m bench.audit [--rows N] [--back-end sqlite]

The aim is a million rows within 60 s.
"""

import argparse
import time

from sqlalchemy import Connection, insert

from bench.report import emit
from bench.stores import Measured, a_postgresql, a_sqlite
from hub.access.audit import GENESIS, Act, link
from hub.access.checkpoints import Signer
from hub.store.people.chains import judge, tip_of
from hub.store.schema import audit

CHUNK = 5_000
STORES = {"sqlite": a_sqlite, "postgresql": a_postgresql}
SITE = "jinxiu"


def main() -> None:
    """Measure and print a line a database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--back-end", choices=sorted(STORES), action="append")
    wish = parser.parse_args()
    now = time.time_ns() // 1_000_000
    for name in wish.back_end or STORES:
        with STORES[name](now) as store:
            fill(store, wish.rows, now)
            emit("audit", name, **measure(store, now))


def fill(store: Measured, rows: int, now: int) -> None:
    """A chain such as a busy site makes."""
    prev = GENESIS
    for first in range(0, rows, CHUNK):
        values = []
        for number in range(first, min(first + CHUNK, rows)):
            detail = {"purpose": "lost-and-found", "reason": "钥匙", "subjects": [f"{number:012x}"]}
            act = Act(now + number, "wang", "passage.look", "gate-east", SITE, detail=detail)
            values.append(
                {
                    "chain": SITE,
                    "at": act.at,
                    "actor": act.actor,
                    "action": act.action,
                    "object": act.object,
                    "outcome": act.outcome,
                    "detail": detail,
                    "prev": prev,
                    "hash": (prev := link(act, prev)),
                }
            )

        def write(connection: Connection, batch: list[dict[str, object]] = values) -> None:
            connection.execute(insert(audit), batch)

        store.write(write)


def measure(store: Measured, now: int) -> dict[str, float]:
    """Seconds on the clock and of this process, for the whole chain against one checkpoint."""
    signer = Signer(bytes(range(32)))
    with store.store.reader.connect() as connection, connection.begin():
        tip = tip_of(connection, SITE, now)
        kept = [] if tip is None else [signer.sign(tip)]
        began, spent = time.perf_counter(), time.process_time()
        found = judge(connection, SITE, signer.public_key, kept)
        took, used = time.perf_counter() - began, time.process_time() - spent
    if found.fault is not None or found.checkpoints != 1:
        raise SystemExit(f"not whole: {found}")
    return {"rows": found.entries, "s": round(took, 2), "cpu_s": round(used, 2)}


if __name__ == "__main__":
    main()
