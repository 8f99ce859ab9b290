"""The change feed: resumed, reset, and shared by readers of any speed."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from hub.live import Changed, Feed, Live, Reset, Telling, publish_outward
from hub.live.subscriber import Subscriber
from hub.pipeline import Priority
from hub.store.write.retention import DAY_MS, REMOVALS, Keep
from tests.hub_machinery.estate import SITE, T0, Agent, gate


@pytest.fixture
def changer(line):
    """Changes a thing in the site's feed; the line's commits reach the feed given."""

    class Changer:
        feed: Feed | None = None

        async def __call__(self, *refs, kind="alert", site=SITE, now=T0):
            def body(work):
                for ref in refs:
                    work.changed(site, kind, ref, 1)

            await asyncio.wrap_future(line.pipeline.write(Priority.LIFE, now, body))

    changer = Changer()
    line.pipeline._committed = lambda told: changer.feed and changer.feed.committed(told)
    return changer


@pytest.fixture
async def feed(line, changer):
    loads = []

    def load(_, site, kind, ref):
        loads.append(ref)
        return {"id": ref, "state": "unacknowledged", "note": "secret", "site": site}

    made = Feed(line.store.reader, [SITE, "other"], load)
    made.loads = loads
    async with made:
        changer.feed = made
        yield made


@asynccontextmanager
async def following(feed, site, after):
    """One event after the other, as a reader of the feed gets them."""
    async with feed.follow(site, after) as followed:
        yield one_by_one(followed.told)


async def one_by_one(told):
    while (tellings := await told()) is not None:
        for telling in tellings:
            for event in telling.events:
                yield event


async def take(events, count):
    async with asyncio.timeout(45):
        return [await anext(events) for _ in range(count)]


async def subscribed(feed, count=1):
    async with asyncio.timeout(45):
        while len(feed._sites[SITE].subscribers) < count:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def test_a_subscriber_gets_what_it_missed_and_then_what_comes(feed, changer):
    await changer("a", "b")
    async with following(feed, SITE, 0) as events:
        missed = await take(events, 2)
        await changer("c")
        (fresh,) = await take(events, 1)
    assert [(event.position, event.ref) for event in [*missed, fresh]] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]
    assert fresh.body == {"id": "c", "state": "unacknowledged", "note": "secret", "site": SITE}


async def test_a_subscriber_resumes_behind_its_cursor(feed, changer):
    await changer("a", "b", "c")
    async with following(feed, SITE, 2) as events:
        (event,) = await take(events, 1)
    assert (event.position, event.ref) == (3, "c")


async def test_a_thing_that_changed_often_is_told_once_as_it_is_now(feed, changer):
    for _ in range(5):
        await changer("a")
    async with asyncio.timeout(45):
        while feed.position(SITE) < 5:  # noqa: ASYNC110 - what is told later is another telling
            await asyncio.sleep(0.01)
    async with following(feed, SITE, 0) as events:
        (event,) = await take(events, 1)
    assert event.position == 5


async def test_bodies_are_loaded_once_for_all_subscribers(feed, changer):
    async with following(feed, SITE, 0) as one, following(feed, SITE, 0) as two:
        waiting = [asyncio.create_task(anext(events)) for events in (one, two)]
        await subscribed(feed, 2)
        await asyncio.sleep(0.1)  # both have read the feed's span
        await changer("a")
        await asyncio.wait_for(asyncio.gather(*waiting), 45)
    assert feed.loads == ["a"]


async def test_while_nobody_follows_nothing_is_loaded_and_who_comes_later_misses_nothing(
    feed, changer
):
    await changer("a", "b")
    async with asyncio.timeout(45):
        while feed.position(SITE) < 2:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    assert feed.loads == []
    async with following(feed, SITE, 0) as events:
        assert [event.ref for event in await take(events, 2)] == ["a", "b"]
        await changer("c")
        assert [event.ref for event in await take(events, 1)] == ["c"]


async def test_sites_do_not_see_one_another(feed, changer):
    await changer("a")
    await changer("b", site="other")
    async with following(feed, "other", 0) as events:
        (event,) = await take(events, 1)
    assert (event.position, event.ref) == (1, "b")


async def test_a_cursor_older_than_the_feed_is_reset(feed, changer, line):
    await changer("a", "b")
    await changer("c", now=T0 + 10 * DAY_MS)
    keep = Keep(90, 180, 1000, 1000, 30, feed=7)
    removal = line.writer.submit(5, lambda c: REMOVALS["changes"](c, keep, T0 + 10 * DAY_MS))
    assert removal.result(10) == 2
    async with following(feed, SITE, 0) as events:
        assert await take(events, 1) == [Reset("too-old")]
    async with following(feed, SITE, 2) as events:
        assert [event.ref for event in await take(events, 1)] == ["c"]


async def test_a_cursor_from_another_database_is_reset(feed, changer):
    await changer("a")
    async with following(feed, SITE, 99) as events:
        assert await take(events, 1) == [Reset("unknown-cursor")]


async def test_a_slow_subscriber_is_reset_and_holds_up_nobody():
    slow, quick = Subscriber(waiting=3), Subscriber(waiting=3)
    reader = one_by_one(quick.told)
    read = []
    for position in range(1, 6):
        telling = Telling((Changed(position, "alert", "a", T0, None),))
        slow.tell(telling)
        quick.tell(telling)
        read += await take(reader, 1)
    assert [event.position for event in read] == [1, 2, 3, 4, 5]
    slow.show(Telling((Live("sensor", {}, T0),)))
    assert [event async for event in one_by_one(slow.told)] == [Reset("too-slow")]


async def test_a_reader_who_comes_back_gets_each_devices_newest_reading_once():
    reader = Subscriber()
    reader.show(Telling((Live("a", {}, 1), Live("b", {}, 1))))
    reader.show(Telling((Live("b", {}, 2), Live("c", {}, 2))))
    (told,) = await reader.told()
    assert [(one.device, one.received_at) for one in told.events] == [("a", 1), ("b", 2), ("c", 2)]


async def test_what_waits_for_a_reader_comes_at_once_and_changes_first():
    reader = Subscriber()
    reader.show(Telling((Live("a", {}, 1),)))
    for position in (1, 2):
        reader.tell(Telling((Changed(position, "alert", "a", T0, None),)))
    told = await reader.told()
    assert [type(one.events[0]) for one in told] == [Changed, Changed, Live]


async def test_readings_are_shown_once_a_second_at_most_and_never_replayed(feed, line):
    agent = Agent()
    line.pipeline._committed = feed.committed
    async with following(feed, SITE, 0) as events:
        collected = []

        async def collect():
            async for event in events:
                collected.extend([event] if isinstance(event, Live) else [])

        task = asyncio.create_task(collect())
        await subscribed(feed)
        loop = asyncio.get_running_loop()
        start = loop.time()
        sent = 0
        while loop.time() - start < 2.2:
            sent += 1
            now = T0 + sent
            await asyncio.to_thread(
                line.handle, agent.message(gate(now, "state", open=bool(sent % 2)), now=now)
            )
        task.cancel()
        await asyncio.wait([task])
    assert sent > 5
    assert 2 <= len(collected) <= 4
    assert collected[-1].signals["open"]["at"] > collected[0].signals["open"]["at"]


async def test_subscribers_end_with_the_feed(line):
    feed = Feed(line.store.reader, [SITE], lambda *_: None)
    await feed.__aenter__()
    async with following(feed, SITE, 0) as events:
        waiting = asyncio.create_task(anext(events, "over"))
        await subscribed(feed)
        await feed.__aexit__(None, None, None)
        assert await asyncio.wait_for(waiting, 45) == "over"


async def test_other_systems_are_told_only_what_is_listed(feed, changer):
    sent = asyncio.Queue()
    publishing = asyncio.create_task(
        publish_outward(feed, SITE, lambda topic, payload: sent.put_nowait((topic, payload)))
    )
    await subscribed(feed)
    await changer("a")
    topic, payload = await asyncio.wait_for(sent.get(), 45)
    publishing.cancel()
    await asyncio.wait([publishing])
    assert topic == f"gatehouse/1/{SITE}/hub/alert"
    assert b"unacknowledged" in payload
    assert b"secret" not in payload
