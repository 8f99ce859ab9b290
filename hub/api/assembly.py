"""Puts the API's own parts together around the hub's."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from hub.access.checkpoints import Signer
from hub.access.limits import read_limits
from hub.access.lockout import Lockout
from hub.api.accepting import Accepting
from hub.api.charts import Charts
from hub.api.configuring import Configuring, TakeUp, take_up_nothing
from hub.api.couriers import Couriers
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.doors import Doors
from hub.api.ended import EndedSessions
from hub.api.erasing import Erasing
from hub.api.export_making import ExportMaker
from hub.api.exports import ExportDesk
from hub.api.factors import Factors
from hub.api.hashing import Hashing
from hub.api.households import Households
from hub.api.logins import Logins
from hub.api.looking import LookDesk
from hub.api.looks import Looks
from hub.api.machines import Machines
from hub.api.media import MediaDesk
from hub.api.openings import Openings
from hub.api.photos import PhotoDesk
from hub.api.plans import Plans
from hub.api.presence import Presence
from hub.api.present.change import load_change
from hub.api.residents_lists import ResidentsLists
from hub.api.roll_call import RollCall
from hub.api.services import Services
from hub.api.sessions import Sessions
from hub.api.simulators import Simulators
from hub.api.staff import Staff
from hub.api.tokens import Tokens
from hub.api.trail import Trail
from hub.bulletins.making import BulletinMaker
from hub.commands.opening import OpeningLimits
from hub.commands.order import Order
from hub.config.looks import LooksConfig
from hub.config.role import Role
from hub.editing.bench import Bench
from hub.evidence import EvidenceStore
from hub.ingest import IngestHealth
from hub.live import Feed, LivePictures, Load
from hub.outbound import Guard
from hub.pipeline.acts import Act
from hub.pipeline.writer import Writer
from hub.pki import Enrolment
from hub.plans import PlanFiles
from hub.store.seal import PEOPLE, Seal
from hub.telemetry import Telemetry
from hub.vision.photo import PhotoMaker
from wire import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """What the hub hands the API.

    act: does a person's act, and what is to be written with it, in one transaction.
    send: signs and sends an order; returns the command's id.
    agent_keys: by `site/agent`, whose evidence is taken. evidence_days: by class, how long it is
        kept.
    kept_days: the same by class of records, see `hub.store.keeping.classes`.
    secure: browsers come by https. seal: hashes, seals and opens what is sensitive. guard: where
        callbacks may go. exports: the folder for files of exports; erased: for the list of
        who was.
    simulators: that run beside the hub.
    bench: the configuration's files. take_up: takes a saved one into the running hub.
    """

    version: str
    hub_boot: str
    clock: Clock
    reader: Engine
    writer: Writer
    directory: Directory
    telemetry: Telemetry
    feed: Feed
    act: Callable[[Act, Callable[[Connection], None]], Awaitable[str]]
    send: Callable[[Order], Awaitable[str]]
    broker_connected: Callable[[], bool]
    intake: Callable[[], IngestHealth]
    live: LivePictures
    evidence: EvidenceStore
    bulletins: BulletinMaker
    agent_keys: Mapping[str, str]
    enrolment: Enrolment
    plans: PlanFiles
    limits: OpeningLimits
    secure: bool
    seal: Seal
    guard: Guard
    signer: Signer
    exports: Path
    erased: Path
    bench: Bench
    take_up: TakeUp = take_up_nothing
    evidence_days: Mapping[str, int] = field(default_factory=dict)
    kept_days: Mapping[str, int] = field(default_factory=dict)
    looks: LooksConfig = field(default_factory=LooksConfig)
    factor_roles: frozenset[Role] = frozenset()
    simulators: Simulators | None = None


def assemble(parts: Parts) -> Services:
    """The services that the routes work with."""
    now = parts.clock.now
    real = Clock(parts.clock.read, parts.clock.origin, parts.clock.zero)
    desk = Desk(parts.reader, parts.writer)
    hashing, lockout, ended = Hashing(), Lockout(parts.clock.read), EndedSessions()
    limits = read_limits(parts.directory.org)
    presence = Presence(desk, now, real.now, limits, parts.factor_roles)
    seal, unseal = partial(parts.seal.seal, PEOPLE), partial(parts.seal.open, PEOPLE)
    logins = Logins(desk, hashing, lockout, ended, presence, now, unseal)
    sites = frozenset(parts.directory.sites)
    trail = Trail(desk, now)
    households = Households(desk, parts.directory, trail, parts.seal, now)
    return Services(
        version=parts.version,
        hub_boot=parts.hub_boot,
        now=now,
        broker_connected=parts.broker_connected,
        intake=parts.intake,
        directory=parts.directory,
        charts=Charts(parts.telemetry),
        configuring=Configuring(parts.bench, trail, parts.guard, parts.take_up),
        desk=desk,
        logins=logins,
        roll_call=RollCall(logins),
        machines=Machines(desk, sites, now, parts.seal.seal, parts.guard),
        staff=Staff(
            desk, hashing, lockout, ended, sites, now, frozenset(parts.directory.departments)
        ),
        factors=Factors(desk, hashing, lockout, ended, presence, now, seal, unseal),
        signer=parts.signer,
        tokens=Tokens(desk, ended, presence, sites, now),
        sessions=Sessions(desk, ended, now, real.now),
        trail=trail,
        doors=Doors(parts.directory, trail, parts.act, parts.send),
        bulletins=parts.bulletins,
        accepting=Accepting(desk, parts.directory, trail, parts.act, now),
        feed=parts.feed,
        live=parts.live,
        couriers=Couriers(parts.agent_keys),
        enrolment=parts.enrolment,
        openings=Openings(desk, parts.directory, trail, parts.send, parts.limits, now),
        media=MediaDesk(desk, parts.evidence, now),
        plans=Plans(parts.plans, trail),
        photos=PhotoDesk(desk, parts.evidence, PhotoMaker(), now),
        looking=LookDesk(desk, parts.directory, trail, parts.looks, parts.act, now),
        looks=Looks(desk, trail, now),
        exports=ExportDesk(
            desk, parts.directory, trail, parts.looks, parts.seal, parts.exports, now
        ),
        export_maker=ExportMaker(
            desk,
            parts.directory,
            parts.looks,
            parts.seal,
            parts.evidence,
            PhotoMaker(),
            parts.exports,
            now,
        ),
        households=households,
        residents_lists=ResidentsLists(
            households, parts.directory, parts.reader, parts.writer, now
        ),
        erasing=Erasing(desk, trail, parts.evidence, parts.seal, parts.erased, now),
        kept_days=parts.kept_days,
        secure=parts.secure,
        evidence_days=parts.evidence_days,
        seal=parts.seal,
        simulators=parts.simulators,
    )


def loader(directory: Directory) -> Load:
    """How the feed loads what changed, so that the stream can show it."""

    def load(reader: Connection, site: str, kind: str, ref: str) -> Mapping[str, Any] | None:
        return load_change(reader, directory, site=site, kind=kind, ref=ref)

    return load
