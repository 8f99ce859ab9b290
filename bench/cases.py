"""Alarms that become cases, and the list of cases when very many are open.

    python -m bench.cases [--open N] [--back-end sqlite|postgresql]

First, devices of many agents report forced doors at once, in batches as the intake makes them: how
many cases a second come of it, each with its alarm, its history and its number, from the message to
the commit. Then N open cases lie in the store, and the list is asked for through the API, in this
process and without a network: by page, category, person and words; and how many there are of each
kind (the list's facets).
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import func, insert, select

from bench.report import emit
from hub.api.application import build_application
from hub.app.estate import Estate, read_estate
from hub.app.line import Line, open_line
from hub.commands import Order
from hub.config import Catalogue, Role, load_hub
from hub.errors import UnavailableError
from hub.ingest import IngestHealth
from hub.live import LivePictures
from hub.pipeline import Incoming, read
from hub.store.schema import case_, case_history
from hub.store.secrets import load_secrets
from simulators.postgresql import PostgreSQL, find_postgresql
from wire import Clock, ContentType, Envelope, Header, Lane, Observation, topics
from wire.observation import encode_observations

CONFIGS: Final = Path(__file__).parents[1] / "configs"
T0: Final = 1_760_000_000_000
SITE: Final = "court"
BOOT: Final = "00000000000000aa"
URL: Final = "http://127.0.0.1:8800"
BATCH: Final = 100
DOORS: Final = 1_000
AGENTS: Final = 10
PERSON: Final = "li"
PEOPLE: Final = (PERSON, "wang", "zhang", "chen", None)
STATES: Final = ("discovered", "accepted", "dispatched", "handling", "verifying")
BULK: Final = 5_000
RARE: Final = "第 4711 号"
LIMIT: Final = 50


class HandClock:
    """Seconds that pass only when the bench says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self) -> float:
        """Seconds so far."""
        return self.seconds


@contextmanager
def _url(back_end: str) -> Iterator[str | None]:
    if back_end == "sqlite":
        yield None
        return
    with PostgreSQL(durable=True) as server:
        server.create("hub")
        os.environ["GATEHOUSE_STORE_PASSWORD"] = server.password
        yield server.url("hub").replace(f":{server.password}@", "@")


@asynccontextmanager
async def _line(back_end: str, hand: HandClock) -> AsyncIterator[tuple[Line, Estate]]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name,
        _url(back_end) as url,
    ):
        folder = Path(name)
        (folder / "site.toml").write_text(_site_file(), encoding="utf-8")
        store = "" if url is None else f'[store]\nurl = "{url}"\n'
        file = folder / "hub.toml"
        text = (
            f'data = "hub"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1883"\n{store}'
        )
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        config = load_hub(file, shipped=CONFIGS)
        estate = read_estate(config)
        keys = load_secrets(config.data / "secrets")
        async with open_line(config, estate, keys, Clock(hand.read, T0, 0.0)) as line:
            yield line, estate


def _site_file() -> str:
    """Gates behind ten agents, each of them forced once."""
    lines = ['id = "court"', 'name = { zh = "测试院", en = "Test court" }']
    for agent in range(AGENTS):
        lines.append(f'[[agent]]\nid = "floor-{agent}"')
        for number in range(agent, DOORS, AGENTS):
            name = f'{{ zh = "{number}号门", en = "Door {number}" }}'
            head = f'[[agent.device]]\nid = "gate-{number}"\nkind = "gate"'
            lines.append(f"{head}\nname = {name}\nplace = {name}")
    return "\n".join(lines)


class Doors:
    """Gates that are forced, a batch of them at a time."""

    def __init__(self, line: Line, hand: HandClock) -> None:
        self._line, self._hand = line, hand
        self._seqs = {f"floor-{number}": count(1) for number in range(AGENTS)}

    async def force(self, first: int) -> tuple[float, float]:
        """Seconds and processor seconds until all of a batch are cases."""
        began, cpu = time.perf_counter(), time.process_time()
        now = self._line.clock.now()
        messages = [self._message(first + number, "opened", now) for number in range(BATCH)]
        await asyncio.wrap_future(self._line.pipeline.handle(messages, now))
        self._hand.seconds += 3
        await asyncio.wrap_future(self._line.pipeline.tick(self._line.clock.now()))
        return time.perf_counter() - began, time.process_time() - cpu

    def _message(self, number: int, event: str, now: int) -> Incoming:
        agent = f"floor-{number % AGENTS}"
        signals = {"event": event, "open": event == "opened"}
        said = Observation(device=f"gate-{number}", kind="gate", at=now, seen=now, signals=signals)
        header = Header(
            boot=BOOT,
            lane=Lane.EVENT,
            seq=next(self._seqs[agent]),
            floor=1,
            sent_at=now,
            type=ContentType.OBSERVATIONS,
        )
        payload = Envelope(header, encode_observations([said])).encode()
        return read(topics.up(SITE, agent, Lane.EVENT), payload, now)


async def _alarms(back_end: str) -> None:
    hand = HandClock()
    async with _line(back_end, hand) as (line, _):
        doors = Doors(line, hand)
        rounds = [await doors.force(first) for first in range(0, DOORS, BATCH)]
        with line.store.reader.connect() as reader:
            cases = reader.scalar(select(func.count()).select_from(case_)) or 0
        seconds, cpu = (sum(part) for part in zip(*rounds, strict=True))
        emit(
            "cases",
            f"alarms to cases, {back_end}",
            cases=cases,
            cases_per_s=round(cases / seconds, 1),
            cpu_us_per_case=round(cpu / cases * 1e6),
        )


