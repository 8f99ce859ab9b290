"""Photos that people take: what is kept of them, what is refused, and to what they belong."""

import asyncio
import struct

import cv2
import numpy as np
import pytest

from hub.config import Role
from hub.store.write.evidence_retention import KeepEvidence, remove_aged
from hub.vision.photo_child import LONGEST_PX

CASE = {"category": "fire-lane", "title": "楼道堆物", "note": "2 单元 3 层有纸箱。"}
SECRET = b"39.9042N 116.4074E"


def jpeg(wide=640, high=480):
    shown = np.full((high, wide, 3), 90, np.uint8)
    cv2.circle(shown, (wide // 2, high // 2), min(wide, high) // 4, (20, 160, 240), -1)
    return cv2.imencode(".jpg", shown)[1].tobytes()


def as_a_telephone_writes_it(data):
    """With an EXIF block: lying on its side (orientation 6), and a text that tells a place."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0) + SECRET
    block = b"Exif\x00\x00" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


async def bring(person, content, site="court", kind="image/jpeg"):
    headers = {"X-CSRF-Token": person.csrf, "Content-Type": kind}
    return await person.http.post(f"/api/sites/{site}/photos", content=content, headers=headers)


async def photo_of(person, content=None):
    answer = await bring(person, jpeg() if content is None else content)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def photos_of(person, case):
    found = await person.get("/api/sites/court/evidence", params={"case": case})
    return [one["id"] for one in found.json()["items"]]


async def test_a_photo_is_kept_upright_smaller_and_without_what_the_telephone_hid_in_it(house):
    guard = await house.person("guard", Role.GUARD)
    taken = as_a_telephone_writes_it(jpeg(3000, 2000))
    assert SECRET in taken
    photo = await photo_of(guard, taken)
    kept = (await guard.get(f"/api/sites/court/evidence/{photo}/content")).content
    assert SECRET not in kept
    assert b"Exif" not in kept
    high, wide = cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_COLOR).shape[:2]
    assert (wide, high) == (1280, LONGEST_PX)


NO_SCAN = bytes.fromhex("ffd8ffc0000b08004000400111 00ffda0002ffd9")
BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 60_000, 60_000) + b"IEND" * 9


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "not-a-photo"),
        (b"<svg onload=alert(1)>", 422, "not-a-photo"),
        (jpeg()[:400], 422, "not-a-photo"),
        (NO_SCAN, 422, "not-a-photo"),
        (BOMB, 422, "photo-too-large"),
        (b"\xff\xd8\xff" + bytes(30_000_000), 413, "too-large"),
    ],
    ids=["nothing", "svg", "broken off", "no scan", "bomb", "30 MB"],
)
async def test_what_is_no_photo_is_refused_with_a_reason_and_nothing_is_kept(
    house, content, status, code
):
    guard = await house.person("guard", Role.GUARD)
    answer = await bring(guard, content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    listed = await guard.get("/api/sites/court/evidence")
    assert listed.json()["items"] == []


async def test_photos_belong_to_the_report_and_the_step_that_they_were_brought_for(house):
    guard = await house.person("guard", Role.GUARD)
    first, second = await photo_of(guard), await photo_of(guard, jpeg(100, 80))
    made = await guard.post("/api/sites/court/cases", CASE | {"photos": [first]})
    assert made.status_code == 201
    case = made.json()
    assert case["source"] == "person"
    taken = await guard.post(
        f"/api/sites/court/cases/{case['id']}/actions/take", {"photos": [second]}
    )
    assert taken.status_code == 200
    told = (await guard.get(f"/api/sites/court/cases/{case['id']}")).json()["history"]
    assert [step["detail"].get("photos") for step in told] == [[first], [second]]
    assert sorted(await photos_of(guard, case["id"])) == sorted([first, second])


async def test_a_photo_of_another_or_one_used_before_opens_no_case(house):
    guard, other = [await house.person(name, Role.GUARD) for name in ("guard", "other")]
    foreign, mine = await photo_of(other), await photo_of(guard)
    for photos in ([foreign], ["0" * 32], [mine, mine]):
        answer = await guard.post("/api/sites/court/cases", CASE | {"photos": photos})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "photos")
    cases = await guard.get("/api/sites/court/cases", params={"state": "all"})
    assert cases.json()["items"] == []
    assert (await guard.post("/api/sites/court/cases", CASE | {"photos": [mine]})).is_success


async def test_a_photo_that_nobody_said_anything_about_goes_after_a_day_and_others_stay(house):
    guard = await house.person("guard", Role.GUARD)
    unused, used = await photo_of(guard), await photo_of(guard, jpeg(100, 80))
    case = (await guard.post("/api/sites/court/cases", CASE | {"photos": [used]})).json()
    keep = KeepEvidence({"photo": 365}, 365, 10**12)

    async def gone(days):
        now = house.clock.now() + days * 86_400_000
        return await asyncio.wrap_future(
            house.writer.submit(5, lambda connection: remove_aged(connection, keep, now))
        )

    assert await gone(0.9) == []
    assert len(await gone(1.1)) == 1
    assert await gone(400) == []  # its case is open
    assert await photos_of(guard, case["id"]) == [used]
    answer = await guard.get(f"/api/sites/court/evidence/{unused}/content")
    assert answer.status_code == 404
