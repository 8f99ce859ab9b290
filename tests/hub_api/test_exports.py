"""Exports: asked for by one, approved by another, watermarked, hashed, fetched for a while."""

import csv
import hashlib
import io
import random
import zipfile

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from hub.api.export_file import pack, write_table
from hub.config import Role
from hub.config.looks import LooksConfig
from hub.store.schema import passage
from hub.traces.export import Export, ExportState
from simulators.snapshot import snapshot
from tests.hub_api.test_evidence import Agent
from wire.media import EvidenceClass

COURT = "/api/sites/court"
EXPORTS = f"{COURT}/exports"
CARD = "CARD-4711-0815"
DAY_MS = 86_400_000


@pytest.fixture
async def three(house):
    return (
        await house.person("wang", Role.GUARD),
        await house.person("li", Role.SUPERVISOR),
        await house.person("boss", Role.ADMIN),
    )


async def ask(house, person, **said):
    now = house.clock.now()
    asked = {"start": now - DAY_MS, "end": now + 1} | said
    look = await person.look(purpose="police", reason="letter 17")
    return await person.send("POST", EXPORTS, asked, params=look)


async def made(house, three, **said):
    export = (await ask(house, three[0], **said)).json()["id"]
    answer = await three[1].post(f"{EXPORTS}/{export}/actions/approve")
    assert answer.json()["state"] == "making", answer.text
    assert await house.services.export_maker.make_next()
    return export


