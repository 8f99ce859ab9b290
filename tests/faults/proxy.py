"""A TCP proxy that behaves badly on demand: no root, no kernel module, toxiproxy's vocabulary.

Toxics work on both directions of every connection, from the moment they are set. `enabled` false
refuses connections and ends those that are open, as an unplugged broker would.
"""

import asyncio
import contextlib
import random
import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CHUNK = 16 * 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with time 0: closing sends RST instead of FIN."""


@dataclass(slots=True)
class Toxics:
    """What goes wrong now; zero or False is nothing.

    latency_s, jitter_s: each chunk comes later. bandwidth: bytes per second and direction.
    blackhole: nothing passes and nobody is told (toxiproxy's `timeout` of 0).
    half_open: new connections are taken and never served, old ones hang.
    slicer: bytes in each piece, sent one by one. slow_close_s: an end is passed on this late.
    limit_data: bytes after which a connection is closed.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bandwidth: float = 0.0
    blackhole: bool = False
    half_open: bool = False
    slicer: int = 0
    slow_close_s: float = 0.0
    limit_data: int = 0


class FaultProxy:
    """An async context manager; `port` is where clients connect. seed: of the jitter."""

    def __init__(self, port: int, *, seed: str = "0") -> None:
        self.toxics = Toxics()
        self.connections = 0
        self._upstream = port
        self._draw = random.Random(seed)
        self._enabled = True
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._healed = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.close()
        self.reset_peer()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def enabled(self) -> bool:
        return self._enabled

    @enabled.setter
    def enabled(self, on: bool) -> None:
        self._enabled = on
        if not on:
            self.reset_peer()

    def poison(self, **toxics: object) -> None:
        """Set toxics; those not named are healed."""
        self.toxics = Toxics(**toxics)
        self._healed.set()
        self._healed = asyncio.Event()

    def heal(self) -> None:
        """Nothing goes wrong any more; what was held back in a black hole passes on."""
        self.poison()

    def reset_peer(self) -> None:
        """End every connection with RST."""
        for writer in self._open:
            with contextlib.suppress(OSError):
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(task := asyncio.current_task())
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        if not self._enabled:
            writer.transport.abort()
            return
        self._open.add(writer)
        away = None
        try:
            while self.toxics.half_open:
                await self._healed.wait()
            back, away = await asyncio.open_connection("127.0.0.1", self._upstream)
            self._open.add(away)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, away))
                both.create_task(self._pump(back, writer))
        except* OSError:
            pass  # one end is gone, or the broker was not there: so is the other end
        finally:
            for one in (writer, away):
                if one is not None:
                    self._open.discard(one)
                    one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed = 0
        while data := await reader.read(CHUNK):
            passed += len(data)
            await self._delay(data)
            for piece in self._pieces(data):
                writer.write(piece)
                await writer.drain()
            if 0 < self.toxics.limit_data <= passed:
                raise ConnectionResetError
        if self.toxics.slow_close_s:
            await asyncio.sleep(self.toxics.slow_close_s)
        raise ConnectionResetError  # half of a connection is of no use to MQTT

    async def _delay(self, data: bytes) -> None:
        toxics = self.toxics
        if toxics.latency_s:
            await asyncio.sleep(toxics.latency_s + self._draw.uniform(0, toxics.jitter_s))
        if toxics.bandwidth:
            await asyncio.sleep(len(data) / toxics.bandwidth)
        while self.toxics.blackhole or self.toxics.half_open:
            await self._healed.wait()

    def _pieces(self, data: bytes) -> list[bytes]:
        size = self.toxics.slicer or len(data)
        return [data[at : at + size] for at in range(0, len(data), size)]
