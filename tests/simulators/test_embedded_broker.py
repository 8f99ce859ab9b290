"""The broker of the demo: amqtt in this process."""

import asyncio
from urllib.parse import urlsplit

import aiomqtt
import pytest

from gatehouse.broker import embedded_broker

pytestmark = pytest.mark.socket

TOPICS, COMERS = 20, 15


async def test_somebody_who_subscribes_costs_nobody_the_connection(tmp_path, caplog):
    async with embedded_broker(tmp_path) as access:
        port = urlsplit(access.url).port
        password = access.password_file.read_text()

        def client():
            return aiomqtt.Client(
                "127.0.0.1", port, username=access.username, password=password, timeout=45
            )

        async def subscribe_on(one):
            for number in range(10_000):
                await one.subscribe(f"b/{number}", qos=1)

        async with client() as first:
            for number in range(TOPICS):
                await first.publish(f"a/{number}", b"x", qos=1, retain=True)
                await first.subscribe(f"a/{number}", qos=1)
            busy = asyncio.create_task(subscribe_on(first))
            for _ in range(COMERS):
                async with client() as one:
                    await one.subscribe("a/0", qos=1)
                    assert str((await anext(one.messages)).topic) == "a/0"
            busy.cancel()
            await asyncio.wait([busy])
    assert "client_connected_cb" not in caplog.text