def opened(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


async def test_a_file_is_made_only_when_another_person_approves(house, three):
    wang, li, boss = three
    await house.gate("granted", credential=CARD, direction="in")
    export = (await ask(house, li)).json()
    assert (export["state"], export["total"]) == ("requested", 1)
    url = f"{EXPORTS}/{export['id']}"
    assert not await house.services.export_maker.make_next()
    assert (await wang.post(f"{url}/actions/approve")).status_code == 403
    assert (await li.post(f"{url}/actions/approve")).status_code == 409
    assert (await boss.post(f"{url}/actions/refuse")).status_code == 422
    assert (await boss.post(f"{url}/actions/refuse", {"note": "no letter"})).is_success
    refused = await li.get(f"{url}/content")
    assert (refused.status_code, refused.json()["why"]["en"]) == (409, "It was refused.")
    assert (await boss.post(f"{url}/actions/approve")).status_code == 409
    assert (await wang.get(EXPORTS)).json() == [], "a guard sees their own"
    for change in ("decider = requester", "state = 'ready', decider = NULL"):
        sql = text(f"UPDATE export SET {change} WHERE id = '{export['id']}'")
        with house.store.writer.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(sql)


async def test_each_row_names_who_has_it_and_the_file_can_be_checked(house, three):
    wang, li, boss = three
    await house.gate("granted", credential=CARD, direction="in", method="card")
    export = await made(house, three)
    (shown,) = (await wang.get(EXPORTS)).json()
    assert (shown["state"], shown["decider"]) == ("ready", "li")
    content = (await wang.get(f"{EXPORTS}/{export}/content")).content
    assert hashlib.sha256(content).hexdigest() == shown["sha256"]
    files = opened(content)
    assert set(files) == {"passages.csv", "MANIFEST.sha256"}
    line = f"{hashlib.sha256(files['passages.csv']).hexdigest()}  passages.csv\n"
    assert files["MANIFEST.sha256"].decode() == line
    rows = list(csv.reader(io.StringIO(files["passages.csv"].decode("utf-8-sig"))))
    mark = rows[0][0].removeprefix("# ")
    assert mark.startswith(f"{export[:8]} wang/li 2025-10-09 ")
    assert mark.endswith(" police")
    assert dict(zip(rows[1], rows[2], strict=True)) | {"time": "", "mark": ""} == {
        "time": "",
        "device": "gate-east",
        "direction": "in",
        "result": "granted",
        "reason": "",
        "method": "card",
        "mark": "",
        "credential": "••••0815",
        "picture": "",
        "watermark": mark,
    }
    assert (await li.get(f"{EXPORTS}/{export}/content")).status_code == 409, "not hers"
    (sealed,) = house.services.export_maker.folder.iterdir()
    assert b"gate-east" not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o077 == 0
    told = (await boss.get("/api/audit", params={"chain": "court"})).json()["items"]
    acts = [(one["action"], one["actor"], one["outcome"]) for one in told if "export" in str(one)]
    assert acts[::-1] == [
        ("export.ask", "wang", "ok"),
        ("export.approve", "li", "ok"),
        ("export.make", "wang", "ok"),
        ("export.download", "wang", "ok"),
        ("export.download", "li", "not-allowed"),
    ]
    (about,) = [one["detail"] for one in told if one["action"] == "export.make"]
    assert (about["sha256"], about["role"]) == (shown["sha256"], "guard")
    assert about["query"]["end"] == shown["end"]


async def test_what_is_exported_again_from_the_record_is_the_same(house, three):
    await house.gate("granted", credential=CARD)
    export = await made(house, three, plain=True)
    maker = house.services.export_maker
    first = (await three[0].get(f"{EXPORTS}/{export}/content")).content
    assert CARD in opened(first)["passages.csv"].decode()
    house.hand.pass_s(60)
    await house.gate("granted", credential="CARD-0000-0001")
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(text("UPDATE export SET state = 'making'"))
    assert await maker.make_next()
    assert (await three[0].get(f"{EXPORTS}/{export}/content")).content == first


async def test_a_file_expires_and_is_deleted_and_says_so(house, three):
    await house.gate("granted", credential=CARD)
    export = await made(house, three)
    maker = house.services.export_maker
    assert await maker.sweep() == 0
    house.hand.pass_s(3 * 86_400)
    wang = await house.log_in("wang")
    late = await wang.get(f"{EXPORTS}/{export}/content")
    assert (late.status_code, "deleted" in late.json()["detail"]) == (409, True)
    assert await maker.sweep() == 1
    assert list(maker.folder.iterdir()) == []
    assert [one["state"] for one in (await wang.get(EXPORTS)).json()] == ["expired"]


async def test_an_export_without_a_look_or_beyond_the_cap_is_none(house, three):
    wang = three[0]
    assert (await ask(house, wang)).status_code == 422, "nothing to export"
    for number in range(3):
        await house.gate("granted", credential=f"CARD-0000-000{number}")
    object.__setattr__(house.services.exports, "config", LooksConfig(export_rows=2))
    assert (await ask(house, wang)).status_code == 422
    now = house.clock.now()
    assert (await wang.post(EXPORTS, {"start": now - 1, "end": now + 1})).status_code == 422
    assert (await ask(house, wang, start=now, end=now)).status_code == 422


async def test_pictures_carry_the_watermark_and_a_name_of_ours(house, three):
    agent, shot = Agent(house), snapshot(random.Random(5))
    await agent.announce(shot, kind=EvidenceClass.PICTURE, content_type="image/jpeg")
    await agent.bring(shot)
    sha = hashlib.sha256(shot).hexdigest()
    await house.gate("granted", credential=CARD)
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(update(passage).values(picture=sha))
    export = await made(house, three, pictures=True)
    files = opened((await three[0].get(f"{EXPORTS}/{export}/content")).content)
    assert set(files) == {"passages.csv", "pictures/00001.jpg", "MANIFEST.sha256"}
    stamped = files["pictures/00001.jpg"]
    assert stamped.startswith(b"\xff\xd8")
    assert stamped != shot
    (shown,) = (await three[0].get(EXPORTS)).json()
    assert (shown["done"], shown["total"]) == (2, 2)


async def test_an_export_that_cannot_be_made_says_so_and_holds_up_no_other(house, three):
    await house.gate("granted", credential=CARD)
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(update(passage).values(sealed=b"tampered with, all of it"))
    await made(house, three, plain=True)
    house.hand.pass_s(1)
    await made(house, three)
    shown = (await three[0].get(EXPORTS)).json()
    assert [one["state"] for one in shown] == ["ready", "failed"]
    assert shown[1]["note"] == "a seal in it is broken"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_a_cell_is_never_a_formula(sign):
    export = Export(
        id="a" * 32,
        site="court",
        state=ExportState.MAKING,
        requester="li",
        asked_at=0,
        purpose="police",
        reason="x",
        case_id=None,
        query={},
        pictures=False,
        plain=True,
        until=1,
        decider="boss",
        decided_at=0,
    )
    row = {
        "id": 1,
        "at": 0,
        "device": "gate",
        "direction": None,
        "result": "granted",
        "reason": None,
        "method": None,
        "subject": None,
        "sealed": b"x",
        "masked": None,
    }
    table = write_table(export, [row], utc_offset=8.0, opened=lambda _: f"{sign}1+1", pictures={})
    assert f"'{sign}1+1".encode() in table
    assert pack({"a": table}, 0, 8.0) == pack({"a": table}, 0, 8.0)
