"""A small estate and its line, on a real database file, for the tests of this folder."""

import itertools
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, select, text

from hub.config import Plans, load_site
from hub.config.channels import Channels
from hub.notify import Outbox
from hub.pipeline import Pipeline, Registry, Writer, make_stations, read
from hub.pipeline.patrolling import NO_PATROLS
from hub.store import open_store
from hub.store.seal import Seal
from hub.store.secrets import load_secrets
from hub.telemetry import Keep
from hub.telemetry.database import DatabaseTelemetry
from tests import shipped
from wire import ContentType, Envelope, Header, Lane, Observation, topics
from wire.kinds import load as load_kinds
from wire.observation import encode_observations

SITE = "court"
T0 = 1_760_000_000_000
BOOT = "00000000000000aa"

SITE_FILE = """
id = "court"
name = { zh = "测试院", en = "Test court" }
building_class = "residential-high-rise"

[[building]]
id = "b1"
name = { zh = "1号楼", en = "Building 1" }
floors = 18
floor_height_m = 2.9

[[agent]]
id = "gates"
name = { zh = "门", en = "Gates" }

[[agent.device]]
id = "gate-east"
kind = "gate"
name = { zh = "东门", en = "East gate" }
place = { zh = "东门", en = "East gate" }

[[agent.device]]
id = "gate-west"
kind = "gate"
name = { zh = "西门", en = "West gate" }
place = { zh = "西门", en = "West gate" }

[[agent]]
id = "water"
name = { zh = "水", en = "Water" }

[[agent.device]]
id = "fw-1"
kind = "water-pressure"
name = { zh = "立管", en = "Riser" }
place = { zh = "泵房", en = "Pump room" }
building = "b1"
floor = 1
settings = { elevation_m = 0.0, protects_to_m = 0.0 }

[[agent]]
id = "barriers"
name = { zh = "道闸", en = "Barriers" }

[[agent.device]]
id = "barrier-in"
kind = "barrier"
name = { zh = "入口", en = "Lane in" }
place = { zh = "南门", en = "South gate" }

[[agent.device]]
id = "barrier-out"
kind = "barrier"
name = { zh = "出口", en = "Lane out" }
place = { zh = "南门", en = "South gate" }
"""


class Line:
    """The pipeline on one database, a file in `folder` where no other is named.

    channels: by which people are called; none means that such calls are on record only.
    """

    def __init__(
        self,
        folder: Path,
        where: Path | URL | None = None,
        *,
        alone: bool = True,
        channels: Channels | None = None,
        patrols: Plans = NO_PATROLS,
    ) -> None:
        self.folder, self.alone, self.channels = folder, alone, channels or Channels()
        self.patrols = patrols
        self.where = folder / "hub.db" if where is None else where
        site_file = folder / "site.toml"
        site_file.write_text(SITE_FILE, encoding="utf-8")
        self.alarms, self.settings = shipped.alarms(), shipped.settings()
        self.catalogue = shipped.catalogue()
        self.site = load_site(site_file)
        self.seal = Seal(load_secrets(folder / "secrets"))
        self.committed = []
        self.start()

    def start(self) -> None:
        self.store = open_store(self.where, alone=self.alone)
        self.writer = Writer(self.store.writer)
        self.writer.__enter__()
        self.telemetry = DatabaseTelemetry(self.store.reader, Keep())
        self.registry = Registry(
            [self.site], kinds=load_kinds(), settings=self.settings, alarms=self.alarms
        )
        org = shipped.org()
        stations = make_stations(
            registry=self.registry,
            telemetry=self.telemetry,
            alarms=self.alarms,
            catalogue=self.catalogue,
            org=org,
            seal=self.seal,
            modes=shipped.modes(),
            patrols=self.patrols,
            paging=Outbox(
                channels=self.channels,
                org=org,
                registry=self.registry,
                alarms=self.alarms,
                catalogue=self.catalogue,
            ),
        )
        self.pipeline = Pipeline(self.writer, stations, self.committed.append)

    def stop(self) -> None:
        self.writer.close()
        self.store.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def handle(self, *messages, now: int | None = None):
        incoming = [read(topic, payload, received_at) for topic, payload, received_at in messages]
        return done(self.pipeline.handle(incoming, now or incoming[-1].received_at))

    def rows(self, table, *where):
        with self.store.reader.connect() as connection:
            return connection.execute(select(table).where(*where)).mappings().all()

    def sql(self, statement: str):
        with self.store.reader.connect() as connection:
            return connection.execute(text(statement)).all()

    def counters(self) -> dict[str, int]:
        return {row[0]: row[1] for row in self.sql("SELECT name, value FROM site_counter")}


@contextmanager
def a_line(folder: Path, where: Path | URL | None = None, **options):
    line = Line(folder, where, **options)
    try:
        yield line
    finally:
        line.stop()


def done(future: Future):
    return future.result(timeout=120)


class Agent:
    """Makes what an edge agent would publish."""

    def __init__(self, name: str = "gates", boot: str = BOOT, site: str = SITE) -> None:
        self.name, self.boot, self.site = name, boot, site
        self._next = {lane: itertools.count(1) for lane in Lane}

    def message(
        self,
        *observations: Observation,
        now: int = T0,
        lane: Lane = Lane.EVENT,
        seq: int | None = None,
        floor: int = 1,
        sent_at: int | None = None,
        body: bytes | None = None,
        content: ContentType = ContentType.OBSERVATIONS,
    ):
        header = Header(
            boot=self.boot,
            lane=lane,
            seq=seq or next(self._next[lane]),
            floor=floor,
            sent_at=now if sent_at is None else sent_at,
            type=content,
        )
        payload = encode_observations(list(observations)) if body is None else body
        return (
            topics.up(self.site, self.name, lane),
            Envelope(header, payload).encode(),
            now,
        )


def gate(at: int, event: str, device: str = "gate-east", **more) -> Observation:
    fields = {k: more.pop(k) for k in ("source_id", "historical", "seen") if k in more}
    seen = fields.pop("seen", at)
    return Observation(
        device=device, kind="gate", at=at, seen=seen, signals={"event": event, **more}, **fields
    )


def pressure(at: int, value: float, device: str = "fw-1", **more) -> Observation:
    return Observation(
        device=device,
        kind="water-pressure",
        at=at,
        seen=more.pop("seen", at),
        signals={"pressure": value},
        **more,
    )
