"""Each toxic does what its name says, and heals."""

import asyncio
from contextlib import suppress

import pytest

from tests.faults.proxy import FaultProxy

pytestmark = pytest.mark.socket
SOON_S = 10.0


@pytest.fixture
async def proxy():
    """In front of a server that says everything back."""

    async def echo(reader, writer):
        with suppress(OSError):
            while data := await reader.read(1024):
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, FaultProxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


@pytest.fixture
async def connect(proxy):
    opened = []

    async def connect():
        opened.append(await asyncio.open_connection("127.0.0.1", proxy.port))
        return opened[-1]

    yield connect
    for _, writer in opened:
        writer.transport.abort()
    await asyncio.sleep(0)  # lets the loop forget them


async def said_back(reader, writer, data=b"hello"):
    writer.write(data)
    async with asyncio.timeout(SOON_S):
        return await reader.readexactly(len(data)) == data


async def silent(reader, seconds=0.3):
    """Whether nothing at all comes, not even an end."""
    try:
        async with asyncio.timeout(seconds):
            await reader.read(1)
    except TimeoutError:
        return True
    return False


async def test_without_toxics_bytes_pass_both_ways(connect):
    assert await said_back(*await connect(), b"x" * 100_000)


@pytest.mark.parametrize(
    ("toxics", "data", "at_least_s"),
    [
        ({"latency_s": 0.2, "jitter_s": 0.1}, b"a", 0.4),  # there and back
        ({"bandwidth": 10_000}, b"a" * 2_000, 0.4),
        ({"slicer": 7}, b"a" * 500, 0.0),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_slow_line_delivers_all_late(proxy, connect, toxics, data, at_least_s):
    reader, writer = await connect()
    proxy.poison(**toxics)
    began = asyncio.get_running_loop().time()
    assert await said_back(reader, writer, data)
    assert asyncio.get_running_loop().time() - began >= at_least_s


async def test_black_hole_swallows_without_a_word_and_gives_it_back(proxy, connect):
    reader, writer = await connect()
    proxy.poison(blackhole=True)
    writer.write(b"hello")
    assert await silent(reader)
    proxy.heal()
    async with asyncio.timeout(SOON_S):
        assert await reader.readexactly(5) == b"hello"


async def test_half_open_takes_connections_and_never_serves_them(proxy, connect):
    proxy.poison(half_open=True)
    reader, writer = await connect()
    writer.write(b"hello")
    assert await silent(reader)
    proxy.heal()
    async with asyncio.timeout(SOON_S):
        assert await reader.readexactly(5) == b"hello"


async def test_reset_ends_a_connection_with_rst(proxy, connect):
    reader, writer = await connect()
    assert await said_back(reader, writer)
    proxy.reset_peer()
    with pytest.raises(ConnectionResetError):
        await reader.read(1)


async def test_limit_closes_after_that_many_bytes(proxy, connect):
    reader, writer = await connect()
    proxy.poison(limit_data=10)
    assert await said_back(reader, writer)
    writer.write(b"more than the rest")
    async with asyncio.timeout(SOON_S):
        with suppress(OSError):
            while await reader.read(100):
                pass


async def test_slow_close_passes_the_end_on_late(proxy, connect):
    reader, writer = await connect()
    assert await said_back(reader, writer)
    proxy.poison(slow_close_s=0.5)
    began = asyncio.get_running_loop().time()
    writer.write_eof()
    async with asyncio.timeout(SOON_S):
        with suppress(OSError):
            await reader.read()
    assert asyncio.get_running_loop().time() - began >= 0.5


async def test_disabled_refuses_and_comes_back(proxy, connect):
    reader, _ = await connect()
    proxy.enabled = False
    with suppress(OSError):
        assert await reader.read(1) == b""
    with suppress(OSError):
        later, _ = await connect()
        assert await later.read(1) == b""
    proxy.enabled = True
    assert await said_back(*await connect())
