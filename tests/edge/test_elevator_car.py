"""The contact and the speaker of a car, against the simulated I/O module and speaker."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.actuation import Actuation, verifier
from edge.actuator import Bench
from edge.board import DeviceBoard
from edge.commands import Scope
from edge.config import load
from edge.elevator.car import Car
from edge.elevator.contacts import REST_S, Contacts, ContactSettings, Input
from edge.elevator.speaker import Speaker, SpeakerSettings, load_message
from edge.errors import ConfigError, DeviceError
from edge.nonces import NonceBook
from edge.outbox import Outbox
from edge.receipts import ReceiptBook
from edge.recorder import Recorder
from simulators.elevator.car import ElevatorCar
from simulators.elevator.iomodule import IoModules
from simulators.elevator.speaker import SpeakerServer
from simulators.ledger import Ledger
from wire import Clock, Command, Lane, ReceiptState
from wire.command import MAX_LEASE_S, decode_receipts
from wire.kinds import load as load_kinds
from wire.observation import decode_observations

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"
MESSAGE = CONFIGS / "voice" / "ebike-turn-back.toml"
HUB = Ed25519PrivateKey.generate()
DEVICE = "lift-b1"
KIND = load_kinds()["elevator-camera"]


def clock_at(rate: float) -> Clock:
    return Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic(), rate)


@dataclass
class Rig:
    """An agent's whole command side, and a simulated car at its other end."""

    simulated: ElevatorCar
    modules: IoModules
    ledger: Ledger
    outbox: Outbox
    board: DeviceBoard
    actuation: Actuation
    nonces: NonceBook
    clock: Clock
    count: int = 0

    async def order(self, action: str, **fields: object) -> str:
        self.count += 1
        command = Command.model_validate(
            {
                "id": f"{self.count:032x}",
                "site": "s",
                "agent": "a",
                "device": DEVICE,
                "action": action,
                "nonce": self.nonces.draw(),
                "operator": "hub",
                **fields,
            }
        ).signed(HUB.sign)
        await self.actuation.take(command.encode())
        return command.id

    async def receipts(self) -> list[tuple[int, ReceiptState]]:
        rows = await self.outbox.unacked(Lane.LIFE, 0, 1000)
        told = [one for row in rows if row.type == "receipts" for one in decode_receipts(row.body)]
        return [(int(one.command, 16), one.state) for one in told]

    async def said(self) -> list[dict[str, object]]:
        rows = [
            row
            for lane in (Lane.LIFE, Lane.EVENT)
            for row in await self.outbox.unacked(lane, 0, 1000)
            if row.type == "observations"
        ]
        return [one.signals for row in rows for one in decode_observations(row.body)]


async def until(condition: Callable[[], bool], within_s: float = 45.0) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        await asyncio.sleep(0.005)


def settings(port: int, unit: int = 1, **more: object) -> ContactSettings:
    table = {
        "host": "127.0.0.1",
        "port": port,
        "unit_id": unit,
        "coil": 0,
        "door": {"address": 0},
        "moving": {"address": 1},
        "fire": {"address": 2},
        "floor": {"address": 0, "table": "input", "type": "int16"},
        "timeout_s": 0.5,
        **more,
    }
    return ContactSettings.model_validate(table)


@asynccontextmanager
async def agent(
    folder: Path, car: ElevatorCar, modules: IoModules, clock: Clock, speaker: Speaker | None = None
) -> AsyncIterator[Rig]:
    """What `edge.agent` puts together for one car; leaving it is a crash: nothing is let go."""
    contacts = Contacts(settings(modules.port), clock)
    async with Outbox(folder / "o.db") as outbox:
        board = DeviceBoard({DEVICE: KIND}, clock)
        fires: list[Callable[[str, bool], None]] = []

        def on_fire(device: str, active: bool) -> None:  # noqa: FBT001  a callback's shape
            fires[0](device, active)

        driver = Car(
            DEVICE,
            KIND.id,
            clock=clock,
            recorder=Recorder(outbox, {DEVICE: KIND}, on_fire),
            board=board,
            contacts=contacts,
            speaker=speaker,
        )

        async def execute(device: str, action: str, *, command: str, lease_s: float) -> None:
            await driver.execute(action, command=command)

        receipts, nonces = ReceiptBook(outbox, clock), NonceBook(clock.monotonic)
        key = HUB.public_key().public_bytes_raw().hex()
        scope = Scope("s", "a", {DEVICE: KIND}, verifier(key))
        actuation = Actuation(scope, Bench(clock, nonces, outbox, receipts), {DEVICE: execute})
        fires.append(actuation.fire)
        await driver.let_go()
        tasks = [
            asyncio.create_task(work) for work in (receipts.run(), actuation.run(), driver.run())
        ]
        try:
            yield Rig(car, modules, car._ledger, outbox, board, actuation, nonces, clock)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            contacts.close()


@pytest.fixture
def clock() -> Clock:
    return clock_at(10.0)


