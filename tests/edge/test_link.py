"""The link against a real broker and a hub that acknowledges, withholds and restarts."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.config import EdgeConfig
from edge.link import Link, window
from edge.nonces import NonceBook
from edge.outbox import Entry, LaneQuota, Outbox, Quotas
from edge.together import stop
from simulators.mosquitto import Mosquitto
from wire import AgentStatus, Clock, Command, ContentType, Lane, topics

pytestmark = pytest.mark.socket

OBS = ContentType.OBSERVATIONS
AGENT = "a1"


def config(site: str, port: int, folder: Path) -> EdgeConfig:
    return EdgeConfig.model_validate(
        {
            "site": site,
            "agent": AGENT,
            "data": folder,
            "heartbeat_s": 0.5,
            "mqtt": {"url": f"mqtt://127.0.0.1:{port}", "keepalive_s": 2},
            "http": {"listen": "127.0.0.1:0"},
            "driver": [{"type": "http-gate", "device": [{"id": "g", "token": "x" * 20}]}],
        }
    )


@asynccontextmanager
async def linked(
    site: str, port: int, outbox: Outbox, clock: Clock, commands: list[bytes] | None = None
) -> AsyncIterator[Link]:
    nonces = NonceBook(clock.monotonic)
    taken = [] if commands is None else commands

    def status() -> AgentStatus:
        return AgentStatus(
            state="online", boot=outbox.boot, nonce=nonces.draw(), lanes=outbox.statuses()
        )

    async def command(payload: bytes) -> None:
        taken.append(payload)

    link = Link(config(site, port, Path("unused")), outbox, clock, status=status, command=command)
    task = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        await stop([task])
        assert task.cancelled(), task.exception()


async def fill(outbox: Outbox, lane: Lane, count: int, body: bytes = b"[]") -> None:
    await outbox.append_all([Entry(lane, OBS, body, 1)] * count)


async def test_everything_is_delivered_and_freed(tmp_path, site, mosquitto, hub, clock, until):
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.TELEMETRY, 600)
        async with linked(site, mosquitto.port, outbox, clock):
            await fill(outbox, Lane.EVENT, 300)
            await until(lambda: not sum(outbox.backlog(lane) for lane in Lane))
        assert hub.seqs(Lane.TELEMETRY) == list(range(1, 601))
        assert hub.seqs(Lane.EVENT) == list(range(1, 301))
        assert len(hub.headers) == 900


async def test_rows_stay_until_the_hub_acknowledges(tmp_path, site, mosquitto, hub, clock, until):
    hub.acking = False
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.EVENT, 5)
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: hub.seqs(Lane.EVENT) == [1, 2, 3, 4, 5])
            assert outbox.backlog(Lane.EVENT) == 5
            await hub.acknowledge(AGENT, outbox.boot, Lane.EVENT, 3)
            await until(lambda: outbox.backlog(Lane.EVENT) == 2)


async def test_hub_that_never_acks_is_not_flooded(tmp_path, site, mosquitto, hub, clock, until):
    hub.acking = False
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.EVENT, 1000)
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: len(hub.headers) >= 17)  # the first window, and a time-out's probe
            await asyncio.sleep(2)
            assert [header.seq for header in hub.headers] == [*range(1, 17), 1]


async def test_hub_that_comes_back_is_sent_at_once_what_it_missed(
    tmp_path, site, mosquitto, hub, clock, until, monkeypatch
):
    monkeypatch.setattr(window, "FIRST_TIMEOUT_S", 600.0)  # no probe would come in time
    async with Outbox(tmp_path / "o.db") as outbox, linked(site, mosquitto.port, outbox, clock):
        await fill(outbox, Lane.EVENT, 1)
        await until(lambda: not outbox.backlog(Lane.EVENT))
        hub.deaf_to = {2, 3}
        await fill(outbox, Lane.EVENT, 2)
        await until(lambda: not hub.deaf_to)
        hub.boot = secrets.token_hex(8)
        await hub.say("offline")
        await hub.say("online")
        await until(lambda: not outbox.backlog(Lane.EVENT))
    assert [header.seq for header in hub.headers] == [1, 2, 3]


async def test_message_lost_behind_the_broker_is_sent_again_amid_traffic(
    tmp_path, site, mosquitto, hub, clock, until
):
    hub.deaf_to = {2}
    async with (
        Outbox(tmp_path / "o.db") as outbox,
        linked(site, mosquitto.port, outbox, clock),
    ):
        for _ in range(100):
            await fill(outbox, Lane.EVENT, 1)
            await asyncio.sleep(0.1)
            if 2 in hub.seqs(Lane.EVENT):
                break
        await until(lambda: outbox.backlog(Lane.EVENT) == 0)
        assert hub.seqs(Lane.EVENT) == list(range(1, outbox.lanes[Lane.EVENT].head + 1))
        assert len(hub.headers) - len(hub.bodies) < 5


async def test_another_hub_gets_everything_not_acknowledged_again(
    tmp_path, site, mosquitto, hub, clock, until
):
    hub.acking = False
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.EVENT, 8)
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: len(hub.headers) == 8)
            await hub.acknowledge(AGENT, outbox.boot, Lane.EVENT, 2)
            await until(lambda: outbox.floor(Lane.EVENT) == 3)
            hub.boot = secrets.token_hex(8)
            await hub.acknowledge(AGENT, outbox.boot, Lane.EVENT, 2)
            await until(lambda: len(hub.headers) == 14, 4)
            assert [header.seq for header in hub.headers[8:]] == [3, 4, 5, 6, 7, 8]
            assert {header.floor for header in hub.headers[8:]} == {3}


async def test_life_overtakes_a_backlog_of_telemetry(tmp_path, site, mosquitto, hub, clock, until):
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.TELEMETRY, 4000, b"[" + b" " * 2000 + b"]")
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: len(hub.headers) > 100)
            await outbox.append(Lane.LIFE, OBS, b"[]", 1)
            await until(lambda: hub.seqs(Lane.LIFE) == [1])
            assert len(hub.seqs(Lane.TELEMETRY)) < 4000


async def test_killed_broker_costs_nothing(tmp_path, site, clock, until, hub_at):
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Mosquitto(folder)
    with broker:
        async with (
            Outbox(tmp_path / "o.db") as outbox,
            linked(site, broker.port, outbox, clock),
        ):
            async with hub_at(site, broker.port) as hub:
                hub.acking = False
                await fill(outbox, Lane.EVENT, 100)
                await until(lambda: len(hub.headers) >= 16)
                broker.kill()
            await fill(outbox, Lane.EVENT, 100)
            broker.start()
            async with hub_at(site, broker.port) as hub:
                await until(lambda: outbox.backlog(Lane.EVENT) == 0, 40)
                assert hub.seqs(Lane.EVENT) == list(range(1, 201))


async def test_agent_says_hello_heartbeats_and_goodbye(
    tmp_path, site, mosquitto, hub, clock, until
):
    async with Outbox(tmp_path / "o.db") as outbox:
        async with linked(site, mosquitto.port, outbox, clock) as link:
            await until(lambda: len(hub.statuses) >= 3)
            assert link.connected.is_set()
        await until(lambda: hub.statuses[-1].state == "offline")
        nonces = [status.nonce for status in hub.statuses if status.state == "online"]
        assert len(set(nonces)) == len(nonces) >= 3
        assert {status.boot for status in hub.statuses} == {outbox.boot}


async def test_dropped_rows_are_declared_by_the_floor(tmp_path, site, mosquitto, hub, clock, until):
    quotas = Quotas(telemetry=LaneQuota(max_mib=1, max_rows=10))
    async with Outbox(tmp_path / "o.db", quotas) as outbox:
        await fill(outbox, Lane.TELEMETRY, 25)
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: outbox.backlog(Lane.TELEMETRY) == 0)
        assert hub.seqs(Lane.TELEMETRY) == list(range(16, 26))
        assert hub.headers[0].floor == 16


async def test_ack_from_the_future_makes_the_agent_start_over_under_a_new_boot(
    tmp_path, site, mosquitto, hub, clock, until
):
    hub.acking = False
    async with Outbox(tmp_path / "o.db") as outbox:
        old = outbox.boot
        await fill(outbox, Lane.EVENT, 3)
        async with linked(site, mosquitto.port, outbox, clock):
            await until(lambda: len(hub.headers) == 3)
            hub.acking = True
            await hub.acknowledge(AGENT, old, Lane.EVENT, 999)
            await until(lambda: outbox.backlog(Lane.EVENT) == 0)
            assert outbox.boot != old
            assert hub.seqs(Lane.EVENT) == [1, 1, 2, 2, 3, 3]
            assert hub.statuses[-1].boot == outbox.boot


async def test_command_is_handed_on_and_a_retained_one_is_not(
    tmp_path, site, mosquitto, hub, clock, until
):
    order = Command(
        id="1" * 32, site=site, agent=AGENT, device="g", action="open", nonce="2" * 32, operator="o"
    )
    later = order.model_copy(update={"id": "3" * 32})
    taken: list[bytes] = []
    await hub.order(AGENT, order, retain=True)
    async with Outbox(tmp_path / "o.db") as outbox:
        async with linked(site, mosquitto.port, outbox, clock, taken) as link:
            await asyncio.wait_for(link.connected.wait(), 45)
            await hub.order(AGENT, later)
            await until(lambda: bool(taken))
        assert [Command.decode(payload).id for payload in taken] == [later.id]
    await hub._client.publish(topics.cmd(site, AGENT), b"", retain=True)


async def test_unreadable_ack_is_ignored(tmp_path, site, mosquitto, hub, clock, until):
    async with (
        Outbox(tmp_path / "o.db") as outbox,
        linked(site, mosquitto.port, outbox, clock) as link,
    ):
        await asyncio.wait_for(link.connected.wait(), 45)
        for poison in (b"", b"{}", b"\xff\xfe", b"[" * 5000):
            await hub._client.publish(topics.ack(site, AGENT), poison, qos=1)
        await fill(outbox, Lane.EVENT, 1)
        await until(lambda: hub.seqs(Lane.EVENT) == [1] and not outbox.backlog(Lane.EVENT))


async def test_absent_broker_keeps_the_agent_trying_and_storing(tmp_path, site, clock, until):
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Mosquitto(folder)
    async with Outbox(tmp_path / "o.db") as outbox:
        async with linked(site, broker.port, outbox, clock) as link:
            await fill(outbox, Lane.LIFE, 3)
            assert not link.connected.is_set()
            with broker:
                await until(link.connected.is_set, 30)
        assert outbox.backlog(Lane.LIFE) == 3


async def test_idle_link_sleeps(tmp_path, site, mosquitto, hub, clock):
    """No busy loop: an agent with nothing to send, and one that waits for acks, use no CPU."""
    hub.acking = False
    async with Outbox(tmp_path / "o.db") as outbox:
        await fill(outbox, Lane.EVENT, 100)
        async with linked(site, mosquitto.port, outbox, clock) as link:
            await asyncio.wait_for(link.connected.wait(), 45)
            await asyncio.sleep(0.5)
            before = time.process_time()
            await asyncio.sleep(2)
            assert time.process_time() - before < 0.2
