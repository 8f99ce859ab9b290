import asyncio
import json

import pytest
from aiohttp import web

from simulators.alertwatch import AlertWatch
from simulators.errors import HubError
from simulators.hubclient import HubClient
from simulators.matching import Seen

pytestmark = pytest.mark.socket


def alert(name, state="unacknowledged", *, device="g1", at=1000):
    return {"id": name, "condition": "door-forced", "device": device, "state": state, "at": at}


def change(position, body, *, at=5000):
    data = json.dumps({"position": position, "type": "alert", "at": at, "body": body})
    return f"event: alert\nid: {position}\ndata: {data}\n\n"


PING = 'event: ping\ndata: {"now": 1, "position": 0}\n\n'
RESET = 'event: reset\ndata: {"now": 1, "position": 0}\n\n'


class Hub:
    """The few routes that a watch uses. streams: what each connection in turn is sent."""

    def __init__(self, *streams, open_alerts=(), resynced=()):
        self.streams = list(streams)
        self.snapshots = [list(open_alerts), list(resynced)]
        self.cursors = []
        self.done = asyncio.Event()

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/api/login", self._login)
        app.router.add_get("/api/sites/s/snapshot", self._snapshot)
        app.router.add_get("/api/sites/s/stream", self._stream)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    async def _login(self, request):
        if (await request.json())["password"] != "right":
            return web.json_response({}, status=401)
        answer = web.json_response({"user": {}, "csrf": "c"})
        answer.set_cookie("gatehouse_session", "s", httponly=True)
        return answer

    async def _snapshot(self, request):
        if request.cookies.get("gatehouse_session") != "s":
            return web.json_response({}, status=401)
        return web.json_response({"cursor": 7, "alerts": self.snapshots.pop(0)})

    async def _stream(self, request):
        self.cursors.append(request.query["after"])
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        if self.streams:
            await answer.write(self.streams.pop(0).encode())
            return answer
        self.done.set()
        await asyncio.sleep(30)
        return answer


async def watched(hub):
    """What a watch noted when the hub had said everything."""
    async with hub, HubClient(hub.url, name="admin", password="right") as client:
        watch = AlertWatch(client, "s", read=lambda: 1.5)
        await watch.start()
        task = asyncio.create_task(watch.follow())
        async with asyncio.timeout(45):
            await hub.done.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return watch.seen


async def test_new_alert_is_noted_with_its_own_time():
    assert await watched(Hub(PING + change(8, alert("a1")))) == [
        Seen("door-forced", "g1", 1000, 1.5)
    ]


async def test_connection_is_resumed_after_the_last_position():
    hub = Hub(change(8, alert("a1")), PING + change(9, alert("a2", device="g2")))
    seen = await watched(hub)
    assert hub.cursors == ["7", "8", "9"]
    assert [one.device for one in seen] == ["g1", "g2"]


async def test_alert_delivered_again_after_a_resume_counts_once():
    again = change(8, alert("a1"))
    assert len(await watched(Hub(again, again))) == 1


@pytest.mark.parametrize("state", ["acknowledged", "returned-unacknowledged", "normal"])
async def test_further_steps_of_an_alert_are_no_new_alerts(state):
    assert len(await watched(Hub(change(8, alert("a1")) + change(9, alert("a1", state))))) == 1


async def test_condition_that_came_back_counts_again_from_the_moment_it_did():
    story = change(8, alert("a1")) + change(9, alert("a1", "returned-unacknowledged"))
    seen = await watched(Hub(story + change(10, alert("a1"), at=9000)))
    assert [one.at for one in seen] == [1000, 9000]


async def test_alert_that_was_open_before_is_no_news():
    hub = Hub(change(8, alert("old")), open_alerts=[alert("old")])
    assert await watched(hub) == []


async def test_reset_takes_a_new_snapshot_and_notes_what_was_missed():
    hub = Hub(
        RESET, resynced=[alert("old"), alert("missed", device="g3")], open_alerts=[alert("old")]
    )
    assert [one.device for one in await watched(hub)] == ["g3"]
    assert hub.cursors == ["7", "7"]


async def test_wrong_password_is_one_clear_error():
    async with Hub() as hub:
        with pytest.raises(HubError, match="POST /api/login: 401"):
            async with HubClient(hub.url, name="admin", password="wrong"):
                pass


async def test_hub_that_is_away_is_a_hub_error():
    async with Hub() as hub:
        url = hub.url
    with pytest.raises(HubError, match="POST /api/login"):
        async with HubClient(url, name="admin", password="right"):
            pass
