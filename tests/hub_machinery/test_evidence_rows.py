"""What becomes of a clip that an alarm wants, on a real database; and what is kept how long."""

import hashlib
import secrets
from concurrent.futures import Future

import pytest

from hub.evidence import EvidenceFiles, WrongHashError
from hub.evidence.port import OffsetError
from hub.pipeline.evidence_keeping import EvidenceKeeping
from hub.store import open_store
from hub.store.reads.evidence import EvidenceQuery, evidence_rows
from hub.store.write import evidence as rows
from hub.store.write.evidence_retention import DAY_MS, KeepEvidence
from wire.media import EvidenceClass, EvidenceNote

T0 = 1_760_000_000_000
SHA = {name: secrets.token_hex(32) for name in ("one", "two", "three")}
WANT = rows.Want("a" * 32, "court", "cameras", "cam-1", "alert-1", T0 - 10_000, T0 + 10_000)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "hub.db")
    yield opened
    opened.close()


def write(store, work):
    with store.writer.connect() as connection, connection.begin():
        return work(connection)


def note(name="one", **more):
    return EvidenceNote(
        id=secrets.token_hex(16),
        device="cam-1",
        kind=EvidenceClass.CLIP,
        at=T0,
        from_at=T0 - 1000,
        to_at=T0,
        sha256=SHA[name],
        size=100,
        content_type="video/mp4",
    ).model_copy(update=more)


def take(store, one, *, agent="cameras", site="court", now=T0):
    write(
        store,
        lambda connection: rows.take_note(
            connection, site=site, agent=agent, note=one, offset=500, now=now
        ),
    )


def listed(store, site="court"):
    with store.reader.connect() as connection:
        return evidence_rows(connection, site, EvidenceQuery()).records


def test_a_wanted_clip_is_asked_for_until_it_is_announced(store):
    write(store, lambda connection: rows.want(connection, WANT, T0))
    write(store, lambda connection: rows.want(connection, WANT, T0 + 1))  # the same alert again
    (due,) = write(store, lambda connection: rows.due(connection, T0))
    assert (due.id, due.tries) == (WANT.id, 0)
    write(
        store,
        lambda connection: rows.asked(
            connection, WANT.id, reached=True, again_at=T0 + 5000, now=T0
        ),
    )
    assert write(store, lambda connection: rows.due(connection, T0 + 4999)) == []
    assert len(write(store, lambda connection: rows.due(connection, T0 + 5000))) == 1
    take(store, note(id=WANT.id))
    assert write(store, lambda connection: rows.due(connection, T0 + 9000)) == []
    (row,) = listed(store)
    assert (row["state"], row["alert"], row["from_at"]) == ("announced", "alert-1", T0 - 500)


def test_what_goes_with_a_clip_belongs_to_its_alert_too(store):
    write(store, lambda connection: rows.want(connection, WANT, T0))
    take(store, note("two", kind=EvidenceClass.STILL, of=WANT.id))
    assert {row["alert"] for row in listed(store)} == {"alert-1"}


def test_a_clip_that_was_given_up_is_taken_when_it_comes_after_all(store):
    write(store, lambda connection: rows.want(connection, WANT, T0))
    write(store, lambda connection: rows.give_up(connection, WANT.id, "agent away", T0))
    assert listed(store)[0]["failed"] == "agent away"
    take(store, note(id=WANT.id))
    assert (listed(store)[0]["state"], listed(store)[0]["failed"]) == ("announced", None)


def test_another_agent_can_neither_announce_nor_end_it(store):
    write(store, lambda connection: rows.want(connection, WANT, T0))
    take(store, note(id=WANT.id), agent="gates")
    take(store, note(id=WANT.id), site="yard")
    assert listed(store)[0]["state"] == "wanted"


def kept(store, files, *, max_bytes=10**9, days=90, now):
    keep = KeepEvidence({one.value: days for one in EvidenceClass}, 1095, max_bytes)

    class Now:
        """The writer's one method that keeping needs."""

        def submit(self, _priority, work):
            future = Future()
            future.set_result(write(store, work))
            return future

    return EvidenceKeeping(
        writer=Now(), reader=store.reader, store=files, keep=keep, now=lambda: now
    )


def bring(store, files, name, *, at=T0):
    content = name.encode() * 30
    sha = hashlib.sha256(content).hexdigest()
    take(store, note(sha256=sha, size=len(content)), now=at)
    files.append("court", sha, 0, content)
    size = files.complete("court", sha)
    write(
        store,
        lambda connection: rows.stored(connection, site="court", sha256=sha, size=size, now=at),
    )
    return sha


async def test_what_has_been_kept_long_enough_goes_and_its_record_stays(store, tmp_path):
    files = EvidenceFiles(tmp_path / "evidence")
    old = bring(store, files, "old")
    new = bring(store, files, "new", at=T0 + 50 * DAY_MS)
    removed = await kept(store, files, now=T0 + 91 * DAY_MS).sweep()
    assert removed == 1
    assert (files.size("court", old), files.size("court", new)) == (None, 90)
    states = {row["sha256"]: row["state"] for row in listed(store)}
    assert states == {old: "removed", new: "stored"}


async def test_the_oldest_makes_room_when_all_weighs_too_much(store, tmp_path):
    files = EvidenceFiles(tmp_path / "evidence")
    shas = [bring(store, files, name, at=T0 + n) for n, name in enumerate(["aaa", "bbb", "ccc"])]
    await kept(store, files, max_bytes=200, now=T0 + 1000).sweep()
    assert [files.size("court", sha) for sha in shas] == [None, 90, 90]


async def test_bytes_that_two_pieces_share_stay_until_the_last_of_them_goes(store, tmp_path):
    files = EvidenceFiles(tmp_path / "evidence")
    sha = bring(store, files, "same")
    bring_again = note(sha256=sha, size=120)
    take(store, bring_again, now=T0 + 60 * DAY_MS)
    at = T0 + 60 * DAY_MS
    write(
        store,
        lambda connection: rows.stored(connection, site="court", sha256=sha, size=120, now=at),
    )
    await kept(store, files, now=T0 + 91 * DAY_MS).sweep()
    assert files.size("court", sha) is not None
    await kept(store, files, now=T0 + 151 * DAY_MS).sweep()
    assert files.size("court", sha) is None


async def test_unfinished_bytes_that_nobody_waits_for_are_removed(store, tmp_path):
    files = EvidenceFiles(tmp_path / "evidence")
    files.append("court", SHA["one"], 0, b"half")
    files.append("court", SHA["two"], 0, b"half")
    take(store, note("one"))
    await kept(store, files, now=T0).sweep()
    assert files.offset("court", SHA["one"]) == 4
    assert files.offset("court", SHA["two"]) == 0


def test_files_take_chunks_in_order_and_only_the_right_whole(tmp_path):
    files = EvidenceFiles(tmp_path)
    assert files.append("court", SHA["one"], 0, b"abc") == 3
    with pytest.raises(OffsetError) as refused:
        files.append("court", SHA["one"], 1, b"bc")
    assert refused.value.offset == 3
    with pytest.raises(WrongHashError):
        files.complete("court", SHA["one"])
    assert files.offset("court", SHA["one"]) == 0
    for name in ("../../etc/passwd", "0" * 63, "Z" * 64):
        with pytest.raises(ValueError, match="not a name"):
            files.offset("court", name)
