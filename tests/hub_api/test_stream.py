import asyncio

import pytest

from hub.api import event_stream
from hub.config import Role
from hub.live import feed
from tests.hub_api.house import until
from tests.hub_api.streaming import listening, served

pytestmark = pytest.mark.socket


@pytest.fixture
async def url(house):
    async with served(house) as address:
        yield address


def subscribers(house, site="court"):
    return len(house.feed._sites[site].subscribers)


async def snapshot(person):
    return (await person.get("/api/sites/court/snapshot")).json()


async def test_an_alert_and_its_case_come_with_actions_of_the_reader(house, url):
    guard = await house.person("wang", Role.GUARD, "court")
    cursor = (await snapshot(guard))["cursor"]
    async with listening(url, guard, after=cursor) as heard:
        await house.force_door()
        (alert,) = await until(lambda: heard.of("alert"))
        (case,) = await until(lambda: heard.of("case"))
    body = alert.data["body"]
    assert (body["device"], body["condition"], body["state"]) == (
        "gate-east",
        "door-forced",
        "unacknowledged",
    )
    assert [a["id"] for a in body["actions"] if a["allowed"]] == ["acknowledge", "note"]
    assert body["case"] == case.data["body"]["id"]
    allowed = {a["id"] for a in case.data["body"]["actions"] if a["allowed"]}
    assert "take" in allowed
    assert "reject" not in allowed
    assert int(alert.id) == alert.data["position"]


async def test_what_the_stream_says_equals_what_the_api_says(house, url):
    boss = await house.person("boss", Role.ADMIN)
    async with listening(url, boss) as heard:
        await house.force_door()
        await house.pressure(0.31)
        await until(lambda: heard.of("case") and heard.of("alert") and len(heard.of("device")) >= 2)
    now = await snapshot(boss)
    newest = {
        (sent.event, sent.data["id"]): sent.data["body"] for sent in heard.of("alert", "case")
    }
    assert newest[("alert", now["alerts"][0]["id"])] == now["alerts"][0]
    assert newest[("case", now["cases"][0]["id"])] == now["cases"][0]


async def test_a_change_shows_at_once_and_not_with_the_next_readings(house, url, monkeypatch):
    """How soon is measured in bench.latency; here no readings would come for an hour."""
    monkeypatch.setattr(feed, "READING_S", 3600.0)
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard) as heard:
        await until(lambda: heard.of("ping"))
        for count in range(1, 4):
            house.hand.pass_s(120)
            await house.gate("opened", open=True)
            house.hand.pass_s(2)
            await asyncio.wrap_future(house.pipeline.tick(house.clock.now()))
            await until(lambda count=count: len(heard.of("alert")) >= count)
            await house.gate("closed", open=False)


async def test_the_stream_goes_on_where_the_snapshot_or_the_last_event_was(house, url):
    guard = await house.person("wang", Role.GUARD)
    await house.force_door()
    cursor = (await snapshot(guard))["cursor"]
    async with listening(url, guard, after=0) as heard:
        await until(lambda: [s for s in heard.events if s.id == str(cursor)])
    async with listening(url, guard, after=0, headers={"Last-Event-ID": str(cursor)}) as heard:
        await until(lambda: heard.of("ping"))
        assert heard.of("ping")[0].data["position"] == cursor
        await house.gate("closed", open=False)
        await until(lambda: heard.of("reading"))
        assert all(int(sent.id) > cursor for sent in heard.events if sent.id)


async def test_a_cursor_that_the_feed_does_not_know_is_reset(house, url):
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard, after=10_000) as heard:
        await asyncio.wait_for(heard.over.wait(), 45)
        assert [sent.event for sent in heard.events][-1] == "reset"


async def test_readings_come_without_an_id_and_without_what_is_sensitive(house, url):
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard) as heard:
        await until(lambda: heard.of("ping"))
        await house.gate("granted", credential="CARD-4711-0815", direction="in")
        (reading, *_) = await until(lambda: heard.of("reading"))
    assert reading.id is None
    assert reading.data["signals"]["event"]["value"] == "granted"
    assert "credential" not in reading.data["signals"]
    assert "4711-0815" not in str([sent.data for sent in heard.events])


async def test_the_stream_ends_with_the_session(house, url):
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard) as heard:
        await until(lambda: subscribers(house) == 1)
        assert (await guard.post("/api/logout")).status_code == 204
        await asyncio.wait_for(heard.over.wait(), 45)
    assert subscribers(house) == 0


async def test_the_stream_ends_when_the_account_is_disabled(house, url):
    guard = await house.person("wang", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    async with listening(url, guard) as heard:
        await until(lambda: subscribers(house) == 1)
        answer = await boss.send("PATCH", "/api/users/wang", {"disabled": True})
        assert answer.status_code == 200
        await asyncio.wait_for(heard.over.wait(), 45)


async def test_the_stream_ends_when_the_session_grows_too_old(house, url, monkeypatch):
    monkeypatch.setattr(event_stream, "PING_S", 0.05)
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard) as heard:
        await until(lambda: len(heard.of("ping")) > 2)
        house.hand.pass_s(13 * 3600)
        await asyncio.wait_for(heard.over.wait(), 45)


async def test_an_open_stream_keeps_the_session_from_idling(house, url, monkeypatch):
    monkeypatch.setattr(event_stream, "PING_S", 0.05)
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard) as heard:
        for _ in range(4):
            house.hand.pass_s(20 * 60)
            count = len(heard.of("ping"))
            await until(lambda n=count: len(heard.of("ping")) > n + 1)
    assert (await guard.get("/api/me")).status_code == 200


async def test_a_reader_who_hangs_up_is_noticed(house, url):
    guard = await house.person("wang", Role.GUARD)
    async with listening(url, guard):
        await until(lambda: subscribers(house) == 1)
    await until(lambda: subscribers(house) == 0)


async def test_a_reader_who_does_not_read_holds_up_nobody(house, url):
    """A stalled browser costs neither the hub nor the others anything."""
    guard = await house.person("wang", Role.GUARD)
    cookie = guard.http.cookies["gatehouse_session"]
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    request = (
        f"GET /api/sites/court/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Cookie: gatehouse_session={cookie}\r\n\r\n"
    )
    writer.write(request.encode())
    await writer.drain()
    await until(lambda: subscribers(house) == 1)
    async with listening(url, guard) as heard:
        await until(lambda: heard.of("ping"))
        for _ in range(12):
            house.hand.pass_s(120)
            await house.force_door()
            house.hand.pass_s(1)
            await house.gate("closed", open=False)
        count = (await snapshot(guard))["cursor"]
        await until(lambda: heard.of("alert", "case", "device")[-1].data["position"] == count)
    writer.close()
    await writer.wait_closed()
    await until(lambda: subscribers(house) == 0)
    assert reader.at_eof() is False
