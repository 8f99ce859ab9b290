"""The index of passages answers what people ask of it, with no plate and no card in clear."""

import pytest

from hub.config import Role
from wire import Lane, Observation

COURT = "/api/sites/court"
TRACES = f"{COURT}/traces"
HOUR = 3_600_000


class Asker:
    """A person who has declared a look, and names it with each question."""

    def __init__(self, person, look):
        self.person = person
        self.params = look

    async def get(self, question, *, status=200, **params):
        path = f"{TRACES}/{question}"
        answer = await self.person.get(path, params={**self.params, **params})
        assert answer.status_code == status, answer.text
        return answer.json()

    async def search(self, text, *, status=200):
        answer = await self.person.send(
            "POST", f"{TRACES}/search", {"text": text}, params=self.params
        )
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def ask(house):
    return await asker(house, "wang", "court")


async def asker(house, name, site):
    person = await house.person(name, Role.GUARD, site)
    return Asker(person, await person.look(site))


async def card(house, number, event="granted", **signals):
    await house.gate(event, credential=number, method="card", **signals)
    house.hand.pass_s(5)


async def test_a_card_is_found_by_its_number_and_its_movements_by_mark_or_passage(house, ask):
    await card(house, "CARD-4711-0815", direction="in")
    await card(house, "CARD-4711-0815", direction="out")
    await card(house, "CARD-0000-0001", "denied", reason="expired")
    (found,) = (await ask.search(" CARD-4711-0815 "))["items"]
    assert (found["likeness"], found["credential"], found["plate"]) == ("same", "••••0815", False)
    moved = await ask.get("movements", subject=found["subject"])
    assert [one["direction"] for one in moved["items"]] == ["out", "in"]
    assert moved["items"][0]["place"] == {"zh": "东门岗", "en": "East post"}
    same = await ask.get("movements", passage=moved["items"][1]["id"])
    assert same == moved
    assert (await ask.search("CARD-9999-9999"))["items"] == []
    await ask.get("movements", status=422)
    await ask.get("movements", status=404, subject="0" * 12)
    await ask.get("movements", status=404, passage="999999")


async def test_a_question_without_a_declared_look_is_not_answered(house, ask):
    await card(house, "CARD-4711-0815")
    ask.params = {}
    for question in ("movements", "companions", "habits", "inside", "overstays", "elsewhere"):
        await ask.get(question, status=422)
    await ask.get("openings", status=422, result="forced")
    await ask.search("CARD-4711-0815", status=422)


async def test_each_answer_is_on_record_and_tells_no_card(house, ask):
    boss = await house.person("boss", Role.ADMIN)
    await card(house, "CARD-4711-0815", direction="in")
    (found,) = (await ask.search("CARD-4711-0815"))["items"]
    await ask.get("movements", subject=found["subject"])
    told = (await boss.get("/api/audit", params={"chain": "court"})).json()["items"]
    actions = [one["action"] for one in told]
    assert actions == ["trace.movements", "trace.search", "look.declare"]
    assert told[0]["detail"]["person"] == found["subject"]
    assert "4711-0815" not in str(told)


async def test_who_is_inside_and_whether_that_is_sure(house, ask):
    await card(house, "CARD-0000-0001", direction="in")
    await house.gate("exit-button")
    house.hand.pass_s(5)
    await card(house, "CARD-0000-0002", direction="in")
    await card(house, "CARD-0000-0003", direction="in")
    await card(house, "CARD-0000-0003", direction="out")
    inside = (await ask.get("inside"))["items"]
    told = [(one["credential"][-1], one["unknown_exits"], one["sure"]) for one in inside]
    assert told == [("2", 0, True), ("1", 1, False)]
    assert (await ask.get("inside", kind="vehicles"))["items"] == []
    house.hand.pass_s(600)
    assert (await ask.get("inside", hours=0.1))["items"] == []
    longest = await ask.get("overstays", hours=0.1, kind="people", limit=1)
    rest = await ask.get("overstays", hours=0.1, kind="people", before=longest["next"])
    told = [one["credential"][-1] for one in (*longest["items"], *rest["items"])]
    assert told == ["1", "2"]


async def test_companions_are_ranked_by_how_often_they_passed_together(house, ask):
    for _ in range(3):
        await card(house, "CARD-0000-0001", direction="in")
        await card(house, "CARD-0000-0002", direction="out")
        house.hand.pass_s(100)
    await card(house, "CARD-0000-0003")
    await card(house, "CARD-0000-0001", direction="in")
    await card(house, "CARD-0000-0004", "denied")
    (one,) = (await ask.search("CARD-0000-0001"))["items"]
    found = await ask.get("companions", subject=one["subject"])
    told = [(c["credential"][-1], c["times"], c["same_way"]) for c in found["items"]]
    assert told == [("2", 3, 0), ("3", 1, 0)]
    assert found["of"] == 4
    close = await ask.get("companions", subject=one["subject"], within_s=3)
    assert close["items"] == []


async def test_hours_that_are_unusual_for_somebody(house):
    start = house.clock.now()
    for _ in range(60):
        await card(house, "CARD-0000-0001", direction="in")
        house.hand.pass_s(24 * 3600 - 5)
    house.hand.pass_s(9 * 3600)
    odd = house.clock.now()
    await card(house, "CARD-0000-0001", direction="out")
    ask = await asker(house, "wang", "court")
    (one,) = (await ask.search("CARD-0000-0001"))["items"]
    habits = await ask.get("habits", subject=one["subject"])
    assert (habits["first_at"], habits["last_at"]) == (start, odd)
    assert (habits["passages"], habits["days"], habits["enough"]) == (61, 61, True)
    (unusual,) = habits["unusual"]
    assert unusual["at"] == odd
    assert habits["unusual_hours"] == [(odd + 8 * HOUR) // HOUR % 24]
    assert max(habits["hours"]) == 60


async def test_a_forced_door_is_a_passage_of_nobody_knows_whom(house, ask):
    forced = house.clock.now()
    await house.force_door()
    (opening,) = (await ask.get("openings", result="forced"))["items"]
    passage = opening["passage"]
    assert (passage["result"], passage["at"], passage["subject"]) == ("forced", forced, None)
    assert (await ask.get("openings", result="tailgated"))["items"] == []
    listed = await ask.person.get(f"{COURT}/passages", params=ask.params)
    assert [one["result"] for one in listed.json()["items"]] == ["forced"]


async def test_a_guard_of_another_site_learns_nothing(house, ask):
    await card(house, "CARD-4711-0815", direction="in")
    other = await asker(house, "li", "yard")
    await other.get("inside", status=404)
    said = Observation(
        device="gate-east",
        kind="gate",
        at=house.clock.now(),
        seen=house.clock.now(),
        signals={"event": "granted", "credential": "CARD-4711-0815"},
    )
    (mine,) = (await ask.search("CARD-4711-0815"))["items"]
    await house.say("gates", said, lane=Lane.EVENT, site="yard")
    path = "/api/sites/yard/traces/movements"
    answer = await other.person.get(path, params={**other.params, "subject": mine["subject"]})
    assert answer.status_code == 404
