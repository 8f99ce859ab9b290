"""A real uvicorn on loopback, and a browser's view of server-sent events."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from hub.app.server import serve
from hub.config import HttpConfig, HubConfig, MqttConfig


@dataclass
class Sent:
    """One server-sent event."""

    event: str
    data: dict
    id: str | None = None


class Listener:
    """What one stream has said so far; `over` once it has ended."""

    def __init__(self) -> None:
        self.events: list[Sent] = []
        self.over = asyncio.Event()
        self.status = asyncio.get_running_loop().create_future()

    def of(self, *kinds: str) -> list[Sent]:
        return [sent for sent in self.events if sent.event in kinds]

    async def listen(self, response: httpx.Response) -> None:
        block: dict[str, str] = {}
        async for line in response.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                block[name] = value
            elif "event" in block:
                self.events.append(Sent(block["event"], json.loads(block["data"]), block.get("id")))
                block = {}
        self.over.set()


@asynccontextmanager
async def served(house, tmp_path):
    config = HubConfig(
        data=tmp_path,
        sites=(tmp_path,),
        rules=tmp_path,
        alarms=tmp_path,
        cases=tmp_path,
        mqtt=MqttConfig(url="mqtt://127.0.0.1"),
        http=HttpConfig(port=0),
    )
    stopping = house.services.logins.ended.announce_all
    async with serve(house.app, config, stopping=stopping) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def listening(url, person, *, site="court", after=None, headers=None):
    """Follow a site as `person`."""
    cookies = dict(person.http.cookies)
    async with httpx.AsyncClient(base_url=url, cookies=cookies, timeout=30) as client:
        params = {} if after is None else {"after": after}
        path = f"/api/sites/{site}/stream"
        async with client.stream("GET", path, params=params, headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            listener = Listener()
            reading = asyncio.create_task(listener.listen(response))
            try:
                yield listener
            finally:
                reading.cancel()
                await asyncio.wait({reading})