@pytest.fixture
async def modules(clock: Clock) -> AsyncIterator[IoModules]:
    car = ElevatorCar(DEVICE, clock=clock, ledger=Ledger())
    async with IoModules([car]) as modules:
        modules.car = car
        yield modules


@pytest.fixture
async def rig(tmp_path: Path, modules: IoModules, clock: Clock) -> AsyncIterator[Rig]:
    async with agent(tmp_path, modules.car, modules, clock) as rig:
        yield rig


async def test_a_hold_closes_the_contact_and_its_end_opens_it(rig: Rig) -> None:
    await rig.order("hold", lease_s=3.0)
    await until(lambda: rig.simulated.held)
    await until(lambda: not rig.simulated.held)
    (hold,) = rig.ledger.holds
    # Ten simulated seconds pass in a real one; the bound itself is tested at a rate of one.
    assert 2.9 <= (hold.until - hold.at) / 1000 <= 8.0
    await until(lambda: rig.outbox.backlog(Lane.LIFE) >= 2)
    assert await rig.receipts() == [(1, ReceiptState.EXECUTED), (1, ReceiptState.RELEASED)]


async def test_what_the_car_does_is_told(rig: Rig) -> None:
    rig.simulated.floor, rig.simulated.door_open = -2, True
    await rig.order("hold", lease_s=3.0)
    for _ in range(1000):
        said = await rig.said()
        if any((one["held"], one["floor"], one["door_open"]) == (True, -2, True) for one in said):
            return
        await asyncio.sleep(0.01)
    pytest.fail("the car did not tell")


async def test_fire_opens_the_contact_whatever_the_lease_says(rig: Rig) -> None:
    await rig.order("hold", lease_s=100.0)
    await until(lambda: rig.simulated.held)
    rig.simulated.fire = True
    await until(lambda: not rig.simulated.held, 2.0)
    await until(lambda: rig.actuation.actuators[DEVICE].state == "fire")
    await rig.order("hold", lease_s=100.0)
    await until(lambda: rig.outbox.backlog(Lane.LIFE) >= 4)
    assert not rig.simulated.held
    assert (2, ReceiptState.REFUSED) in await rig.receipts()


async def test_a_coil_that_nobody_asked_for_is_switched_off(rig: Rig) -> None:
    rig.simulated.set_contact(closed=True)
    await until(lambda: not rig.simulated.held)


async def test_a_module_that_does_not_answer_fails_the_order_and_is_shown(rig: Rig) -> None:
    rig.modules.answers = False
    await rig.order("hold", lease_s=3.0)
    await until(lambda: rig.outbox.backlog(Lane.LIFE) >= 1)
    assert (await rig.receipts())[0] == (1, ReceiptState.FAILED)
    assert "contacts" in rig.board.statuses()[DEVICE].detail
    rig.modules.answers = True
    await until(lambda: not rig.simulated.held)


async def test_renewed_for_ever_it_is_capped_and_rests(tmp_path, modules) -> None:
    contacts = Contacts(settings(modules.port), clock := clock_at(60.0))
    await contacts.hold()
    began = clock.monotonic()
    while modules.car.held:
        await contacts.hold()
        await contacts.look()
        assert clock.monotonic() - began < MAX_LEASE_S + 60
    with pytest.raises(DeviceError, match="rest"):
        await contacts.hold()
    await asyncio.sleep((REST_S + 1) / 60)
    await contacts.hold()
    assert modules.car.held
    contacts.close()


async def test_a_killed_agent_lets_go_when_it_starts_again(tmp_path, modules, clock) -> None:
    async with agent(tmp_path, modules.car, modules, clock) as rig:
        await rig.order("hold", lease_s=100.0)
        await until(lambda: modules.car.held)
    assert modules.car.held, "a crash leaves the coil as it was: see docs/hardware"
    async with agent(tmp_path, modules.car, modules, clock) as rig:
        assert not modules.car.held
        await until(lambda: rig.outbox.backlog(Lane.LIFE) >= 1)
        await asyncio.sleep(0.05)
        assert (1, ReceiptState.RELEASED) in await rig.receipts()


BUSY_S = 4.0
"""What a machine with other things to do may add."""


