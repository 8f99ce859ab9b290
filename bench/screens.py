"""Open screens that only listen: live streams whose bytes are counted and dropped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from simulators.hubclient import HubClient

_READ_BYTES: Final = 64 * 1024
_AT_ONCE: Final = 20
_OPEN_S: Final = 60.0


class Screens:
    """received: bytes, all of them together. closed: streams that the hub has ended."""

    def __init__(self) -> None:
        self.received = 0
        self.closed = 0

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Read one stream to its end."""
        while data := await reader.read(_READ_BYTES):
            self.received += len(data)
        self.closed += 1


@asynccontextmanager
async def open_screens(
    hub: str, client: HubClient, site: str, count: int
) -> AsyncIterator[Screens]:
    """So many streams of a site while the context lasts. Raises OSError, TimeoutError."""
    screens = Screens()
    address = urlsplit(hub)
    cursor = (await client.snapshot(site))["cursor"]
    request = (
        f"GET /api/sites/{site}/stream?after={cursor} HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\nCookie: {client.cookies}\r\n\r\n"
    ).encode()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with gate:
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(request)
            status = await reader.readline()
            if b" 200 " not in status:
                raise OSError(f"stream: {status.decode().strip()}")
            return reader, writer

    async with asyncio.timeout(_OPEN_S):
        streams = await asyncio.gather(*(connect() for _ in range(count)))
    tasks = [asyncio.create_task(screens.listen(reader)) for reader, _ in streams]
    try:
        yield screens
    finally:
        for task in tasks:
            task.cancel()
        for _, writer in streams:
            writer.close()
