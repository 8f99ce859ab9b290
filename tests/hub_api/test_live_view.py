"""What a camera sees now, for those who may look, and for no longer than that."""

import asyncio

from hub.config import Role
from hub.mqtt import Delivery
from tests.hub_api.house import until
from wire import topics
from wire.media import Frame

JPEG = b"\xff\xd8\xff" + b"picture" * 50
URL = "/api/sites/court/devices/cam-1/live"


def show(house, *, site="court", agent="cameras", device="cam-1"):
    now = house.clock.now()
    frame = Frame(
        device=device,
        kind="facade-camera",
        at=now,
        seen=now,
        width=64,
        height=48,
        why="live",
        jpeg=JPEG,
    )
    delivery = Delivery(topics.live(site, agent), frame.encode(), False, 0, None)
    house.live.take(delivery)


class Screen:
    """A live view that is being read."""

    def __init__(self, app, person, path=URL):
        self.got = b""
        self.status = None
        self.over = False
        cookie = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
        headers = [(b"host", b"127.0.0.1:8800"), (b"cookie", cookie.encode())]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8800),
        }
        self.left = asyncio.Event()
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.got += message.get("body", b"")
            self.over = not message.get("more_body", False)

    @property
    def pictures(self):
        return self.got.count(JPEG)

    async def leave(self):
        self.left.set()
        await asyncio.wait_for(self.task, 45)


async def test_pictures_come_as_parts_and_the_camera_is_asked_while_someone_looks(house):
    guard = await house.person("guard", Role.GUARD)
    screen = Screen(house.app, guard)
    await until(lambda: house.live.watched("court", "cam-1") == 1)
    assert ("court", "cam-1") in house.asked
    for number in (1, 2):
        show(house)
        await until(lambda number=number: screen.pictures == number)
    assert screen.status == 200
    await screen.leave()
    await until(lambda: house.live.watched("court", "cam-1") == 0)
    asked = len(house.asked)
    await asyncio.sleep(0.1)
    assert len(house.asked) == asked


async def test_a_live_view_ends_with_the_session(house):
    guard = await house.person("guard", Role.GUARD)
    screen = Screen(house.app, guard)
    await until(lambda: house.live.watched("court", "cam-1") == 1)
    await guard.post("/api/logout")
    await until(lambda: screen.over)
    show(house)
    await asyncio.wait_for(screen.task, 45)
    assert screen.pictures == 0


async def test_a_frame_of_another_agent_or_site_is_shown_to_nobody(house):
    guard = await house.person("guard", Role.GUARD)
    screen = Screen(house.app, guard)
    await until(lambda: house.live.watched("court", "cam-1") == 1)
    show(house, agent="gates")
    show(house, site="yard")
    show(house, device="gate-east")
    show(house)
    await until(lambda: screen.pictures == 1)
    await screen.leave()


async def test_what_is_no_camera_cannot_be_watched_and_looks_are_on_record(house):
    guard = await house.person("guard", Role.GUARD)
    assert (await guard.get("/api/sites/court/devices/gate-east/live")).status_code == 404
    screen = Screen(house.app, guard)
    await until(lambda: house.live.watched("court", "cam-1") == 1)
    await screen.leave()
    boss = await house.person("boss", Role.ADMIN)
    entries = (await boss.get("/api/audit", params={"site": "court"})).json()["items"]
    assert [(e["actor"], e["object"]) for e in entries if e["action"] == "live.look"] == [
        ("guard", "cam-1")
    ]


async def test_a_person_cannot_order_what_only_the_hub_asks_for(house):
    boss = await house.person("boss", Role.ADMIN)
    device = (await boss.get("/api/sites/court/devices/cam-1")).json()
    assert device["actions"] == []
    for action in ("watch", "live", "clip"):
        body = {"action": action, "lease_s": 5, "reason": "x"}
        answer = await boss.post("/api/sites/court/devices/cam-1/commands", body)
        assert answer.status_code == 404
