"""A hub without its broker, on a real database file: two sites, the pipeline, the feed, the API."""

import asyncio
import itertools
import json
import secrets
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from edge.media.keys import MediaKey
from hub.access.checkpoints import Signer
from hub.api.application import build_application
from hub.api.assembly import Parts, assemble, loader
from hub.api.lookup import make_directory
from hub.app.certifying import make_enrolment
from hub.app.estate import make_bench
from hub.app.taking_up import take_up
from hub.bulletins.compiling import Compiler, areas_of
from hub.bulletins.making import BulletinMaker
from hub.commands.opening import OpeningLimits
from hub.config import (
    BulletinConfig,
    HubConfig,
    MqttConfig,
    Role,
    load_site,
)
from hub.config.org import load_org
from hub.errors import UnavailableError
from hub.evidence import EvidenceFiles
from hub.ingest import IngestHealth
from hub.live import Feed, LivePictures
from hub.outbound import Guard
from hub.pipeline import Pipeline, Registry, Writer, make_stations, read
from hub.plans import PlanFiles
from hub.store import open_store
from hub.store.keeping.classes import CLASSES
from hub.store.seal import Seal
from hub.store.secrets import load_secrets
from hub.telemetry import Keep
from hub.telemetry.database import DatabaseTelemetry
from tests import shipped
from wire import Clock, ContentType, Envelope, Header, Lane, Observation, topics
from wire.kinds import load as load_kinds
from wire.observation import encode_observations

DOCUMENT = Path(__file__).parents[2] / "console" / "openapi.json"
T0 = 1_760_000_000_000
URL = "http://127.0.0.1:8800"
BOOT = "00000000000000aa"

SITE = """
id = "{site}"
name = {{ zh = "测试院", en = "Test {site}" }}
building_class = "residential-high-rise"

[[building]]
id = "b1"
name = {{ zh = "1号楼", en = "Building 1" }}
floors = 18

[[agent]]
id = "gates"
name = {{ zh = "门", en = "Gates" }}

[[agent.device]]
id = "gate-east"
kind = "gate"
name = {{ zh = "东门", en = "East gate" }}
place = {{ zh = "东门岗", en = "East post" }}

[[agent]]
id = "water"

[[agent.device]]
id = "fw-1"
kind = "water-pressure"
name = {{ zh = "立管", en = "Riser" }}
place = {{ zh = "泵房", en = "Pump room" }}
building = "b1"
floor = 1
settings = {{ elevation_m = 0.0, protects_to_m = 0.0 }}

[[agent]]
id = "cameras"

[[agent.device]]
id = "cam-1"
kind = "facade-camera"
name = {{ zh = "1号楼外立面", en = "Front of building 1" }}
place = {{ zh = "1号楼南", en = "South of building 1" }}
building = "b1"
"""


YARD_ALONE = """
[[agent]]
id = "more"

[[agent.device]]
id = "gate-yard"
kind = "gate"
name = { zh = "院门", en = "Yard gate" }
place = { zh = "院门", en = "Yard gate" }

[[agent.device]]
id = "cam-yard"
kind = "facade-camera"
name = { zh = "院内外立面", en = "Front in the yard" }
place = { zh = "院内", en = "In the yard" }
building = "b1"

[[agent.device]]
id = "fw-yard"
kind = "water-pressure"
name = { zh = "院内立管", en = "Riser in the yard" }
place = { zh = "院内", en = "In the yard" }
settings = { elevation_m = 0.0, protects_to_m = 0.0 }
"""
"""What the second site has and the first has not."""


