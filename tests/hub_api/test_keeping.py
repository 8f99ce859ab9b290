"""Erasure on request, legal holds, and how long what is kept, through the API."""

import hashlib
import secrets

import pytest
from sqlalchemy import insert, select

from hub.config import Role
from hub.database import sqlite
from hub.store import open_store
from hub.store.keeping.erased import erase_again, read_erased
from hub.store.schema import (
    audit,
    credential,
    dead_letter,
    evidence,
    observation,
    passage,
    passer,
    person,
)
from tests.hub_api.house import T0
from tests.hub_api.test_households import COURT, PEOPLE, found, give

DAY_MS = 86_400_000
CARD = "card-0815-0001"


def rows(house, table):
    with house.store.reader.connect() as reader:
        return list(reader.execute(select(table)).mappings())


@pytest.fixture
async def people(house):
    """A supervisor who asks, an admin who signs, and somebody's id."""
    asks = await house.person("li", Role.SUPERVISOR, "court")
    signs = await house.person("boss", Role.ADMIN)
    await give(asks, PEOPLE, "whole")
    (home,) = await found(asks, credential=CARD)
    (card,) = [one for one in home["credentials"] if one["masked"].endswith("0001")]
    return asks, signs, {"kind": "person", "target": card["person"], "reason": "本人申请删除"}


async def picture(house, name):
    """A picture of a passage, on the books and on the disk."""
    content = name.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    house.evidence.append("court", sha256, 0, content)
    house.evidence.complete("court", sha256)
    row = {"id": secrets.token_hex(16), "site": "court", "agent": "gates", "device": "gate-east"}
    row |= {"kind": "picture", "state": "stored", "sha256": sha256, "size": len(content)}
    row |= dict.fromkeys(("from_at", "to_at", "created_at", "updated_at", "stored_at"), T0)
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(insert(evidence), [row])
        connection.execute(passage.update().values(picture=sha256))
    return sha256


async def test_somebody_is_erased_when_another_signs_and_the_report_says_what_stayed(house, people):
    asks, signs, wish = people
    for credentials in (CARD, CARD, "card-0815-0002"):
        await house.gate("granted", credential=credentials, direction="in", method="card")
    sha256 = await picture(house, "face")
    asked = (await asks.post(f"{COURT}/erasures", wish)).json()
    path = f"{COURT}/erasures/{asked['id']}"
    assert {one["part"]: one["count"] for one in asked["erased"]} == {
        "people": 1,
        "credentials": 1,
        "passages": 2,
        "observations": 2,
        "pictures": 2,
        "clips": 0,
        "letters": 0,
    }
    assert (await asks.post(f"{COURT}/erasures", wish)).json()["code"] == "erasure-asked"
    assert (await asks.post(f"{path}/sign")).status_code == 403
    own = (await signs.post(f"{COURT}/erasures", {**wish, "kind": "household"})).status_code
    assert own == 404  # a person is no household
    done = (await signs.post(f"{path}/sign")).json()
    assert (done["state"], done["decided_by"], done["target"]) == ("done", "boss", wish["target"])
    assert {"other-clips", "backups"} <= {one["part"] for one in done["kept"]}
    assert len(rows(house, person)) == 2
    assert len(rows(house, credential)) == 3
    marks = [(row["subject"], row["sealed"], row["masked"]) for row in rows(house, passage)]
    assert marks[:2] == [(None, None, None)] * 2
    assert None not in marks[2]
    assert [row["subject"] for row in rows(house, passer)] == [marks[2][0]]
    told = [
        (row["sealed"] is None, "credential" in row["signals"]) for row in rows(house, observation)
    ]
    assert sorted(told) == [(False, True), (True, False), (True, False)]
    assert house.evidence.size("court", sha256) is None
    assert (await signs.post(f"{path}/sign")).json()["code"] == "erasure-decided"
    (read,) = (await asks.get(f"{COURT}/erasures")).json()["items"]
    assert read == done
    trail = (await signs.get("/api/audit")).json()["items"]
    acts = {(one["action"], one["outcome"]) for one in trail}
    assert {("erasure.ask", "ok"), ("erasure.sign", "begun"), ("erasure.done", "ok")} <= acts


def put(house, table, **values):
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(insert(table).values(**values))


