"""Orders: checked, recorded, signed, published, and what became of them."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from hub.alerts.modes import WHOLE_SITE
from hub.commands import CommandService, Nonces, Order, Signer
from hub.commands.opening import OpeningLimits, TooManyOpeningsError
from hub.config import Role
from hub.errors import BadRequestError, NotFoundError, UnavailableError
from hub.pipeline import SwitchMode
from hub.store.schema import change, command, command_history
from tests.hub_machinery.estate import BOOT, SITE, T0, Agent, done, gate
from wire import AgentStatus, Command, ContentType, Lane, Receipt, ReceiptState
from wire.command import encode_receipts

NONCE = "ab" * 16


class Desk:
    def __init__(self, line, limits=None):
        self.time = 100.0
        self.now = T0
        self.sent = []
        self.broker = True
        self.nonces = Nonces(lambda: self.time)
        self.signer = Signer(bytes(range(1, 33)))
        self.service = CommandService(
            pipeline=line.pipeline,
            registry=line.registry,
            nonces=self.nonces,
            signer=self.signer,
            publish=self.publish,
            now=lambda: self.now,
            limits=limits,
        )

    def publish(self, topic, payload):
        self.sent.append((topic, payload))
        return self.broker

    def heard(self, nonce=NONCE, state="online", *, retained=False):
        status = AgentStatus(state=state, boot=BOOT, nonce=nonce)
        self.nonces.heard(SITE, "gates", status, retained=retained)


@pytest.fixture
def desk(line):
    desk = Desk(line)
    desk.heard()
    return desk


def order(action="open", **more):
    return Order(SITE, "gate-east", action, "wang", "visitor without card", **more)


def states(line):
    return [row["state"] for row in line.rows(command_history)]


def receipt(line, agent, command_id, state, now=T0 + 500, detail=""):
    body = encode_receipts(
        [Receipt(command=command_id, device="gate-east", state=state, at=now, detail=detail)]
    )
    line.handle(agent.message(body=body, lane=Lane.LIFE, content=ContentType.RECEIPTS, now=now))


async def test_an_order_is_recorded_before_it_is_published_and_signed(line, desk):
    seen = []

    def publish(topic, payload):
        with line.store.reader.connect() as connection:
            seen.append(connection.scalar(select(command.c.state)))
        desk.sent.append((topic, payload))
        return True

    desk.service._publish = publish
    made = await desk.service.send(order())
    ((topic, payload),) = desk.sent
    assert seen == ["sent"]
    assert topic == f"gatehouse/1/{SITE}/gates/cmd"
    sent = Command.decode(payload)
    assert (sent.id, sent.nonce, sent.operator) == (made, NONCE, "wang")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(desk.signer.public_key))
    key.verify(bytes.fromhex(sent.signature), sent.signing_bytes())
    assert [row["ref"] for row in line.rows(change) if row["type"] == "command"] == [made]


async def test_receipts_bring_the_command_up_to_date_and_never_back(line, desk):
    agent = Agent()
    made = await desk.service.send(order("hold-open", lease_s=30.0))
    receipt(line, agent, made, ReceiptState.RELEASED, now=T0 + 900, detail="by a fire input")
    receipt(line, agent, made, ReceiptState.EXECUTED)
    assert states(line) == ["sent", "released", "executed"]
    assert line.rows(command)[0]["state"] == "released"
    assert line.rows(command)[0]["version"] == 3


async def test_another_agents_receipt_changes_nothing(line, desk):
    made = await desk.service.send(order())
    receipt(line, Agent("water"), made, ReceiptState.EXECUTED)
    receipt(line, Agent("gates"), "f" * 32, ReceiptState.EXECUTED)
    assert line.rows(command)[0]["state"] == "sent"
    assert line.counters()["unknown_command"] == 2


async def test_a_command_without_a_receipt_is_unanswered_after_ten_seconds(line, desk):
    made = await desk.service.send(order())
    done(line.pipeline.tick(T0 + 9_999))
    assert states(line) == ["sent"]
    done(line.pipeline.tick(T0 + 10_000))
    done(line.pipeline.tick(T0 + 20_000))
    assert states(line) == ["sent", "unanswered"]
    receipt(line, Agent(), made, ReceiptState.EXPIRED, now=T0 + 21_000)
    assert line.rows(command)[0]["state"] == "expired"


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Order(SITE, "gate-north", "open", "wang", "x"), NotFoundError),
        (Order("elsewhere", "gate-east", "open", "wang", "x"), NotFoundError),
        (order("explode"), BadRequestError),
        (order("open", lease_s=5.0), BadRequestError),
        (order("hold-open"), BadRequestError),
        (order("hold-open", lease_s=121.0), BadRequestError),
        (order("hold-open", lease_s=30.0, renews="0" * 32), BadRequestError),
        (Order(SITE, "fw-1", "open", "wang", "x"), BadRequestError),
    ],
)
async def test_what_cannot_be_ordered_is_refused_and_nothing_leaves(line, desk, asked, error):
    with pytest.raises(error):
        await desk.service.send(asked)
    assert desk.sent == []
    assert line.rows(command) == []


async def test_a_lease_is_renewed_by_naming_it(line, desk):
    first = await desk.service.send(order("hold-open", lease_s=30.0))
    await desk.service.send(order("hold-open", lease_s=30.0, renews=first))
    assert Command.decode(desk.sent[1][1]).renews == first


async def test_what_has_no_lease_opens_nothing_more_in_the_name_of_a_renewal(line, limited):
    first = await limited.service.send(order())
    for _ in range(3):
        with pytest.raises(BadRequestError, match="no lease to renew"):
            await limited.service.send(order(renews=first))
    assert len(limited.sent) == len(line.rows(command)) == 1


@pytest.mark.parametrize("how", ["never heard", "too old", "offline", "retained"])
async def test_without_a_fresh_nonce_the_agent_counts_as_away(line, desk, how):
    desk.nonces = desk.service._nonces = Nonces(lambda: desk.time)
    if how == "retained":
        desk.heard(retained=True)
    elif how != "never heard":
        desk.heard()
    if how == "too old":
        desk.time += 8.1
    if how == "offline":
        desk.heard(None, "offline")
    with pytest.raises(UnavailableError) as caught:
        await desk.service.send(order())
    assert caught.value.code == "agent-away"
    assert line.rows(command) == []


async def test_what_the_hub_itself_wants_is_too_late_when_writing_it_down_took_long(line, desk):
    asked = iter([T0, T0 + 1_600])  # before and after it was written down
    desk.service._now = lambda: next(asked, T0 + 1_600)
    with pytest.raises(UnavailableError) as caught:
        await desk.service.send_own(order(), command="1" * 32)
    assert caught.value.code == "too-late"
    assert desk.sent == []
    assert states(line) == ["sent", "failed"]


async def test_a_broker_that_is_away_makes_the_command_failed(line, desk):
    desk.broker = False
    with pytest.raises(UnavailableError) as caught:
        await desk.service.send(order())
    assert caught.value.code == "broker-away"
    assert states(line) == ["sent", "failed"]


async def test_the_newest_nonce_is_named(desk):
    desk.time += 5
    desk.heard("cd" * 16)
    await desk.service.send(order())
    assert Command.decode(desk.sent[0][1]).nonce == "cd" * 16


@pytest.fixture
def limited(line):
    desk = Desk(line, OpeningLimits(a_minute=3))
    desk.heard()
    return desk


async def test_one_person_opens_three_times_a_minute_and_not_a_fourth(line, limited):
    made = [await limited.service.send(order()) for _ in range(2)]
    hold = await limited.service.send(order("hold-open", lease_s=30.0))
    for refused in (order(), order("hold-open", lease_s=30.0)):
        with pytest.raises(TooManyOpeningsError):
            await limited.service.send(refused)
    assert len(limited.sent) == len(line.rows(command)) == 3
    await limited.service.send(order("hold-open", lease_s=30.0, renews=hold))
    await limited.service.send(order("release"))
    await limited.service.send(replace(order(), operator="chen"))
    await limited.service.send(order(approved_by="chen"))
    limited.now += 60_000
    await limited.service.send(order())
    assert len(made) == 2


async def test_what_was_not_carried_out_is_not_counted(line, limited):
    limited.broker = False
    for _ in range(5):
        with pytest.raises(UnavailableError):
            await limited.service.send(order())
    limited.broker = True
    await limited.service.send(order())


@pytest.mark.parametrize("how", ["mode", "input"])
async def test_in_a_fire_nobody_is_held_up(line, limited, how):
    for _ in range(3):
        await limited.service.send(order())
    with pytest.raises(TooManyOpeningsError):
        await limited.service.send(order())
    if how == "mode":
        begin = SwitchMode(SITE, WHOLE_SITE, "fire", "smoke", T0 + 3_600_000, "li", Role.ADMIN)
        done(line.pipeline.act(begin, T0))
    else:
        line.handle(Agent().message(gate(T0, "state", fire=True)))
    for _ in range(10):
        await limited.service.send(order())
