import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.errors import OutboxError, OutboxFullError
from edge.outbox import Entry, LaneQuota, Outbox, Quotas
from wire import Ack, ContentType, Lane

if TYPE_CHECKING:
    import sqlite3

HUB = "0123456789abcdef"
OBS = ContentType.OBSERVATIONS


def ack(outbox: Outbox, lane: Lane, upto: int, *ranges: tuple[int, int]) -> Ack:
    return Ack(hub=HUB, boot=outbox.boot, lane=lane, upto=upto, ranges=ranges)


async def seqs(outbox: Outbox, lane: Lane) -> list[int]:
    return [row.seq for row in await outbox.unacked(lane, 0, 10_000, max_bytes=2**30)]


async def test_each_lane_counts_from_one_without_gaps(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        given = [await outbox.append(Lane.EVENT, OBS, b"e", 1) for _ in range(3)]
        given += [await outbox.append(Lane.LIFE, OBS, b"l", 1)]
        assert given == [1, 2, 3, 1]


async def test_many_appends_at_once_keep_their_order_and_numbers(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        given = await asyncio.gather(
            *(outbox.append(Lane.TELEMETRY, OBS, str(n).encode(), 1) for n in range(500))
        )
        assert given == list(range(1, 501))
        rows = await outbox.unacked(Lane.TELEMETRY, 0, 1000)
        assert [row.body for row in rows] == [str(n).encode() for n in range(500)]


@pytest.mark.parametrize(
    ("upto", "ranges", "left", "floor"),
    [
        (0, (), [1, 2, 3, 4, 5, 6], 1),
        (2, (), [3, 4, 5, 6], 3),
        (6, (), [], 7),
        (0, ((3, 4),), [1, 2, 5, 6], 1),
        (1, ((3, 3), (5, 6)), [2, 4], 2),
    ],
)
async def test_acknowledged_rows_leave(
    tmp_path: Path, upto: int, ranges: tuple[tuple[int, int], ...], left: list[int], floor: int
) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        for _ in range(6):
            await outbox.append(Lane.EVENT, OBS, b"x", 1)
        freed = await outbox.acknowledge(ack(outbox, Lane.EVENT, upto, *ranges))
        assert (freed, outbox.backlog(Lane.EVENT)) == (6 - len(left), len(left))
        assert (await seqs(outbox, Lane.EVENT), outbox.floor(Lane.EVENT)) == (left, floor)


async def test_ack_for_another_boot_or_lane_frees_nothing(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        await outbox.append(Lane.EVENT, OBS, b"x", 1)
        stranger = Ack(hub=HUB, boot="f" * 16, lane=Lane.EVENT, upto=1)
        assert await outbox.acknowledge(stranger, ack(outbox, Lane.LIFE, 0)) == 0
        assert outbox.backlog(Lane.EVENT) == 1


async def test_reopened_outbox_goes_on_where_it_was(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        boot = outbox.boot
        for _ in range(3):
            await outbox.append(Lane.EVENT, OBS, b"x", 1)
        await outbox.acknowledge(ack(outbox, Lane.EVENT, 3))
    async with Outbox(tmp_path / "o.db") as outbox:
        assert (outbox.boot, outbox.floor(Lane.EVENT)) == (boot, 4)
        assert await outbox.append(Lane.EVENT, OBS, b"y", 1) == 4


async def test_database_and_its_log_are_for_their_owner_only(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        await outbox.append(Lane.EVENT, OBS, b"x", 1)
        assert modes(tmp_path) == dict.fromkeys(["o.db", "o.db-wal", "o.db.reserve"], 0o600)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def corrupt_files(folder: Path) -> int:
    return len(list(folder.glob("*.corrupt-*")))


async def test_corrupt_database_is_set_aside_and_a_new_boot_drawn(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    async with Outbox(path) as outbox:
        boot = outbox.boot
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    async with Outbox(path) as outbox:
        assert outbox.boot != boot
        assert await outbox.append(Lane.EVENT, OBS, b"x", 1) == 1
    assert corrupt_files(tmp_path) == 1


async def test_database_of_another_agent_is_refused_by_name(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db"):
        with pytest.raises(OutboxError, match="locked"):
            async with Outbox(tmp_path / "o.db"):
                pytest.fail("two agents share one outbox")


async def test_ack_beyond_the_head_shows_lost_commits_and_draws_a_new_boot(tmp_path: Path) -> None:
    """As after a restore from a copy: those numbers must never name other rows."""
    async with Outbox(tmp_path / "o.db") as outbox:
        boot = outbox.boot
        await outbox.append(Lane.EVENT, OBS, b"x", 1)
        await outbox.acknowledge(ack(outbox, Lane.EVENT, 7))
        assert outbox.boot != boot
        assert await seqs(outbox, Lane.EVENT) == [1]
    async with Outbox(tmp_path / "o.db") as again:
        assert again.boot == outbox.boot


async def test_lane_over_its_rows_drops_its_oldest_and_counts_observations(tmp_path: Path) -> None:
    quotas = Quotas(telemetry=LaneQuota(max_mib=1, max_rows=3))
    async with Outbox(tmp_path / "o.db", quotas) as outbox:
        for _ in range(5):
            await outbox.append(Lane.TELEMETRY, OBS, b"x", 10)
        assert await seqs(outbox, Lane.TELEMETRY) == [3, 4, 5]
        assert outbox.floor(Lane.TELEMETRY) == 3
        assert outbox.statuses()[Lane.TELEMETRY].dropped == 20
    async with Outbox(tmp_path / "o.db", quotas) as outbox:
        assert outbox.statuses()[Lane.TELEMETRY].dropped == 20


async def test_lane_over_its_bytes_drops_its_oldest(tmp_path: Path) -> None:
    quotas = Quotas(media=LaneQuota(max_mib=1, max_rows=1000))
    async with Outbox(tmp_path / "o.db", quotas) as outbox:
        for _ in range(6):
            await outbox.append(Lane.MEDIA, OBS, b"x" * 300_000, 1)
        assert await seqs(outbox, Lane.MEDIA) == [4, 5, 6]


async def test_over_the_whole_quota_media_go_first_then_telemetry_never_events(
    tmp_path: Path,
) -> None:
    big = b"x" * 300_000
    async with Outbox(tmp_path / "o.db", Quotas(max_mib=1)) as outbox:
        await outbox.append(Lane.TELEMETRY, OBS, big, 1)
        await outbox.append(Lane.MEDIA, OBS, big, 1)
        await outbox.append(Lane.MEDIA, OBS, big, 1)
        held = []
        for _ in range(6):
            await outbox.append(Lane.EVENT, OBS, big, 1)
            held.append(tuple(outbox.backlog(lane) for lane in (Lane.MEDIA, Lane.TELEMETRY)))
        assert held == [(1, 1), (0, 1), (0, 0), (0, 0), (0, 0), (0, 0)]
        assert await seqs(outbox, Lane.EVENT) == [1, 2, 3, 4, 5, 6]


def limit_pages(outbox: Outbox, extra: int) -> Callable[[], None]:
    """Make the disk full `extra` pages from here, by SQLite's own limit; returns its lifting."""
    connection: sqlite3.Connection = outbox._worker._store.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + extra}")
    return lambda: connection.execute("PRAGMA max_page_count = 1073741823") and None


async def fill(outbox: Outbox, after: Callable[[], None] = lambda: None) -> int:
    """Append events until there is no room; how many were stored."""
    for stored in range(1000):
        try:
            await outbox.append(Lane.EVENT, OBS, b"x" * 4000, 1)
        except OutboxFullError:
            return stored
        after()
    pytest.fail("the disk never became full")


async def test_full_disk_refuses_events_by_name_and_recovers_by_itself(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        lift = limit_pages(outbox, 8)
        stored = await fill(outbox)
        assert await seqs(outbox, Lane.EVENT) == list(range(1, stored + 1))
        lift()
        assert await outbox.append(Lane.EVENT, OBS, b"x" * 2000, 1) == stored + 1


async def test_full_disk_gives_events_the_room_of_media_then_of_telemetry(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        limit_pages(outbox, 40)
        for _ in range(10):
            await outbox.append(Lane.MEDIA, OBS, b"m" * 4000, 1)
            await outbox.append(Lane.TELEMETRY, OBS, b"t" * 4000, 1)
        held = []
        await fill(
            outbox,
            lambda: held.append((outbox.backlog(Lane.MEDIA), outbox.backlog(Lane.TELEMETRY))),
        )
        assert held == sorted(held, reverse=True)
        assert held[0] == (10, 10)
        assert (0, 10) in held
        assert held[-1] == (0, 0)
        statuses = outbox.statuses()
        assert (statuses[Lane.MEDIA].dropped, statuses[Lane.TELEMETRY].dropped) == (10, 10)


async def test_one_job_that_does_not_fit_does_not_spoil_its_group(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        limit_pages(outbox, 12)
        outcomes = await asyncio.gather(
            outbox.append(Lane.EVENT, OBS, b"x", 1),
            outbox.append(Lane.EVENT, OBS, b"x" * 1_000_000, 1),
            outbox.append(Lane.EVENT, OBS, b"x", 1),
            return_exceptions=True,
        )
        assert outcomes[0] == 1
        assert isinstance(outcomes[1], OutboxFullError)
        assert outcomes[2] == 2


async def test_what_could_not_be_stored_is_counted_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    async with Outbox(path) as outbox:
        await outbox.count_drop(Lane.TELEMETRY, 7)
        assert outbox.statuses()[Lane.TELEMETRY].dropped == 7
    async with Outbox(path) as outbox:
        assert outbox.statuses()[Lane.TELEMETRY].dropped == 7


async def test_several_envelopes_are_stored_together_or_not_at_all(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        limit_pages(outbox, 10)
        small = Entry(Lane.LIFE, OBS, b"x", 1, (("gate", "r1"),))
        large = Entry(Lane.EVENT, OBS, b"x" * 1_000_000, 1, (("gate", "r2"),))
        with pytest.raises(OutboxFullError):
            await outbox.append_all([small, large])
        assert outbox.backlog(Lane.LIFE) == 0
        assert await outbox.known_records("gate", ["r1", "r2"]) == set()


async def test_record_ids_are_known_by_device_and_survive_a_restart(tmp_path: Path) -> None:
    entry = Entry(Lane.EVENT, OBS, b"x", 1, (("gate-a", "r1"), ("gate-a", "r2")))
    async with Outbox(tmp_path / "o.db") as outbox:
        await outbox.append_all([entry])
    async with Outbox(tmp_path / "o.db") as outbox:
        assert await outbox.known_records("gate-a", ["r1", "r2", "r3"]) == {"r1", "r2"}
        assert await outbox.known_records("gate-b", ["r1"]) == set()


async def test_command_is_remembered_as_executed_across_a_restart(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        assert await outbox.mark_executed("c1")
        assert not await outbox.mark_executed("c1")
    async with Outbox(tmp_path / "o.db") as outbox:
        assert await outbox.was_executed("c1")
        assert not await outbox.was_executed("c2")


async def test_rows_are_read_up_to_a_weight_but_at_least_one(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        for _ in range(4):
            await outbox.append(Lane.MEDIA, OBS, b"x" * 1000, 1)
        assert len(await outbox.unacked(Lane.MEDIA, 0, 10, max_bytes=2500)) == 2
        assert len(await outbox.unacked(Lane.MEDIA, 0, 10, max_bytes=1)) == 1
        assert [row.seq for row in await outbox.unacked(Lane.MEDIA, 2, 10)] == [3, 4]


async def test_closed_outbox_takes_nothing_more(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        pass
    with pytest.raises(OutboxError):
        await outbox.append(Lane.EVENT, OBS, b"x", 1)


async def test_append_handed_in_before_closing_is_stored(tmp_path: Path) -> None:
    async with Outbox(tmp_path / "o.db") as outbox:
        pending = [
            asyncio.ensure_future(outbox.append(Lane.EVENT, OBS, b"x", 1)) for _ in range(50)
        ]
        await asyncio.sleep(0)
    assert sorted(await asyncio.gather(*pending)) == list(range(1, 51))
    async with Outbox(tmp_path / "o.db") as outbox:
        assert outbox.backlog(Lane.EVENT) == 50