async def test_clips_and_dead_letters_go_too_and_a_restored_backup_forgets_again(
    house, people, tmp_path
):
    asks, signs, wish = people
    await house.gate("granted", credential=CARD, direction="in", method="card")
    clip = {"site": "court", "agent": "gates", "device": "gate-east", "kind": "clip", "size": 4}
    clip |= dict.fromkeys(("created_at", "updated_at", "stored_at"), T0)
    for name, from_at in (("a", T0 - 10_000), ("b", T0 + 60_000)):
        span = {"from_at": from_at, "to_at": from_at + 20_000, "state": "stored"}
        put(house, evidence, id=name * 32, sha256=name * 64, **clip, **span)
    letter = {"site": "court", "topic": "x", "received_at": T0, "reason": "x", "detail": "x"}
    for head in (f'{{"credential":"{CARD}"'.encode(), b'{"credential":"card-0815-9999"'):
        put(house, dead_letter, sealed=house.seal.seal("court", head), size=9, **letter)
    asked = (await asks.post(f"{COURT}/erasures", wish)).json()
    copy = tmp_path / "copy.db"
    sqlite.copy(tmp_path / "hub.db", copy)
    counts = {one["part"]: one["count"] for one in asked["erased"]}
    assert (counts["clips"], counts["letters"]) == (1, 1)
    await signs.post(f"{COURT}/erasures/{asked['id']}/sign")
    left = {row["id"][0]: row["state"] for row in rows(house, evidence)}
    assert left == {"a": "removed", "b": "stored"}
    assert [row["sealed"] is None for row in rows(house, dead_letter)] == [True, False]
    listed = read_erased(tmp_path / "erased")
    assert [(one.target, one.id) for one in listed] == [(wish["target"], asked["id"])]
    restored, gone = open_store(copy), []
    try:
        for times in (1, 0):
            again = erase_again(
                restored.writer, house.seal, listed, remove=lambda *one: gone.append(one), now=T0
            )
            assert again == times
        with restored.reader.connect() as reader:
            assert wish["target"] not in set(reader.scalars(select(person.c.id)))
            assert list(reader.scalars(select(passage.c.subject))) == [None]
            states = dict(reader.execute(select(evidence.c.id, evidence.c.state)).all())
            assert "erasure.again" in set(reader.scalars(select(audit.c.action)))
    finally:
        restored.close()
    assert states == {"a" * 32: "removed", "b" * 32: "stored"}
    assert gone == [("court", "a" * 64)]
    assert read_erased(tmp_path / "nowhere") is None


async def test_whoever_asks_does_not_sign_and_a_refusal_erases_nothing(house, people):
    _, signs, wish = people
    asked = (await signs.post(f"{COURT}/erasures", wish)).json()
    path = f"{COURT}/erasures/{asked['id']}"
    answer = await signs.post(f"{path}/sign")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-allowed")
    refused = (await signs.post(f"{path}/refuse", {"reason": "不是本人"})).json()
    assert (refused["state"], refused["erased"]) == ("refused", [])
    assert len(rows(house, person)) == 3


async def test_what_an_open_case_or_a_legal_hold_needs_outlives_an_erasure(house, people):
    asks, signs, wish = people
    await house.force_door()
    await house.gate("granted", credential=CARD, direction="in", method="card")
    (case,) = (await asks.get(f"{COURT}/cases")).json()["items"]
    house.hand.pass_s(45 * 60)
    asks, signs = await house.log_in("li"), await house.log_in("boss")
    await house.gate("granted", credential=CARD, direction="out", method="card")
    now = house.clock.now()
    hold = {"case": case["id"], "authority": "派出所 2026-17", "reason": "立案侦查"}
    until = {"until": now + 30 * DAY_MS}
    assert (await asks.post(f"{COURT}/legal-holds", hold | until)).status_code == 403
    for wrong in ({"until": T0}, {"case": "nothing"}):
        answer = await signs.post(f"{COURT}/legal-holds", hold | until | wrong)
        assert answer.status_code in {404, 422}
    placed = (await signs.post(f"{COURT}/legal-holds", hold | until)).json()
    assert {one["device"] for one in placed["spans"]} == {"gate-east"}
    asked = (await asks.post(f"{COURT}/erasures", wish)).json()
    done = (await signs.post(f"{COURT}/erasures/{asked['id']}/sign")).json()
    counts = {one["part"]: one["count"] for one in done["erased"]}
    kept = {one["part"]: (one["count"], bool(one["why"])) for one in done["kept"]}
    assert (counts["passages"], kept["passages"], kept["observations"]) == (1, (1, True), (1, True))
    cards = [row["subject"] is None for row in rows(house, passage) if row["method"] == "card"]
    assert cards == [False, True]
    release = f"{COURT}/legal-holds/{placed['id']}/release"
    over = (await signs.post(release, {"reason": "结案"})).json()
    assert (over["ended_by"], over["end_reason"]) == ("boss", "结案")
    assert (await signs.post(release, {"reason": "结案"})).json()["code"] == "hold-over"
    (listed,) = (await asks.get(f"{COURT}/legal-holds")).json()["items"]
    assert listed == over


async def test_the_table_of_classes_shows_what_is_overdue(house, people):
    await house.gate("granted", credential=CARD, direction="in", method="card")

    async def stands():
        who = await house.log_in("li")
        return {one["id"]: one for one in (await who.get(f"{COURT}/retention")).json()}

    early = await stands()
    assert (early["passages"]["oldest"], early["passages"]["overdue"]) == (T0, 0)
    assert early["passages"]["setting"] == "retention.passages_days"
    house.hand.pass_s(91 * 86_400)
    late = await stands()
    assert (late["passages"]["overdue"], late["observations"]["overdue"]) == (2, 1)
    assert late["passages"]["held"] == 0
