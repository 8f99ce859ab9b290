"""Whoever reaches the port, without a login: long bodies, slow ones, many connections."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from starlette.responses import PlainTextResponse

from hub.app.connections import Patience, Room, room_here
from hub.app.server import serve
from tests.hub_api.streaming import served
from tests.hub_api.test_residents import Street

pytestmark = pytest.mark.socket

WITHIN_S = 45
HASTY = Patience(head=0.2, idle=0.2, body=0.4, reading=0.2)
HEAD = b"POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@asynccontextmanager
async def listening(app, **options):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serve(app, listener, stopping=lambda: None, **options):
            yield listener.getsockname()[1]


@asynccontextmanager
async def connected(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def status(reader):
    async with asyncio.timeout(WITHIN_S):
        return int((await reader.readline()).split()[1])


async def over(reader):
    """Until the other side has ended it; what it said before."""
    async with asyncio.timeout(WITHIN_S):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def is_served(port):
    async with connected(port) as (reader, writer):
        try:
            writer.write(GET)
            if b"200" in await reader.readline():
                return True
        except ConnectionError:
            pass
        await asyncio.sleep(0.05)
        return False


async def plain(scope, receive, send):
    await PlainTextResponse("ok")(scope, receive, send)


# --- bodies --------------------------------------------------------------------------------------


async def chunked(port, head, *, of):
    """The status of a request whose body says 2 bytes, and comes in one chunk of many."""
    async with connected(port) as (reader, writer):
        writer.write(head + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"%x\r\n" % of + b" " * of + b"\r\n0\r\n\r\n")
        return await status(reader)


async def test_a_body_that_says_one_length_and_comes_in_another_is_not_read(house):
    async with served(house) as url:
        port = int(url.rsplit(":", 1)[1])
        assert await chunked(port, HEAD, of=1024 * 1024) == 400


async def test_nor_is_it_by_the_residents_listener(house):
    head = HEAD.replace(b"/api/login", b"/api/status").replace(b"127.0.0.1", b"report.example")
    async with listening(Street(house).app) as port:
        assert await chunked(port, head, of=1024 * 1024) == 411


# --- patience ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        GET + b"GET / HTTP/1.1\r\nHo",
    ],
)
async def test_who_sends_half_of_something_is_not_waited_for_without_end(sent):
    async def reads(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await plain(scope, receive, send)

    async with (
        listening(reads, patience=HASTY) as port,
        connected(port) as (reader, writer),
    ):
        writer.write(sent)
        await over(reader)


async def test_nor_is_who_goes_on_sending_a_byte_at_a_time():
    async def drip(writer):
        writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async def reads(scope, receive, send):
        while (await receive()).get("more_body"):
            pass

    async with (
        listening(reads, patience=HASTY) as port,
        connected(port) as (reader, writer),
    ):
        dripping = asyncio.create_task(drip(writer))
        await over(reader)
        dripping.cancel()


async def test_who_reads_no_answer_is_let_go():
    room, gone = Room(4), asyncio.Event()

    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while room.held:
            await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        gone.set()

    async with (
        listening(endless, patience=HASTY, room=room) as port,
        connected(port) as (_, writer),
    ):
        writer.write(GET)
        async with asyncio.timeout(WITHIN_S):
            await gone.wait()


async def test_an_answer_that_takes_its_time_is_given_it():
    go = asyncio.Event()

    async def slow(scope, receive, send):
        await go.wait()
        await plain(scope, receive, send)

    async with (
        listening(slow, patience=HASTY) as port,
        connected(port) as (reader, writer),
    ):
        writer.write(GET)
        await writer.drain()
        for _ in range(2):  # each is held for as long as the other might have been
            async with connected(port) as (idle, _):
                await over(idle)
        go.set()
        assert await status(reader) == 200


# --- room ----------------------------------------------------------------------------------------


def test_one_address_takes_no_more_than_its_share_and_this_machine_may():
    room = Room(10, each=3, near={"192.0.2.1"})
    assert [room.enter("203.0.113.7") for _ in range(4)] == [True, True, True, False]
    assert [room.enter(f"2001:db8::{n}") for n in range(1, 5)] == [True, True, True, False]
    assert room.enter("192.0.2.1")
    room.leave("203.0.113.7")
    assert room.enter("203.0.113.7")
    assert [room.enter("127.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert room.refused == 3


def test_all_together_leave_files_for_the_rest_of_the_hub(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 4096))
    assert room_here().total == 512
    monkeypatch.setattr("resource.getrlimit", lambda _: (-1, -1))
    assert room_here().total == 4096


async def test_beyond_the_room_there_is_no_connection_until_one_goes():
    async with listening(plain, room=Room(2)) as port:
        async with connected(port) as (first, one), connected(port) as (second, two):
            for reader, writer in ((first, one), (second, two)):
                writer.write(GET)
                assert await status(reader) == 200
            async with connected(port) as (third, _):
                assert await over(third) == b""
        async with asyncio.timeout(WITHIN_S):
            while not await is_served(port):
                pass
