"""MQTT packets as bytes: what a client that publishes and subscribes at QoS 0 and 1 needs.

Versions 3.1.1 and 5 (OASIS). No I/O and no session: who holds the connection decides what is sent.
A general client spends most of its time on what this leaves out; the hub takes thousands of
messages a second through `Reader`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from wire.envelope import MAX_ENVELOPE_BYTES

KEPT_BYTES: Final = MAX_ENVELOPE_BYTES + 65_536
"""Of a longer packet only this much is kept: enough to be refused as too large."""

PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
FAILED: Final = 0x80
"""Reason codes from here on are failures (MQTT 5, 2.4)."""

_LENGTH_BYTES: Final = 4
_SHORTEST: Final = 2
_LONG: Final = 65_536
"""A packet still incomplete and longer than this is put together once, not at every piece."""
_TOPICS: Final = 4096
_PUBACK: Final = b"\x40\x02"


class Version(IntEnum):
    """The protocol level, as it stands in CONNECT."""

    V311 = 4
    V5 = 5


class PacketType(IntEnum):
    """What a client is sent (MQTT 5, 2.1.2)."""

    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBACK = 9
    PINGRESP = 13
    DISCONNECT = 14


class PacketError(ValueError):
    """Not MQTT: the connection cannot go on."""


class Publish(NamedTuple):
    """A message. number: to be acknowledged with; 0 at QoS 0."""

    topic: str
    payload: bytes
    number: int
    retained: bool


class Answer(NamedTuple):
    """A packet that is no message. number: of what it answers. codes: 0 and up, see `FAILED`.

    receive_maximum, keepalive_s: what a server of MQTT 5 asks for in its CONNACK.
    """

    type: PacketType
    number: int = 0
    codes: tuple[int, ...] = ()
    receive_maximum: int | None = None
    keepalive_s: int | None = None


@dataclass(frozen=True, slots=True)
class Connect:
    """A CONNECT: always a clean session. will: topic and payload, retained, QoS 1."""

    client_id: str
    keepalive_s: int
    username: str | None = None
    password: str | None = None
    will: tuple[str, bytes] | None = None
    receive_maximum: int | None = None

    def encode(self, version: Version) -> bytes:
        """The packet. receive_maximum goes only to a server of MQTT 5."""
        flags = 0x02
        payload = _text(self.client_id)
        if self.will is not None:
            flags |= 0x04 | 0x08 | 0x20
            payload += _none(version) + _text(self.will[0]) + _data(self.will[1])
        if self.username is not None:
            flags |= 0x80
            payload += _text(self.username)
            if self.password is not None:
                flags |= 0x40
                payload += _text(self.password)
        head = _text("MQTT") + bytes((version, flags)) + self.keepalive_s.to_bytes(2, "big")
        if version is Version.V5:
            asked = self.receive_maximum
            properties = b"" if asked is None else b"\x21" + asked.to_bytes(2, "big")
            head += _length(len(properties)) + properties
        return _packet(0x10, head + payload)


def subscribe(number: int, filters: Sequence[str], version: Version) -> bytes:
    """Subscribe at QoS 1."""
    wanted = b"".join(_text(name) + b"\x01" for name in filters)
    return _packet(0x82, number.to_bytes(2, "big") + _none(version) + wanted)


def publish(topic: str, payload: bytes, version: Version, number: int, *, retain: bool) -> bytes:
    """A message, at QoS 1; at QoS 0 where `number` is 0."""
    name = topic.encode()
    head = len(name).to_bytes(2, "big") + name
    if number:
        head += number.to_bytes(2, "big")
    if version is Version.V5:
        head += b"\x00"
    first = 0x30 | (0x02 if number else 0) | (0x01 if retain else 0)
    return bytes((first,)) + _length(len(head) + len(payload)) + head + payload


def acknowledge(numbers: Iterable[int]) -> bytes:
    """A PUBACK for each of them."""
    return b"".join([_PUBACK + number.to_bytes(2, "big") for number in numbers])


class Reader:
    """What a server sends, piece by piece."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._rest = b""
        self._long: _Long | None = None
        self._topics: dict[bytes, str] = {}

    def feed(self, data: bytes) -> list[Publish | Answer]:
        """Take what was received; the packets that are complete by now. Raises PacketError."""
        found: list[Publish | Answer] = []
        if self._long is not None:
            data = self._long.take(data)
            if self._long.missing:
                return found
            found.append(self._packet(self._long.first, self._long.kept()))
            self._long = None
        elif self._rest:
            data = self._rest + data
        self._rest = b""
        try:
            self._read(data, found)
        except (IndexError, UnicodeDecodeError):
            raise PacketError("a packet that ends too early, or no text") from None
        return found

    def _read(self, data: bytes, found: list[Publish | Answer]) -> None:
        place, end = 0, len(data)
        while end - place >= _SHORTEST:
            length, body = data[place + 1], place + 2
            if length & 0x80:
                length, body = _number(data, place + 1)
                if not body:
                    break
            stop = body + length
            if stop > end:
                if length > _LONG:
                    self._long = _Long(data[place], data[body:], length)
                    return
                break
            found.append(self._packet(data[place], data[body:stop]))
            place = stop
        self._rest = data[place:]

    def _packet(self, first: int, body: bytes) -> Publish | Answer:
        kind = first >> 4
        if kind == PacketType.PUBLISH:
            return self._publish(first, body)
        return _answer(kind, body, self._version)

    def _publish(self, first: int, body: bytes) -> Publish:
        at = 2 + (body[0] << 8 | body[1])
        if at > len(body):
            raise PacketError("a topic that is longer than its packet")
        name = body[2:at]
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topic(name)
        number = 0
        if first & 0x06:
            number = body[at] << 8 | body[at + 1]
            at += 2
        if self._version is Version.V5:
            length = body[at]
            at += 1
            if length:
                length, at = _number(body, at - 1)
                at += length
        return Publish(topic, body[at:], number, bool(first & 0x01))

    def _topic(self, name: bytes) -> str:
        if len(self._topics) >= _TOPICS:
            self._topics.clear()
        topic = self._topics[name] = name.decode()
        return topic


