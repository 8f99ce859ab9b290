"""Commands through a real outbox to a device that is recorded; time runs 20 times as fast."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.actuation import Actuation, verifier
from edge.actuator import Bench
from edge.commands import Scope
from edge.errors import DeviceError
from edge.leases import LeaseState
from edge.nonces import NonceBook
from edge.outbox import Outbox
from edge.receipts import REFUSALS_AT_ONCE, ReceiptBook
from wire import Clock, Command, Lane, Receipt, ReceiptState
from wire.command import NONCE_TTL_S, decode_receipts
from wire.kinds import load as load_kinds

HUB = Ed25519PrivateKey.generate()
DEVICE = "gate-east"
E, R, F, X = (
    ReceiptState.EXECUTED,
    ReceiptState.RELEASED,
    ReceiptState.REFUSED,
    ReceiptState.FAILED,
)


@dataclass
class Device:
    """A gate that does what it is told, unless it is `broken`; without `answers` it hangs."""

    done: list[tuple[str, str, float]] = field(default_factory=list)
    broken: bool = False
    asked: int = 0
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def execute(self, device: str, action: str, *, command: str, lease_s: float) -> None:
        self.asked += 1
        await self.answers.wait()
        if self.broken:
            raise DeviceError("device answered 500")
        self.done.append((device, action, lease_s))

    @property
    def actions(self) -> list[str]:
        return [action for _, action, _ in self.done]


@dataclass
class Rig:
    """An agent's command side on its bench."""

    actuation: Actuation
    nonces: NonceBook
    outbox: Outbox
    device: Device
    later: list[float]
    count: int = 0

    def nonces_age(self) -> None:
        """From now on all that were drawn are void; otherwise none ages, however slow a test is."""
        self.later.append(NONCE_TTL_S + 1)

    @property
    def state(self) -> LeaseState:
        return self.actuation.actuators[DEVICE].state

    def command(self, action: str, **fields: object) -> Command:
        self.count += 1
        return Command.model_validate(
            {
                "id": f"{self.count:032x}",
                "site": "s",
                "agent": "a",
                "device": DEVICE,
                "action": action,
                "nonce": self.nonces.draw(),
                "operator": "guard",
                **fields,
            }
        ).signed(HUB.sign)

    async def take(self, command: Command) -> str:
        await self.actuation.take(command.encode())
        return command.id

    async def order(self, action: str, **fields: object) -> str:
        return await self.take(self.command(action, **fields))

    async def receipts(self, count: int) -> list[Receipt]:
        """Wait for `count` receipts; they come from the outbox's life lane."""
        end = time.monotonic() + 45
        while self.outbox.backlog(Lane.LIFE) < count:
            assert time.monotonic() < end, "receipts did not come"
            await asyncio.sleep(0.005)
        rows = await self.outbox.unacked(Lane.LIFE, 0, 1000)
        return [receipt for row in rows for receipt in decode_receipts(row.body)]

    async def told(self, count: int) -> list[tuple[int, ReceiptState]]:
        return [(int(one.command, 16), one.state) for one in await self.receipts(count)]


@pytest.fixture
def rate() -> float:
    return 20.0


@asynccontextmanager
async def rigged(path: Path, rate: float, device: Device) -> AsyncIterator[Rig]:
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic(), rate)
    async with Outbox(path) as outbox:
        later: list[float] = []
        receipts, nonces = ReceiptBook(outbox, clock), NonceBook(lambda: sum(later))
        key = HUB.public_key().public_bytes_raw().hex()
        scope = Scope("s", "a", {DEVICE: load_kinds()["gate"]}, verifier(key))
        bench = Bench(clock, nonces, outbox, receipts)
        actuation = Actuation(scope, bench, {DEVICE: device.execute})
        tasks = [asyncio.create_task(receipts.run()), asyncio.create_task(actuation.run())]
        try:
            yield Rig(actuation, nonces, outbox, device, later)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            assert all(task.cancelled() for task in tasks)


@pytest.fixture
async def device() -> Device:
    device = Device()
    device.answers.set()
    return device


@pytest.fixture
async def rig(tmp_path: Path, rate: float, device: Device) -> AsyncIterator[Rig]:
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        yield rig


