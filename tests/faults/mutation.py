"""Seeded damage to good messages: the corpus of poison, and what must become of each piece."""

import json
import random
from dataclasses import dataclass

from wire import ContentType, Envelope, Header, Lane, Observation, WireError
from wire.observation import decode_observations, encode_observations

TOKENS = [
    b"NaN", b"-Infinity", b"1e999", b"9" * 40, b"-0.0", b"null", b"true", b'""', b"[]", b"{}",
    b"[" * 3000, b'{"a":' * 500, b"\\ud800", b"\\u0000", b"\x00", b"\xff\xfe", b"\xc0\xaf", b"\n",
    b'"v":2', b'"seq":0', b'"seq":-1', b'"seq":9007199254740993', b'"floor":99999', b'"boot":""',
    b'"lane":"life"', b'"type":"receipts"', b'"type":"frame"', b'"historical":true', b"1e400",
    b'"__proto__":{}', "消防水压".encode(), b"A" * 600, b"-", b"e", b":", b",", b'"', b"\\",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Poison:
    """One message. reason: of the dead letter that it must become; None when it can be read."""

    payload: bytes
    reason: str | None


def poison(draw: random.Random, boot: str, seq: int, device: str) -> Poison:
    """A good envelope with one to four wounds."""
    payload = good(boot, seq, device, draw)
    for _ in range(draw.randint(1, 4)):
        payload = _wounded(payload, draw)
    return Poison(payload, judged(payload))


def good(boot: str, seq: int, device: str, draw: random.Random) -> bytes:
    """An envelope of one to three observations of a gate."""
    said = [
        Observation(
            device=device, kind="gate", at=1_760_000_000_000 + seq, seen=1_760_000_000_000 + seq,
            source_id=f"{boot}-{seq}-{index}",
            signals={"event": draw.choice(["granted", "denied", "opened", "closed", "state"])},
        )
        for index in range(draw.randint(1, 3))
    ]  # fmt: skip
    header = Header(
        boot=boot, lane=Lane.EVENT, seq=seq, floor=1, sent_at=1_760_000_000_000,
        type=ContentType.OBSERVATIONS,
    )  # fmt: skip
    return Envelope(header, encode_observations(said)).encode()


def judged(payload: bytes) -> str | None:
    """The reason for which the contract refuses a message on the event lane's topic."""
    try:
        envelope = Envelope.decode(payload)
        if envelope.header.lane is not Lane.EVENT:
            return "wrong-lane"
        if envelope.header.type is ContentType.OBSERVATIONS:
            decode_observations(envelope.body)
    except WireError as error:
        return error.reason
    return None


def _wounded(payload: bytes, draw: random.Random) -> bytes:  # noqa: PLR0911 - a table
    """One of eight kinds of damage."""
    at = draw.randrange(len(payload) + 1)
    to = min(len(payload), at + draw.randint(1, 12))
    match draw.randrange(8):
        case 0:  # a bit flips
            at = min(at, len(payload) - 1)
            return payload[:at] + bytes([payload[at] ^ 1 << draw.randrange(8)]) + payload[at + 1 :]
        case 1:
            return payload[:at] + payload[to:] or b"\n"
        case 2:
            return payload[:at] or b"x"
        case 3:
            return payload[:at] + draw.randbytes(draw.randint(1, 20)) + payload[at:]
        case 4:
            return payload[:at] + payload[at:to] * draw.randint(2, 50) + payload[to:]
        case 5:
            return payload[:at] + payload[draw.randrange(len(payload)) :]
        case 6:
            return _revalued(payload, draw)
        case _:
            return payload[:at] + draw.choice(TOKENS) + payload[to:]


def _revalued(payload: bytes, draw: random.Random) -> bytes:
    """The header's JSON stays JSON, and one of its values becomes another."""
    line, newline, body = payload.partition(b"\n")
    try:
        header = json.loads(line)
        name = draw.choice(sorted(header))
    except (ValueError, IndexError, TypeError, RecursionError):
        return payload + b"!"
    odd = [None, -1, 0, 1.5, 2**53, "", "x" * 300, [], {}, True, "life", "telemetry", [[[]]]]
    header[name] = draw.choice(odd)
    return json.dumps(header).encode() + newline + body