class _Long:
    """A packet that comes in many pieces, and may be longer than anybody wants to keep."""

    def __init__(self, first: int, begun: bytes, length: int) -> None:
        self.first = first
        self.missing = length - len(begun)
        self._pieces = [begun]
        self._size = len(begun)

    def take(self, data: bytes) -> bytes:
        """Take its part of what came; the rest is returned."""
        mine, rest = data[: self.missing], data[self.missing :]
        self.missing -= len(mine)
        if self._size < KEPT_BYTES:
            self._pieces.append(mine)
            self._size += len(mine)
        return rest

    def kept(self) -> bytes:
        """Its body, or the beginning of it."""
        return b"".join(self._pieces)


def _answer(kind: int, body: bytes, version: Version) -> Answer:
    try:
        kind = PacketType(kind)
    except ValueError:
        raise PacketError(f"a packet of type {kind}") from None
    v5 = version is Version.V5
    match kind:
        case PacketType.CONNACK:
            asked = _properties(body, 2) if v5 else {}
            return Answer(kind, 0, (body[1],), asked.get(_RECEIVE_MAXIMUM), asked.get(_KEEPALIVE))
        case PacketType.SUBACK:
            at = 2
            if v5:
                length, at = _number(body, at)
                at += length
            return Answer(kind, body[0] << 8 | body[1], tuple(body[at:]))
        case PacketType.PUBACK:
            return Answer(kind, body[0] << 8 | body[1], tuple(body[2:3]) or (0,))
        case _:
            return Answer(kind, 0, tuple(body[:1]))


_RECEIVE_MAXIMUM: Final = 0x21
_KEEPALIVE: Final = 0x13
_SIZES: Final = {0x11: 4, 0x13: 2, 0x21: 2, 0x22: 2, 0x27: 4} | dict.fromkeys(
    (0x24, 0x25, 0x28, 0x29, 0x2A), 1
)
"""Bytes of each of a CONNACK's properties that is a number; the others are texts, one a pair."""
_PAIR: Final = 0x26


def _properties(body: bytes, at: int) -> dict[int, int]:
    """The numbers among a CONNACK's properties."""
    length, at = _number(body, at)
    end = at + length
    found: dict[int, int] = {}
    while at < end:
        name = body[at]
        at += 1
        size = _SIZES.get(name)
        if size is not None:
            found[name] = int.from_bytes(body[at : at + size], "big")
            at += size
        else:
            for _ in range(2 if name == _PAIR else 1):
                at += 2 + (body[at] << 8 | body[at + 1])
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer and where it ends; 0 for the end while it is incomplete."""
    value = 0
    for place in range(_LENGTH_BYTES):
        if at + place >= len(data):
            return 0, 0
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return value, at + place + 1
    raise PacketError("a length of more than four bytes")


def _length(value: int) -> bytes:
    out = bytearray()
    while value >> 7:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _none(version: Version) -> bytes:
    """No properties: a length of nothing in MQTT 5, and nothing before it."""
    return b"\x00" if version is Version.V5 else b""


def _text(value: str) -> bytes:
    return _data(value.encode())


def _data(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value


def _packet(first: int, body: bytes) -> bytes:
    return bytes((first,)) + _length(len(body)) + body
