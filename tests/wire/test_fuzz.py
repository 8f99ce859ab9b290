"""Ten thousand damaged messages: each is read or refused, and nothing else happens."""

import random
from collections import Counter

import pytest

from wire import (
    Ack,
    AgentStatus,
    Command,
    ContentType,
    Envelope,
    Header,
    Lane,
    Observation,
    Receipt,
    ReceiptState,
    Topic,
    WireError,
    topics,
)
from wire.command import decode_receipts, encode_receipts
from wire.observation import decode_observations, encode_observations

MESSAGES = 10_000
SPLICES = [b"NaN", b"\x00", b"\xff\xfe", b"1e999", b"[" * 300, b"9" * 400, b'"', b"\\u0000", b"\n"]
SPLICES += [b"null", b"-1", b"true", b"{}", b"\\ud800", "门".encode(), b"/", b"+", b"#"]


def read_envelope(payload: bytes) -> None:
    envelope = Envelope.decode(payload)
    if envelope.header.type is ContentType.OBSERVATIONS:
        decode_observations(envelope.body)
    else:
        decode_receipts(envelope.body)


def read_topic(payload: bytes) -> None:
    Topic.parse(payload.decode(errors="surrogateescape"))


def header(kind: ContentType) -> Header:
    return Header(boot="0f" * 8, lane=Lane.LIFE, seq=9, floor=2, sent_at=1, type=kind)


OBSERVATION = Observation(
    device="gate-east", kind="gate", at=1, seen=2, signals={"open": True, "credential": "42"}
)
RECEIPT = Receipt(command="ab" * 16, device="gate-east", state=ReceiptState.EXECUTED, at=3)
ORDER = Command(
    id="00" * 16,
    site="jinxiu",
    agent="gates",
    device="gate-east",
    action="open",
    nonce="11" * 16,
    operator="guard-1",
)
CASES = [
    (
        read_envelope,
        Envelope(header(ContentType.OBSERVATIONS), encode_observations([OBSERVATION])).encode(),
    ),
    (
        read_envelope,
        Envelope(header(ContentType.RECEIPTS), encode_receipts([RECEIPT])).encode(),
    ),
    (Ack.decode, Ack(hub="0" * 16, boot="1" * 16, lane=Lane.EVENT, upto=4).encode()),
    (AgentStatus.decode, AgentStatus(state="online", boot="1" * 16, nonce="11" * 16).encode()),
    (Command.decode, ORDER.encode()),
    (read_topic, topics.up("jinxiu", "gates", Lane.LIFE).encode()),
]


def damaged(message: bytes, chance: random.Random) -> bytes:
    """`message` with one to four bytes flipped, cut out, doubled or spliced in."""
    data = bytearray(message)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randint(0, 12))
        kind = chance.randrange(4)
        if kind == 0 and data:
            data[start % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end]
        else:
            data[start:end] = chance.choice(SPLICES)
    return bytes(data)


@pytest.mark.parametrize("seed", range(5))
def test_damaged_message_is_read_or_refused(seed):
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for _ in range(MESSAGES // 5):
        read, message = chance.choice(CASES)
        try:
            read(damaged(message, chance))
        except WireError as error:
            assert error.detail.isprintable()
            outcomes[error.reason] += 1
        else:
            outcomes["read"] += 1
    wanted = {"read", "bad-header", "bad-body", "bad-ack", "bad-status", "bad-command", "bad-topic"}
    assert wanted <= set(outcomes)