def _fill(line: Line, catalogue: Catalogue, rows: int) -> None:
    """Open cases of the whole catalogue, one every ten seconds."""
    rng = random.Random(7)
    kinds = list(catalogue.categories.values())

    def row(number: int) -> dict[str, Any]:
        kind, at = rng.choice(kinds), T0 - (rows - number) * 10_000
        place = f"{rng.randrange(1, 60)}号楼{rng.randrange(1, 33)}层"
        words = f"{kind.name.zh} {RARE}" if number == rows // 2 else kind.name.zh
        return {
            "id": f"{number:016x}",
            "site": SITE,
            "number": f"{20240101 + number // 999}-{number % 999 + 1:03d}",
            "category": kind.id,
            "title": {"zh": words, "en": kind.name.en},
            "priority": kind.priority.value,
            "state": rng.choice(STATES),
            "place": {"zh": place, "en": place},
            "building": f"b{rng.randrange(1, 60)}",
            "assignee": rng.choice(PEOPLE),
            "department": kind.lead,
            "opened_at": at,
            "updated_at": at,
            "supervised": False,
            "source": "person",
            "due_at": T0 + 86_400_000,
            "unit": "community",
            "version": 1,
            "words": f"{words} {kind.name.en} {place}".lower(),
        }

    for start in range(0, rows, BULK):
        made = [row(number) for number in range(start, min(start + BULK, rows))]
        steps = [
            {
                "case_id": one["id"],
                "at": one["opened_at"],
                "actor": PERSON,
                "action": "discover",
                "to_state": "discovered",
            }
            for one in made
        ]
        with line.store.writer.begin() as connection:
            connection.execute(insert(case_), made)
            connection.execute(insert(case_history), steps)


QUERIES: Final[dict[str, dict[str, str]]] = {
    "first page": {},
    "one category": {"category": "fire-door"},
    "one person": {"assignee": PERSON},
    "common words": {"q": "12号楼 电梯"},
    "rare words": {"q": RARE.replace(" ", "")[1:5] + " 号"},
    "number": {"q": "20240150-007"},
}


FACETS: Final[dict[str, dict[str, str]]] = {
    "facets": {},
    "facets, one step": {"step": "handling"},
    "facets, one person": {"assignee": PERSON},
    "facets, one building": {"building": "b7"},
    "facets, common words": {"q": "12号楼"},
}


async def _lists(back_end: str, rows: int, each: int) -> None:
    hand = HandClock()
    async with _line(back_end, hand) as (line, estate):
        await asyncio.to_thread(_fill, line, estate.catalogue, rows)
        async with _browser(line, estate) as browser:
            path = f"/api/sites/{SITE}/cases"
            for name, query in QUERIES.items():
                took = [await _timed(browser, path, query) for _ in range(each)]
                _told(back_end, rows, name, took)
            for name, query in FACETS.items():
                took = [await _timed(browser, f"{path}/facets", query) for _ in range(each)]
                _told(back_end, rows, name, took)
            _told(back_end, rows, "through all pages", await _paged(browser, path, each))
            took = [await _timed(browser, f"/api/sites/{SITE}/snapshot", {}) for _ in range(3)]
            _told(back_end, rows, "snapshot", took)


def _told(back_end: str, rows: int, name: str, took: list[float]) -> None:
    took.sort()
    emit(
        "cases",
        f"list of {rows}, {back_end}, {name}",
        p50_ms=round(took[len(took) // 2] * 1000, 1),
        p95_ms=round(took[int(len(took) * 0.95)] * 1000, 1),
    )


async def _paged(browser: httpx.AsyncClient, path: str, pages: int) -> list[float]:
    """One page after the other."""
    took, cursor = [], None
    for _ in range(pages):
        began = time.perf_counter()
        query = {"limit": LIMIT} | ({} if cursor is None else {"before": cursor})
        answer = await browser.get(path, params=query)
        took.append(time.perf_counter() - began)
        cursor = answer.json()["next"]
    return took


async def _timed(browser: httpx.AsyncClient, path: str, query: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = await browser.get(path, params={"limit": str(LIMIT)} | query)
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took


@asynccontextmanager
async def _browser(line: Line, estate: Estate) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is logged in."""
    services = line.services(
        version="0",
        boot=BOOT,
        secure=False,
        send=_nobody,
        broker_connected=lambda: False,
        intake=lambda: IngestHealth(0, {}, None),
        live=LivePictures(line.registry, lambda *_: None),
        agent_keys={},
        guard=estate.guard,
    )
    made = await services.staff.set_user(PERSON, Role.SUPERVISOR, frozenset({"*"}))
    transport = httpx.ASGITransport(build_application(services, hosts=()))
    async with httpx.AsyncClient(transport=transport, base_url=URL, timeout=120) as browser:
        login = {"name": PERSON, "password": made.password}
        (await browser.post("/api/login", json=login)).raise_for_status()
        yield browser


async def _nobody(_order: Order) -> str:
    raise UnavailableError("there are no devices here")


def main() -> None:
    """Print one line for each figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--open", type=int, default=100_000, help="cases in the list")
    parser.add_argument("--each", type=int, default=60, help="times that each list is asked for")
    parser.add_argument("--back-end", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    back_ends = ["sqlite", *(["postgresql"] if find_postgresql() else [])]
    for name in [asked.back_end] if asked.back_end else back_ends:
        asyncio.run(_alarms(name))
        asyncio.run(_lists(name, asked.open, asked.each))


if __name__ == "__main__":
    main()