class HandClock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self) -> float:
        return self.seconds

    def pass_s(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Person:
    """A logged-in browser."""

    http: httpx.AsyncClient
    csrf: str

    async def get(self, path: str, **options) -> httpx.Response:
        return await self.http.get(path, **options)

    async def send(self, method: str, path: str, body: object = None, **options) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf, **options.pop("headers", {})}
        return await self.http.request(method, path, json=body, headers=headers, **options)

    async def post(self, path: str, body: object = None, **options) -> httpx.Response:
        return await self.send("POST", path, body, **options)

    async def look(self, site: str = "court", **said: object) -> dict:
        """Declare a look, for no case; the query parameter that names it."""
        said = {"purpose": "device-check", "reason": "the reader was changed", **said}
        answer = await self.post(f"/api/sites/{site}/looks", said)
        assert answer.status_code == 201, answer.text
        return {"look": answer.json()["id"]}


class House:
    """What a test does to the hub."""

    def __init__(self, folder: Path, stack: AsyncExitStack, clock: HandClock) -> None:
        self.stack = stack
        self.hand = clock
        self.clock = Clock(clock.read, T0, 0.0)
        self._seqs = {lane: itertools.count(1) for lane in Lane}
        self.store = open_store(folder / "hub.db")
        stack.callback(self.store.close)
        self.writer = stack.enter_context(Writer(self.store.writer))
        self._passwords: dict[str, str] = {}
        self._build(folder)

    def _build(self, folder: Path) -> None:
        alarms, settings, catalogue = shipped.alarms(), shipped.settings(), shipped.catalogue()
        org = load_org(folder / "org") if (folder / "org").is_dir() else shipped.org()
        modes, patrols = shipped.modes(), {"court": shipped.patrols()["jinxiu"]}
        sites = []
        for name in ("court", "yard"):
            file = folder / f"{name}.toml"
            more = YARD_ALONE if name == "yard" else ""
            file.write_text(SITE.format(site=name) + more, encoding="utf-8")
            sites.append(load_site(file))
        kinds = load_kinds()
        directory = make_directory(
            sites,
            kinds=kinds,
            settings=settings,
            alarms=alarms,
            catalogue=catalogue,
            org=org,
            modes=modes,
            patrols=patrols,
        )
        self.directory = directory
        registry = Registry(sites, kinds=kinds, settings=settings, alarms=alarms)
        self.feed = Feed(self.store.reader, ["court", "yard"], loader(directory))
        self.secrets = load_secrets(folder / "secrets")
        self.seal = Seal(self.secrets)
        stations = make_stations(
            registry=registry,
            telemetry=DatabaseTelemetry(self.store.reader, Keep()),
            alarms=alarms,
            catalogue=catalogue,
            org=org,
            seal=self.seal,
            modes=modes,
            patrols=patrols,
        )
        self.pipeline = Pipeline(self.writer, stations, self.feed.committed)
        self.asked: list[tuple[str, str]] = []
        self.live = LivePictures(
            registry, lambda site, device, _: self.asked.append((site, device))
        )
        self.evidence = EvidenceFiles(folder / "evidence")
        self.keys = {name: MediaKey(secrets.token_bytes(32)) for name in ("court", "yard")}
        self.agent_keys = {f"{site}/cameras": key.public for site, key in self.keys.items()}
        config = HubConfig(
            data=folder,
            sites=tuple(folder / f"{name}.toml" for name in ("court", "yard")),
            rules=shipped.CONFIGS / "rules",
            alarms=shipped.CONFIGS / "alarms",
            cases=shipped.CONFIGS / "cases",
            org=org.source,
            modes=shipped.CONFIGS / "modes",
            mqtt=MqttConfig(url="mqtt://127.0.0.1:1"),
            models=shipped.CONFIGS.parent / "models",
            source=folder / "hub.toml",
        )
        self.bench = make_bench(config, tuple(sites))
        places = {site.id: tuple(one.id for one in site.buildings) for site in sites}
        self.services = assemble(
            Parts(
                version="0",
                hub_boot="00000000000000bb",
                clock=self.clock,
                reader=self.store.reader,
                writer=self.writer,
                directory=directory,
                telemetry=DatabaseTelemetry(self.store.reader, Keep()),
                feed=self.feed,
                act=self._act,
                send=self._send,
                broker_connected=lambda: False,
                intake=lambda: IngestHealth(0, {}, None),
                live=self.live,
                evidence=self.evidence,
                bulletins=BulletinMaker(
                    compiler=Compiler(
                        catalogue=catalogue,
                        org=org,
                        registry=registry,
                        modes=modes,
                        areas=areas_of(sites),
                    ),
                    config=BulletinConfig(),
                    reader=self.store.reader,
                    writer=self.writer,
                    now=self.clock.now,
                ),
                guard=Guard(resolve=lambda _: ["203.0.113.7"]),
                exports=folder / "exports",
                erased=folder / "erased",
                bench=self.bench,
                take_up=partial(take_up, self.bench, org, places),
                seal=self.seal,
                kept_days={one.id: 90 for one in CLASSES},
                agent_keys=self.agent_keys,
                enrolment=make_enrolment(folder, sites),
                limits=OpeningLimits(),
                plans=PlanFiles(folder / "plans", sites),
                secure=False,
                signer=Signer(self.secrets.signing_key),
            )
        )
        self.app = build_application(self.services, hosts=())

    async def _act(self, act, also) -> str:
        return await asyncio.wrap_future(self.pipeline.act(act, self.clock.now(), also=also))

    async def _send(self, order) -> str:
        raise UnavailableError(f"agent of {order.device} is away", code="agent-away")

    async def browser(self, **options) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=URL, **options)
        return await self.stack.enter_async_context(client)

    async def make_user(self, name: str, role: Role, *sites: str) -> str:
        made = await self.services.staff.set_user(name, role, frozenset(sites or ["*"]))
        assert made.password is not None
        self._passwords[name] = made.password
        return made.password

    async def log_in(self, name: str) -> Person:
        http = await self.browser()
        answer = await http.post(
            "/api/login", json={"name": name, "password": self._passwords[name]}
        )
        assert answer.status_code == 200, answer.text
        return Person(http, answer.json()["csrf"])

    async def person(self, name: str, role: Role, *sites: str) -> Person:
        await self.make_user(name, role, *sites)
        return await self.log_in(name)

    async def say(self, agent: str, *observations: Observation, lane: Lane, site: str = "court"):
        now = self.clock.now()
        header = Header(
            boot=BOOT,
            lane=lane,
            seq=next(self._seqs[lane]),
            floor=1,
            sent_at=now,
            type=ContentType.OBSERVATIONS,
        )
        payload = Envelope(header, encode_observations(list(observations))).encode()
        message = read(topics.up(site, agent, lane), payload, now)
        await asyncio.wrap_future(self.pipeline.handle([message], now))

    async def gate(self, event: str, **signals) -> None:
        now = self.clock.now()
        said = Observation(
            device="gate-east", kind="gate", at=now, seen=now, signals={"event": event, **signals}
        )
        await self.say("gates", said, lane=Lane.EVENT)

    async def pressure(self, value: float) -> None:
        now = self.clock.now()
        said = Observation(
            device="fw-1", kind="water-pressure", at=now, seen=now, signals={"pressure": value}
        )
        await self.say("water", said, lane=Lane.TELEMETRY)

    async def force_door(self) -> None:
        await self.gate("opened", open=True)
        self.hand.pass_s(2)
        await asyncio.wrap_future(self.pipeline.tick(self.clock.now()))


@asynccontextmanager
async def open_house(folder: Path):
    async with AsyncExitStack() as stack:
        house = House(folder, stack, HandClock())
        await stack.enter_async_context(house.feed)
        stack.callback(house.services.logins.ended.announce_all)
        yield house


async def until(condition, *, within_s: float = 45.0, every_s: float = 0.01):
    """Wait for `condition()` to be true; its value."""
    deadline = time.monotonic() + within_s
    while not (value := condition()):
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(every_s)
    return value


def document() -> dict:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))
