"""Evidence through the hub's doors: brought by agents, looked at by people, and on record."""

import asyncio
import hashlib
import secrets

import pytest

from hub.config import Role
from hub.pipeline import read
from wire import ContentType, Envelope, Header, Lane, topics
from wire.media import EvidenceClass, EvidenceNote, encode_notes

CONTENT = bytes(range(256)) * 2000
SIZE = len(CONTENT)
SIZE = len(CONTENT)
SHA = hashlib.sha256(CONTENT).hexdigest()
CHUNK = 200_000


class Agent:
    """The edge agent `cameras` of a site, as the hub sees it."""

    def __init__(self, house, site="court"):
        self.house, self.site = house, site
        self.seq = 0

    async def announce(self, content=CONTENT, **more):
        now = self.house.clock.now()
        note = EvidenceNote(
            id=secrets.token_hex(16),
            device="cam-1",
            kind=EvidenceClass.CLIP,
            at=now,
            from_at=now - 10_000,
            to_at=now,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content_type="video/mp4",
        ).model_copy(update=more)
        self.seq += 1
        header = Header(
            boot="00000000000000cc",
            lane=Lane.EVENT,
            seq=self.seq,
            floor=1,
            sent_at=now,
            type=ContentType.EVIDENCE,
        )
        payload = Envelope(header, encode_notes([note])).encode()
        message = read(topics.up(self.site, "cameras", Lane.EVENT), payload, now)
        await asyncio.wrap_future(self.house.pipeline.handle([message], now))
        return note

    def headers(self, sha=SHA, size=SIZE, key=None):
        key = key or self.house.keys[self.site]
        shown = key.authorization(self.site, "cameras", sha, size)
        return {"Authorization": shown, "Upload-Length": str(size)}

    async def ask(self, sha=SHA, size=SIZE, **more):
        client = await self.house.browser()
        return await client.head(f"/api/media/{sha}", headers=self.headers(sha, size, **more))

    async def put(self, start, chunk, sha=SHA, size=SIZE, **more):
        client = await self.house.browser()
        span = f"bytes {start}-{start + len(chunk) - 1}/{size}"
        headers = self.headers(sha, size, **more) | {"Content-Range": span}
        return await client.put(f"/api/media/{sha}", content=chunk, headers=headers)

    async def bring(self, content=CONTENT):
        sha = hashlib.sha256(content).hexdigest()
        for start in range(0, len(content), CHUNK):
            answer = await self.put(start, content[start : start + CHUNK], sha, len(content))
            assert answer.status_code == 204, answer.text


async def listed(person, site="court", **query):
    return (await person.get(f"/api/sites/{site}/evidence", params=query)).json()["items"]


