import asyncio
import socket

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_unmarked_test_gets_no_socket():
    with pytest.raises(SocketBlockedError):
        socket.socket()


async def test_unmarked_test_has_an_event_loop():
    await asyncio.sleep(0)


@pytest.mark.socket
async def test_marked_test_reaches_loopback():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.socket
@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_marked_test_reaches_nothing_else():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)  # RFC 5737: leads nowhere
