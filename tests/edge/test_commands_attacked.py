"""Bad commands to an agent's own verifier and outbox, over reboots and clock steps.

Ten thousand more, to the verifier alone: tests/edge/test_commands_table.py.
"""

import random
from dataclasses import replace

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.actuation import Actuation, verifier
from edge.actuator import Bench
from edge.commands import Scope
from edge.nonces import NonceBook
from edge.outbox import Outbox
from edge.receipts import ReceiptBook
from wire import Clock, Command
from wire.command import NONCE_TTL_S
from wire.kinds import load as load_kinds

HUB = Ed25519PrivateKey.generate()
STRANGER = Ed25519PrivateKey.generate()
GATE = "gate-east"
SCOPE = Scope(
    site="court",
    agent="gates",
    kinds={GATE: load_kinds()["gate"]},
    verify=verifier(HUB.public_key().public_bytes_raw().hex()),
)
ATTACKS = 1_500


class Agent:
    """One life of an agent's command side; `started` again, it has the disk of the one before.

    Nothing is carried out: an order that was judged good waits at the actuator, and is counted.
    """

    def __init__(self, folder, seconds):
        self.outbox = Outbox(folder / "outbox.db")
        self.clock = Clock(lambda: seconds[0], 1_760_000_000_000, 0.0)
        self.nonces = NonceBook(self.clock.monotonic)
        self.orders = []

    async def __aenter__(self):
        await self.outbox.__aenter__()
        bench = Bench(self.clock, self.nonces, self.outbox, ReceiptBook(self.outbox, self.clock))
        self.actuation = Actuation(SCOPE, bench, {GATE: self._never})
        self.actuation.actuators[GATE].order = self.orders.append
        return self

    async def __aexit__(self, *error):
        await self.outbox.__aexit__(*error)

    async def _never(self, *_, **__):
        raise AssertionError("carried out")

    async def take(self, command):
        """How many orders came of it."""
        before = len(self.orders)
        await self.actuation.take(command if isinstance(command, bytes) else command.encode())
        return len(self.orders) - before


def command(agent, number, **fields):
    told = {"id": f"{number:032x}", "site": "court", "agent": "gates", "device": GATE}
    told |= {"action": "open", "operator": "wang"}
    if "nonce" not in fields:
        told["nonce"] = agent.nonces.draw()
    return Command.model_validate(told | fields)


def bit(draw, data):
    spoilt = bytearray(data)
    spoilt[draw.randrange(len(spoilt))] ^= 1 << draw.randrange(7)
    return bytes(spoilt)


def of_another(draw, good):
    lie = {"device": "gate-west", "action": "hold-open", "operator": "li", "site": "yard"}
    field = draw.choice(sorted(lie))
    return good.signed(HUB.sign).model_copy(update={field: lie[field]})


def resigned(good, **fields):
    return good.model_copy(update=fields).signed(HUB.sign)


FORGERIES = (
    lambda _draw, good: good.signed(STRANGER.sign),
    lambda _draw, good: good.model_copy(update={"signature": "00" * 64}),
    lambda draw, good: good.signed(lambda text: bit(draw, HUB.sign(text))),
    of_another,
    lambda draw, good: bit(draw, good.signed(HUB.sign).encode()),
    lambda draw, good: resigned(good, **{draw.choice(["site", "agent", "device"]): "other"}),
    lambda draw, good: resigned(good, nonce=f"{draw.getrandbits(128):032x}"),
)
"""Not the hub's, or the hub's and for nobody here: the ways in turn."""


async def test_over_reboots_and_clock_steps_nothing_bad_is_obeyed(tmp_path, monkeypatch):
    draw, seconds, number, obeyed, tried = random.Random(7), [1000.0], 0, 0, 0
    captured = []
    monkeypatch.setattr("edge.actuation.log", structlog.testing.CapturingLogger())
    for _life in range(4):
        async with Agent(tmp_path, seconds) as agent:
            for old in captured[-60:]:  # what was good before the reboot
                obeyed += await agent.take(old)
                tried += 1
            for _ in range(10):
                number += 1
                good = command(agent, number).signed(HUB.sign)
                assert await agent.take(good) == 1  # else nothing here would prove anything
                assert await agent.outbox.mark_executed(good.id)
                captured.append(good)
                for _ in range(10):  # at once, again and again
                    obeyed += await agent.take(good)
                    tried += 1
            nonce = agent.nonces.draw()
            for _ in range(210):
                number += 1
                way = FORGERIES[number % len(FORGERIES)]
                obeyed += await agent.take(way(draw, command(agent, number, nonce=nonce)))
                tried += 1
            late = []
            for _ in range(40):
                number += 1
                late.append(command(agent, number).signed(HUB.sign))
            seconds[0] += NONCE_TTL_S + 0.001
            for one in late:
                obeyed += await agent.take(one)
                tried += 1
            captured += late
            # the wall clock goes back: ages are of the monotonic clock, which does not
            agent.clock = replace(agent.clock, origin=0) if _life % 2 else agent.clock
            for one in captured[-50:]:
                obeyed += await agent.take(one)
                tried += 1
        seconds[0] -= 5000.0 if _life == 2 else 0.0  # and a reboot begins the monotonic clock anew
    assert obeyed == 0
    assert tried >= ATTACKS, tried
