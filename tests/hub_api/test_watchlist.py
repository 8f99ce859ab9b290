"""The watchlist: two people, an end, hits as alarms, and nothing in clear."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub.config import Role
from hub.store.schema import dead_letter, observation, site_counter, watch_entry
from hub.store.write.retention import REMOVALS, Keep

COURT = "/api/sites/court"
LIST = f"{COURT}/watchlist"
CARD = "CARD-4711-0815"
KEEP = Keep(observations=90, passages=180, alerts=1000, cases=1000, dead_letters=30, feed=7)


@pytest.fixture
async def two(house):
    return await house.person("li", Role.SUPERVISOR), await house.person("boss", Role.ADMIN)


async def ask(house, person, **said):
    until = house.clock.now() + 3_600_000
    asked = {"sort": "credential", "value": CARD, "reason": "lost and reported", "until": until}
    return await person.post(LIST, asked | said)


async def watch(house, two, **said):
    entry = (await ask(house, two[0], **said)).json()["id"]
    answer = await two[1].post(f"{LIST}/{entry}/actions/approve")
    assert answer.json()["state"] == "active", answer.text
    return entry


async def hits(person):
    found = (await person.get(f"{COURT}/alerts?state=all&condition=watchlist-hit")).json()
    return found["items"]


def rows(house, query):
    with house.store.reader.connect() as connection:
        return connection.execute(query).all()


async def test_nothing_is_watched_for_until_another_person_approves(house, two):
    li, boss = two
    guard = await house.person("wang", Role.GUARD)
    assert (await ask(house, guard)).status_code == 403
    entry = (await ask(house, li)).json()
    await house.gate("granted", credential=CARD)
    assert await hits(boss) == []
    own = await li.post(f"{LIST}/{entry['id']}/actions/approve")
    assert (own.status_code, own.json()["code"]) == (409, "not-allowed")
    assert (await boss.post(f"{LIST}/{entry['id']}/actions/refuse")).status_code == 422
    assert (await boss.post(f"{LIST}/{entry['id']}/actions/approve")).is_success
    await house.gate("granted", credential=CARD)
    assert len(await hits(boss)) == 1
    told = (await boss.get("/api/audit", params={"chain": "court"})).json()["items"]
    assert {("watch.ask", "ok"), ("watch.approve", "not-allowed"), ("watch.approve", "ok")} <= {
        (one["action"], one["outcome"]) for one in told
    }
    assert CARD not in str(told)


async def test_an_entry_beyond_those_that_a_list_shows_is_decided_like_any_other(
    house, two, monkeypatch
):
    entry = (await ask(house, two[0])).json()
    house.hand.pass_s(1)
    await ask(house, two[0], value="CARD-4711-0816")
    monkeypatch.setattr("hub.api.watchlist.MOST_SHOWN", 1)
    answer = await two[1].post(f"{LIST}/{entry['id']}/actions/approve")
    assert (answer.status_code, answer.json()["state"]) == (200, "active")


async def test_the_database_itself_knows_no_entry_that_one_person_made_alone(house, two):
    entry = (await ask(house, two[0])).json()["id"]
    for change in ("decider = requester", "state = 'active'"):
        sql = text(f"UPDATE watch_entry SET {change} WHERE id = '{entry}'")
        with house.store.writer.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(sql)


async def test_a_hit_is_an_alarm_once_per_passage_that_names_nobody(house, two):
    entry = await watch(house, two)
    for _ in range(2):
        await house.gate("granted", credential=CARD, direction="in")
        house.hand.pass_s(5)
    (alert,) = await hits(two[1])
    assert (alert["priority"], alert["device"]) == ("P1", "gate-east")
    assert alert["state"] == "returned-unacknowledged"
    assert alert["detail"] == {"entries": [entry]}
    for _ in range(4):  # a passage each, however often they come
        house.hand.pass_s(31)
        await house.gate("denied", credential=CARD)
    assert len(await hits(two[1])) == 5
    await house.gate("granted", credential="CARD-0000-0001")
    assert len(await hits(two[1])) == 5
    url = f"{LIST}/{entry}/hits"
    assert (await two[0].get(url)).status_code == 422
    found = (await two[0].get(url, params=await two[0].look())).json()["hits"]
    assert len(found) == 6
    assert {one["device"] for one in found} == {"gate-east"}
    (shown,) = (await two[0].get(LIST)).json()
    assert (shown["hits"], shown["masked"]) == (6, "••••0815")


async def test_an_entry_ends_by_itself_or_by_a_word_and_is_kept_under_seal_for_a_while(house, two):
    first, second = await watch(house, two), await watch(house, two, value="CARD-0000-0002")
    assert (await two[0].post(f"{LIST}/{second}/actions/end", {"note": "found"})).is_success
    await house.gate("granted", credential="CARD-0000-0002")
    house.hand.pass_s(3600)
    await house.gate("granted", credential=CARD)
    li = await house.log_in("li")
    assert await hits(li) == []
    assert (await li.get(LIST)).json() == []
    shown = {one["id"]: one for one in (await li.get(f"{LIST}?state=all")).json()}
    assert (shown[first]["state"], shown[first]["ended_by"]) == ("ended", None)
    assert (shown[second]["ended_by"], shown[second]["note"]) == ("li", "found")
    everything = str(rows(house, select(watch_entry)))
    assert CARD not in everything
    assert house.seal.hash("court", CARD) in everything
    now = house.clock.now() + 31 * 86_400_000
    with house.store.writer.connect() as connection, connection.begin():
        REMOVALS["watchlist"](connection, KEEP, now)
        REMOVALS["watchlist"](connection, KEEP, now)
    assert {row.sealed for row in rows(house, select(watch_entry.c.sealed))} == {None}


async def test_a_devices_own_list_alarms_only_for_what_two_people_approved(house, two):
    await house.gate("granted", method="face", credential="17", listed="17")
    assert await hits(two[1]) == []
    await watch(house, two, sort="listed", value="17")
    await house.gate("denied", method="face", credential="18", listed="17")
    assert len(await hits(two[1])) == 1
    counted = dict(rows(house, select(site_counter.c.name, site_counter.c.value)))
    assert counted["listed_unknown"] == 1


@pytest.mark.parametrize(
    "said",
    [
        {"sort": "plate", "value": "not a plate"},
        {"value": "  "},
        {"reason": ""},
        {"reason": "  "},
        {"case": "nothing"},
        {"until": 1},
        {"until": 1_760_000_000_000 + 91 * 86_400_000},
        {"sort": "face"},
    ],
)
async def test_requests_that_are_none(house, two, said):
    assert (await ask(house, two[0], **said)).status_code == 422


async def test_no_template_of_a_face_is_stored_whatever_a_device_sends(house, two):
    template = "Q" * 400
    await house.gate("granted", method="face", credential=template, face_template=template)
    (stored,) = rows(house, select(observation.c.signals, observation.c.rejected))
    assert stored.signals == {"event": "granted", "method": "face"}
    assert set(stored.rejected) == {"credential", "face_template"}
    counted = dict(rows(house, select(site_counter.c.name, site_counter.c.value)))
    assert counted["rejected_signals"] == 2
    assert rows(house, select(dead_letter)) == []
