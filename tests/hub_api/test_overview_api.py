"""The estate in numbers, and detectors by staff's verdict, from outside."""

import asyncio

import pytest
from sqlalchemy import insert, update

from hub.api.present.overview import day_begin
from hub.config import Role
from hub.pipeline import OpenCase
from hub.store.schema import alert, case_, passage
from wire import Text

COURT = "/api/sites/court"
DAY = 24 * 3_600_000


@pytest.mark.parametrize(
    ("now", "hours", "begin"),
    [(0, 0, 0), (DAY - 1, 0, 0), (DAY // 3, 8, -DAY // 3), (DAY, 8, DAY - DAY // 3)],
)
def test_a_day_begins_on_the_organisations_clock(now, hours, begin):
    assert day_begin(now, hours) == begin


async def case_for(house, number, *, resolution=None, merged_into=None):
    """A case as a detector's alarm leaves it; its id."""
    title = Text(zh="电动车", en="E-bike")
    act = OpenCase("court", "fire-lane", title, "li", "seen", place=Text.plain(f"{number}号楼"))
    name = await asyncio.wrap_future(house.pipeline.act(act, house.clock.now()))
    with house.store.writer.begin() as connection:
        end = {"resolution": resolution, "merged_into": merged_into}
        connection.execute(update(case_).where(case_.c.id == name).values(**end))
    return name


def alarm(number, at, case):
    return {
        "id": f"{number:016x}",
        "site": "court",
        "device": "cam-1",
        "condition": "falling-object",
        "occurrence": number,
        "priority": "P1",
        "state": "normal",
        "late": False,
        "at": at,
        "received_at": at,
        "detail": {},
        "case_id": case,
        "version": 1,
    }


async def test_detectors_are_judged_by_how_the_cases_of_their_alarms_ended(house):
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    guard = await house.person("wang", Role.GUARD, "court")
    true = await case_for(house, 1, resolution="resolved")
    ends = [
        true,
        await case_for(house, 2, resolution="duplicate", merged_into=true),
        await case_for(house, 3, resolution="false-alarm"),
        await case_for(house, 4),
        None,
    ]
    now = house.clock.now()
    with house.store.writer.begin() as connection:
        connection.execute(
            insert(alert), [alarm(row, now - 1000, name) for row, name in enumerate(ends)]
        )
    assert (await guard.get(f"{COURT}/detector-figures")).status_code == 403
    house.hand.pass_s(1)
    told = (await chief.get(f"{COURT}/detector-figures")).json()
    ebike, falling = told["detectors"]
    assert ebike["verdicts"]["alarms"] == 0
    counts = {"alarms": 5, "true": 2, "false": 1, "untold": 0, "open": 2}
    assert falling["verdicts"].items() >= counts.items()
    assert falling["verdicts"]["share"] == pytest.approx(2 / 3)
    assert falling["spans"][-1]["alarms"] == 5
    assert len(falling["spans"]) == len(told["spans"]) == 12
    assert [one["device"] for one in falling["devices"]] == ["cam-1"]
    days = {"since": now - 7 * DAY, "until": now}
    assert len((await chief.get(f"{COURT}/detector-figures", params=days)).json()["spans"]) == 7
    for span in ({"since": now, "until": now}, {"since": 0}):
        assert (await chief.get(f"{COURT}/detector-figures", params=span)).status_code == 422


def passed(number, at, **said):
    row = {"site": "court", "device": "gate-east", "at": at, "received_at": at, "late": False}
    return {**row, "direction": None, "stream_id": 0, "seq": number, "idx": 0, **said}


async def test_the_estate_in_numbers_names_nobody(house):
    guard = await house.person("wang", Role.GUARD, "court")
    for number in range(3):
        await case_for(house, number)
    house.hand.pass_s(2 * 24 * 3600)
    await case_for(house, 3)
    now = house.clock.now()
    yesterday = day_begin(now, 8) - 1
    with house.store.writer.begin() as connection:
        connection.execute(
            insert(passage),
            [
                passed(1, now, result="granted", direction="in"),
                passed(2, now, result="exit", direction="out"),
                passed(3, now, result="remote"),
                passed(4, now, result="denied", direction="in"),
                passed(5, now, result="forced"),
                passed(6, yesterday, result="granted", direction="in"),
            ],
        )
        connection.execute(insert(alert), [alarm(1, now, None), alarm(2, yesterday, None)])
    guard = await house.log_in("wang")
    told = (await guard.get(f"{COURT}/overview")).json()
    cases = told["cases"]
    assert (cases["count"], cases["late"]) == (4, 3)
    assert [row["count"] for row in cases["ages"]] == [1, 3, 0, 0, 0]
    assert sum(row["count"] for row in cases["states"]) == 4
    assert told["passages"] == [
        {
            "kind": "gate",
            "kind_name": told["passages"][0]["kind_name"],
            "came": 1,
            "went": 1,
            "passed": 3,
            "denied": 1,
        }
    ]
    falling = next(one for one in told["detectors"] if one["id"] == "falling")
    assert (falling["today"], falling["week"], falling["false"]) == (1, 2, 0)