async def settle(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 45
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        await asyncio.sleep(0.005)


async def test_command_is_executed_and_reported(rig: Rig) -> None:
    await rig.order("open")
    assert await rig.told(1) == [(1, E)]
    assert rig.device.done == [(DEVICE, "open", 0.0)]


async def test_redelivered_command_is_done_once_and_reported_once(rig: Rig) -> None:
    command = rig.command("open")
    for _ in range(3):
        await rig.take(command)
    await rig.order("open")
    assert await rig.told(2) == [(1, E), (2, E)]
    assert rig.device.actions == ["open", "open"]


async def test_replay_after_a_restart_is_not_executed(
    tmp_path: Path, rate: float, device: Device
) -> None:
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        done, fresh = rig.command("open"), rig.command("open")
        await rig.take(done)
        await rig.receipts(1)
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        await rig.take(done)
        await rig.take(fresh)
        receipts = await rig.receipts(2)
        assert receipts[-1].command == fresh.id
        assert receipts[-1].state is ReceiptState.EXPIRED
        assert device.actions == ["open"]


async def test_command_is_expired_when_its_nonce_is(rig: Rig) -> None:
    command = rig.command("open")
    rig.nonces_age()
    await rig.take(command)
    assert await rig.told(1) == [(1, ReceiptState.EXPIRED)]
    assert rig.device.actions == []


async def test_command_that_waited_too_long_behind_another_is_not_done_late(rig: Rig) -> None:
    rig.device.answers.clear()
    await rig.order("open")
    await rig.order("open")
    await settle(lambda: rig.device.asked == 1)
    rig.nonces_age()
    rig.device.answers.set()
    assert await rig.told(2) == [(1, E), (2, ReceiptState.EXPIRED)]
    assert rig.device.actions == ["open"]


async def test_failing_device_is_reported(rig: Rig) -> None:
    rig.device.broken = True
    await rig.order("open")
    receipts = await rig.receipts(1)
    assert (receipts[0].state, receipts[0].detail) == (X, "device answered 500")


async def test_forged_commands_are_refused_and_their_receipts_are_limited(rig: Rig) -> None:
    for _ in range(REFUSALS_AT_ONCE * 3):
        forged = rig.command("open").model_copy(update={"signature": "0" * 128})
        await rig.take(forged)
    receipts = await rig.receipts(REFUSALS_AT_ONCE)
    assert {receipt.state for receipt in receipts} == {F}
    assert REFUSALS_AT_ONCE <= len(receipts) < REFUSALS_AT_ONCE * 2
    assert rig.device.actions == []


@pytest.mark.parametrize("poison", [b"", b"{}", b"\xff", b"[" * 9000, b'{"v": 2}'])
async def test_unreadable_command_is_counted(rig: Rig, poison: bytes) -> None:
    await rig.actuation.take(poison)
    assert rig.actuation.unreadable == 1


async def test_lease_that_is_not_renewed_is_released(rig: Rig) -> None:
    began = time.monotonic()
    await rig.order("hold-open", lease_s=4.0)
    assert await rig.told(2) == [(1, E), (1, R)]
    assert time.monotonic() - began >= 4.0 / 20
    assert rig.device.done == [(DEVICE, "hold-open", 4.0), (DEVICE, "release", 0.0)]
    assert rig.state is LeaseState.FREE


async def test_renewals_prolong_a_lease_from_now(rig: Rig) -> None:
    began = time.monotonic()
    first = await rig.order("hold-open", lease_s=30.0)
    for _ in range(3):
        await asyncio.sleep(0.15)
        await rig.order("hold-open", lease_s=30.0, renews=first)
    assert await rig.told(5) == [(1, E), (2, E), (3, E), (4, E), (1, R)]
    assert time.monotonic() - began >= 0.45 + 30.0 / 20
    assert rig.device.actions == [*["hold-open"] * 4, "release"]


async def test_renewal_of_a_lease_that_is_over_is_refused(rig: Rig) -> None:
    first = await rig.order("hold-open", lease_s=1.0)
    await rig.receipts(2)
    await rig.order("hold-open", lease_s=1.0, renews=first)
    assert await rig.told(3) == [(1, E), (1, R), (2, F)]
    assert rig.device.actions == ["hold-open", "release"]


async def test_second_hold_takes_the_place_of_the_first(rig: Rig) -> None:
    await rig.order("hold-open", lease_s=100.0)
    await rig.order("hold-open", lease_s=2.0)
    assert await rig.told(4) == [(1, E), (1, R), (2, E), (2, R)]
    assert rig.device.actions == ["hold-open", "hold-open", "release"]


async def test_release_by_order_ends_the_lease(rig: Rig) -> None:
    await rig.order("hold-open", lease_s=100.0)
    await rig.order("release")
    assert await rig.told(3) == [(1, E), (2, E), (1, R)]
    assert rig.device.actions == ["hold-open", "release"]


async def test_release_is_tried_until_the_device_does_it(rig: Rig) -> None:
    await rig.order("hold-open", lease_s=1.0)
    await rig.receipts(1)
    rig.device.broken = True
    await settle(lambda: rig.state is LeaseState.RELEASING)
    await asyncio.sleep(0.1)
    assert rig.state is LeaseState.RELEASING
    rig.device.broken = False
    assert await rig.told(2) == [(1, E), (1, R)]


async def test_hold_that_was_not_confirmed_is_let_go(rig: Rig) -> None:
    """The device may hold all the same: its answer may have been lost."""
    rig.device.broken = True
    await rig.order("hold-open", lease_s=100.0)
    await rig.receipts(1)
    rig.device.broken = False
    assert await rig.told(2) == [(1, X), (1, R)]
    assert rig.device.actions == ["release"]


async def test_fire_ends_a_lease_without_locking(rig: Rig) -> None:
    await rig.order("hold-open", lease_s=30.0)
    await rig.receipts(1)
    rig.actuation.fire(DEVICE, True)
    assert rig.state is LeaseState.FIRE
    await rig.order("release")
    await rig.order("hold-open", lease_s=30.0)
    await rig.order("open")
    assert await rig.told(5) == [(1, E), (1, R), (2, F), (3, F), (4, E)]
    await asyncio.sleep(1.6)  # past the lease's end
    assert rig.device.actions == ["hold-open", "open"]
    rig.actuation.fire(DEVICE, False)
    await rig.order("release")
    assert (await rig.told(6))[-1] == (5, E)


async def test_fire_while_a_hold_is_on_its_way_ends_it(rig: Rig) -> None:
    rig.device.answers.clear()
    await rig.order("hold-open", lease_s=100.0)
    await settle(lambda: rig.state is LeaseState.HELD)
    rig.actuation.fire(DEVICE, True)
    rig.device.answers.set()
    assert await rig.told(1) == [(1, R)]
    await asyncio.sleep(0.2)
    assert "release" not in rig.device.actions


async def test_fire_while_letting_go_stops_it(rig: Rig) -> None:
    rig.device.broken = True
    await rig.order("hold-open", lease_s=1.0)
    await settle(lambda: rig.state is LeaseState.RELEASING)
    rig.actuation.fire(DEVICE, True)
    rig.device.broken = False
    await asyncio.sleep(0.5)  # past several pauses between tries
    assert rig.device.actions == []
    assert (await rig.told(2))[-1] == (1, R)


async def test_restarted_agent_lets_go_what_it_held(
    tmp_path: Path, rate: float, device: Device
) -> None:
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        await rig.order("hold-open", lease_s=100.0)
        await rig.receipts(1)
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        assert await rig.told(2) == [(1, E), (1, R)]
        assert device.actions == ["hold-open", "release"]
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        assert await rig.outbox.saved_leases() == []


async def test_stopping_agent_lets_go(tmp_path: Path, rate: float, device: Device) -> None:
    async with rigged(tmp_path / "o.db", rate, device) as rig:
        await rig.order("hold-open", lease_s=100.0)
        await rig.receipts(1)
        await rig.actuation.stop()
        assert await rig.told(2) == [(1, E), (1, R)]
        assert device.actions == ["hold-open", "release"]


async def test_too_many_orders_at_once_are_refused_by_name(rig: Rig) -> None:
    rig.device.answers.clear()
    for _ in range(12):
        await rig.order("open")
        await asyncio.sleep(0)
    rig.device.answers.set()
    receipts = await rig.receipts(12)
    failed = [receipt for receipt in receipts if receipt.state is X]
    assert {receipt.detail for receipt in failed} == {"too many orders at once"}
    assert len(rig.device.actions) == 12 - len(failed) >= 8