async def test_a_clip_is_on_its_way_until_its_last_byte_has_come(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    note = await agent.announce()
    (one,) = await listed(guard)
    assert (one["id"], one["state"], one["sha256"]) == (note.id, "coming", SHA)
    url = f"/api/sites/court/evidence/{note.id}/content"
    assert (await guard.get(url)).status_code == 404
    await agent.bring()
    (one,) = await listed(guard)
    assert (one["state"], one["size"]) == ("stored", len(CONTENT))
    answer = await guard.get(url)
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "video/mp4"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_an_upload_goes_on_where_it_broke_and_tells_where_that_is(house):
    agent = Agent(house)
    await agent.announce()
    assert (await agent.ask()).headers["upload-offset"] == "0"
    assert (await agent.put(0, CONTENT[:CHUNK])).status_code == 204
    repeated = await agent.put(0, CONTENT[:CHUNK])
    assert (repeated.status_code, repeated.headers["upload-offset"]) == (409, str(CHUNK))
    assert (await agent.ask()).headers["upload-offset"] == str(CHUNK)
    for start in range(CHUNK, len(CONTENT), CHUNK):
        assert (await agent.put(start, CONTENT[start : start + CHUNK])).status_code == 204
    assert house.evidence.size("court", SHA) == len(CONTENT)


async def test_a_hub_that_died_before_it_wrote_it_down_says_so_at_the_next_question(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    await agent.announce()
    house.evidence.append("court", SHA, 0, CONTENT)
    assert (await agent.ask()).headers["upload-offset"] == str(len(CONTENT))
    assert (await listed(guard))[0]["state"] == "stored"


async def test_bytes_that_are_not_the_announced_ones_are_refused_and_gone(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    await agent.announce()
    wrong = bytes(len(CONTENT))
    for start in range(0, len(wrong), CHUNK):
        answer = await agent.put(start, wrong[start : start + CHUNK])
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-hash")
    assert house.evidence.offset("court", SHA) == 0
    assert (await listed(guard))[0]["state"] == "coming"
    await agent.bring()
    assert (await listed(guard))[0]["state"] == "stored"


async def test_what_nobody_announced_is_not_taken(house):
    agent = Agent(house)
    assert (await agent.put(0, CONTENT[:CHUNK])).status_code == 404
    assert house.evidence.offset("court", SHA) == 0
    await agent.announce()
    answer = await agent.put(0, CONTENT[:100], size=SIZE + 1)
    assert answer.json()["code"] == "piece-too-large"


@pytest.mark.parametrize(
    "change",
    [
        lambda house, headers: {**headers, "Authorization": "Bearer x"},
        lambda house, headers: {**headers, "Upload-Length": "5"},
        lambda house, headers: {
            **headers,
            "Authorization": headers["Authorization"].replace('site="court"', 'site="yard"'),
        },
        lambda house, headers: {
            **headers,
            "Authorization": headers["Authorization"].replace('"cameras"', '"gates"'),
        },
        lambda house, headers: {
            **headers,
            "Authorization": house.keys["yard"].authorization(
                "court", "cameras", SHA, len(CONTENT)
            ),
        },
    ],
)
async def test_only_the_agents_own_signature_over_this_piece_opens_the_door(house, change):
    agent = Agent(house)
    await agent.announce()
    client = await house.browser()
    headers = change(house, agent.headers()) | {"Content-Range": f"bytes 0-9/{len(CONTENT)}"}
    answer = await client.put(f"/api/media/{SHA}", content=CONTENT[:10], headers=headers)
    assert answer.status_code == 401
    assert house.evidence.offset("court", SHA) == 0


async def test_another_sites_agent_and_people_have_no_part_in_it(house):
    court, yard = Agent(house), Agent(house, "yard")
    note = await court.announce()
    assert (await yard.put(0, CONTENT[:CHUNK])).status_code == 404
    await court.bring()
    stranger = await house.person("stranger", Role.ADMIN, "yard")
    for path in ("evidence", f"evidence/{note.id}", f"evidence/{note.id}/content"):
        assert (await stranger.get(f"/api/sites/court/{path}")).status_code == 404
    assert (await stranger.get(f"/api/sites/yard/evidence/{note.id}/content")).status_code == 404
    # Who only knows the hash gets nothing by announcing it as its own.
    copy = await yard.announce(id=secrets.token_hex(16))
    answer = await stranger.get(f"/api/sites/yard/evidence/{copy.id}/content")
    assert answer.status_code == 404
    assert (await listed(stranger, "yard"))[0]["state"] == "coming"


async def test_an_agent_cannot_overwrite_what_another_has_announced(house):
    court, yard = Agent(house), Agent(house, "yard")
    note = await court.announce()
    await yard.announce(id=note.id, sha256="0" * 64)
    guard = await house.person("guard", Role.GUARD)
    assert (await listed(guard))[0]["sha256"] == SHA
    assert await listed(guard, "yard") == []


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-99", 206, (0, 100)),
        ("bytes=511900-", 206, (511_900, 512_000)),
        ("bytes=-100", 206, (511_900, 512_000)),
        ("bytes=100-999999999", 206, (100, 512_000)),
        ("bytes=512000-", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=0-1,5-6", 416, None),
        ("pages=1", 416, None),
    ],
)
async def test_a_player_may_ask_for_one_range(house, asked, status, span):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    note = await agent.announce()
    await agent.bring()
    url = f"/api/sites/court/evidence/{note.id}/content"
    answer = await guard.get(url, headers={"Range": asked})
    assert answer.status_code == status
    if span:
        assert answer.content == CONTENT[slice(*span)]
        assert answer.headers["content-range"] == f"bytes {span[0]}-{span[1] - 1}/512000"


async def test_looks_are_on_record_a_players_ranges_once(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    note = await agent.announce()
    await agent.bring()
    url = f"/api/sites/court/evidence/{note.id}/content"
    for asked in ("bytes=5-", "bytes=100-200", "bytes=0-"):
        assert (await guard.get(url, headers={"Range": asked})).status_code == 206
    assert (await boss.get(url)).status_code == 200
    entries = (await boss.get("/api/audit", params={"site": "court"})).json()["items"]
    looks = [entry for entry in entries if entry["action"] == "evidence.look"]
    assert sorted(entry["actor"] for entry in looks) == ["boss", "guard"]
    assert {entry["object"] for entry in looks} == {note.id}


async def test_a_passages_picture_takes_a_purpose(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    note = await agent.announce(kind=EvidenceClass.PICTURE, content_type="image/jpeg")
    await agent.bring()
    url = f"/api/sites/court/evidence/{note.id}/content"
    assert (await guard.get(url)).status_code == 422
    assert (await guard.get(url, params=await guard.look())).status_code == 200
    assert await listed(guard) == []  # it belongs to the passages


async def test_a_clip_that_will_not_come_says_why(house):
    agent, guard = Agent(house), await house.person("guard", Role.GUARD)
    await agent.announce(sha256=None, size=None, content_type=None, failed="nothing was recorded")
    (one,) = await listed(guard)
    assert (one["state"], one["failed"]) == ("failed", "nothing was recorded")
