"""Two thousand agents in one loop: just enough MQTT 3.1.1 to be told apart, and to be patient."""

import asyncio
import random
import secrets
import struct
import time

from tests.faults.town import SITE
from wire import (
    Ack,
    AgentStatus,
    ContentType,
    Envelope,
    Header,
    Lane,
    LaneStatus,
    Observation,
    WireError,
    topics,
)
from wire.observation import encode_observations

RESEND_S, MOST_RESEND_S = 5.0, 60.0
PAUSE_S = (0.5, 15.0)
"""As the real agent's back-off: the first pause, and the longest."""


class Crowded:
    """One light agent: keeps what it says until the hub has it.

    back_at: monotonic s at which the hub acknowledged the last thing said; None while it has not.
    """

    def __init__(self, name: str, port: int, draw: random.Random) -> None:
        self.name, self.boot = name, secrets.token_hex(8)
        self.back_at: float | None = None
        self.connects = 0
        self._port, self._draw = port, draw
        self._held: dict[int, bytes] = {}
        self._seq = 0
        self._wake = asyncio.Event()

    def say(self) -> None:
        """One event, which must be stored."""
        self._seq += 1
        at = time.time_ns() // 1_000_000
        said = Observation(
            device=f"{self.name}-gate", kind="gate", at=at, seen=at,
            source_id=f"{self.name}-{self._seq}", signals={"event": "state"},
        )  # fmt: skip
        self._held[self._seq] = encode_observations([said])
        self.back_at = None
        self._wake.set()

    async def run(self) -> None:
        """Connect, and connect again, with jitter."""
        pause = PAUSE_S[0]
        while True:
            try:
                await self._connection()
                pause = PAUSE_S[0]
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                pass
            await asyncio.sleep(pause * self._draw.uniform(0.5, 1.0))
            pause = min(pause * 2, PAUSE_S[1])

    async def _connection(self) -> None:
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.timeout(60):
                writer.write(_connect(self.name))
                await _packet(reader)  # CONNACK
                writer.write(_subscribe(topics.ack(SITE, self.name)))
                await _packet(reader)  # SUBACK
            self.connects += 1
            status = AgentStatus(
                state="online", boot=self.boot, at=time.time_ns() // 1_000_000, version="crowd",
                lanes={Lane.EVENT: LaneStatus(head=self._seq, backlog=len(self._held))},
            )  # fmt: skip
            writer.write(_publish(topics.status(SITE, self.name), status.encode(), retain=True))
            listening = asyncio.create_task(self._listen(reader))
            try:
                await self._send(writer, listening)
            finally:
                listening.cancel()
                await asyncio.wait([listening])
        finally:
            writer.transport.abort()

    async def _send(self, writer: asyncio.StreamWriter, listening: asyncio.Task[None]) -> None:
        """All that is held, and again after a while, until the connection ends."""
        pause = RESEND_S
        while not listening.done():
            self._wake.clear()
            for seq, body in list(self._held.items()):
                writer.write(self._envelope(seq, body))
            await writer.drain()
            woken = asyncio.create_task(self._wake.wait())
            wait_s = pause if self._held else None
            await asyncio.wait([listening, woken], timeout=wait_s, return_when="FIRST_COMPLETED")
            woken.cancel()
            pause = min(pause * 2, MOST_RESEND_S)

    def _envelope(self, seq: int, body: bytes) -> bytes:
        header = Header(
            boot=self.boot, lane=Lane.EVENT, seq=seq, floor=min(self._held),
            sent_at=time.time_ns() // 1_000_000, type=ContentType.OBSERVATIONS,
        )  # fmt: skip
        payload = Envelope(header, body).encode()
        return _publish(topics.up(SITE, self.name, Lane.EVENT), payload)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            kind, body = await _packet(reader)
            if kind >> 4 != 3:
                continue
            (length,) = struct.unpack("!H", body[:2])
            skip = 2 + length + (2 if kind & 6 else 0)
            try:
                ack = Ack.decode(body[skip:])
            except WireError:
                continue
            if ack.boot == self.boot:
                self._held = {seq: one for seq, one in self._held.items() if seq > ack.upto}
                if not self._held and self.back_at is None:
                    self.back_at = time.monotonic()


def _connect(client: str) -> bytes:
    return _framed(0x10, _text("MQTT") + b"\x04\x02\x00\x3c" + _text(f"crowd-{client}"))


def _subscribe(topic: str) -> bytes:
    return _framed(0x82, b"\x00\x01" + _text(topic) + b"\x00")


def _publish(topic: str, payload: bytes, *, retain: bool = False) -> bytes:
    return _framed(0x32 | retain, _text(topic) + b"\x00\x02" + payload)


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode()


def _framed(kind: int, body: bytes) -> bytes:
    size, left = bytearray(), len(body)
    while True:
        left, part = divmod(left, 128)[0], left % 128
        size.append(part | (0x80 if left else 0))
        if not left:
            return bytes([kind]) + bytes(size) + body


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    (kind,) = await reader.readexactly(1)
    length = shift = 0
    while True:
        (part,) = await reader.readexactly(1)
        length |= (part & 0x7F) << shift
        shift += 7
        if not part & 0x80:
            return kind, await reader.readexactly(length)