async def test_a_hundred_of_a_hundred_silent_hubs_leave_no_door_held(tmp_path: Path) -> None:
    """Each car's hub dies, or is cut off, at a moment of its own: the leases end by themselves."""
    clock, lease_s = clock_at(1.0), 12.0  # a machine that stops for seconds ends no lease too soon
    ledger = Ledger()
    cars = {f"lift-{n}": ElevatorCar(f"lift-{n}", clock=clock, ledger=ledger) for n in range(100)}
    last: dict[str, int] = {}
    async with IoModules(list(cars.values())) as modules, Outbox(tmp_path / "o.db") as outbox:
        wired = {
            name: Contacts(settings(modules.port, modules.units[name]), clock) for name in cars
        }

        async def execute(device: str, action: str, *, command: str, lease_s: float) -> None:
            contacts = wired[device]
            await (contacts.hold() if action == "hold" else contacts.release())

        kinds = dict.fromkeys(cars, KIND)
        receipts, nonces = ReceiptBook(outbox, clock), NonceBook(clock.monotonic)
        scope = Scope("s", "a", kinds, verifier(HUB.public_key().public_bytes_raw().hex()))
        bench = Bench(clock, nonces, outbox, receipts)
        actuation = Actuation(scope, bench, dict.fromkeys(cars, execute))
        tasks = [asyncio.create_task(work) for work in (receipts.run(), actuation.run())]

        async def hub(name: str, renewals: int, dies_after_s: float) -> None:
            first: dict[str, object] = {}
            for _ in range(renewals + 1):
                command = Command(
                    id=secrets.token_hex(16),
                    site="s",
                    agent="a",
                    device=name,
                    action="hold",
                    nonce=nonces.draw(),
                    lease_s=lease_s,
                    operator="hub",
                    **first,
                ).signed(HUB.sign)
                first = {"renews": first.get("renews", command.id)}
                await actuation.take(command.encode())
                last[name] = clock.now()
                await until(lambda: cars[name].held)
                await asyncio.sleep(dies_after_s)

        some = asyncio.Semaphore(20)  # all at once are too many for a busy machine

        async def one_of_some(name: str, renewals: int, dies_after_s: float) -> None:
            async with some:
                await hub(name, renewals, dies_after_s)

        await asyncio.gather(*(one_of_some(name, n % 3, n / 100) for n, name in enumerate(cars)))
        await until(lambda: not any(car.held for car in cars.values()), lease_s + 15)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for contacts in wired.values():
            contacts.close()
    assert len(ledger.holds) == 100
    for hold in ledger.holds:
        assert hold.until is not None
        assert hold.until - last[hold.device] <= (lease_s + 1.0 + BUSY_S) * 1000


@pytest.mark.parametrize("inverted", [False, True])
async def test_inverted_contacts_are_read_the_other_way(modules, clock, inverted) -> None:
    contacts = Contacts(settings(modules.port, door=Input(address=0, inverted=inverted)), clock)
    modules.car.door_open = True
    assert (await contacts.look()).door_open is not inverted
    contacts.close()


async def test_contacts_that_are_not_wired_are_not_told(modules, clock) -> None:
    bare = ContactSettings(host="127.0.0.1", port=modules.port, coil=0)
    contacts = Contacts(bare, clock)
    told = await contacts.look()
    assert (told.door_open, told.moving, told.fire, told.floor) == (None, None, None, None)
    await contacts.hold()
    assert modules.car.held
    contacts.close()


async def test_the_speaker_says_the_message_once_for_each_order(tmp_path, modules, clock) -> None:
    token = secrets.token_urlsafe(24)
    (tmp_path / "t").write_text(token)
    async with (
        SpeakerServer({DEVICE: modules.car}, {DEVICE: token}) as server,
        aiohttp.ClientSession() as session,
    ):
        wired = SpeakerSettings(url=server.url(DEVICE), token_file=tmp_path / "t", message=MESSAGE)
        async with agent(tmp_path, modules.car, modules, clock, Speaker(wired, session)) as rig:
            await rig.order("play-voice")
            await until(lambda: len(modules.car.spoken) == 1)
            await rig.order("play-voice")
            await until(lambda: len(modules.car.spoken) == 2)
            await until(lambda: rig.outbox.backlog(Lane.LIFE) >= 2)
            assert await rig.receipts() == [
                (1, ReceiptState.EXECUTED),
                (2, ReceiptState.EXECUTED),
            ]


async def test_a_speaker_with_another_token_says_nothing(tmp_path, modules) -> None:
    async with (
        SpeakerServer({DEVICE: modules.car}, {DEVICE: secrets.token_urlsafe(24)}) as server,
        aiohttp.ClientSession() as session,
    ):
        wired = SpeakerSettings(
            url=server.url(DEVICE), token_file=tmp_path / "made", message=MESSAGE
        )
        with pytest.raises(DeviceError, match="401"):
            await Speaker(wired, session).play("1")
    assert modules.car.spoken == []


def test_the_shipped_message_and_configuration_can_be_used() -> None:
    assert load_message(MESSAGE).say.zh
    (driver,) = load(CONFIGS / "edge" / "elevators.toml").driver
    assert driver.device[0].speaker.message.resolve() == MESSAGE
    assert driver.device[0].contacts.floor is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id = 1", "id"),
        ("x", "not TOML"),
        ('id = "a"\nname = {zh="a", en="b"}\nsay = {zh="", en="x"}', "say"),
    ],
)
def test_a_message_that_cannot_be_said_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        load_message(tmp_path / "m.toml")


async def test_a_module_that_hears_nothing_switches_its_coil_off(clock) -> None:
    car = ElevatorCar(DEVICE, clock=clock, ledger=Ledger())
    async with IoModules([car], watchdog_s=0.3) as modules:
        contacts = Contacts(settings(modules.port), clock)
        await contacts.hold()
        assert car.held
        contacts.close()  # the agent is killed, or its bus is cut
        await until(lambda: not car.held)
