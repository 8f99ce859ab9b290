"""What people look up later: cases by word or person, commands by device, agents by name."""

import pytest

from hub.config import Role
from hub.store.write.commands import NewCommand, insert_command
from tests.hub_api.house import T0

COURT = "/api/sites/court"
CASES = (
    ("楼道堆物", "3号楼三层", "wang"),
    ("Broken lamp, 100% dark", "East path", "li"),
    ("broken gate", "West post", None),
)


async def open_cases(house, person):
    """Three cases by hand; the first two taken by somebody. Returns their numbers."""
    categories = (await person.get("/api/categories")).json()
    category = next(one for one in categories if one["manual"])["id"]
    numbers = []
    for title, place, assignee in CASES:
        body = {"category": category, "title": title, "place": place, "note": "seen"}
        made = (await person.post(f"{COURT}/cases", body)).json()
        numbers.append(made["number"])
        if assignee is not None:
            taker = await house.person(assignee, Role.GUARD, "court")
            await taker.post(f"{COURT}/cases/{made['id']}/actions/take")
        house.hand.pass_s(1)
    return numbers


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [2, 1, 0]),
        ({"q": "堆物"}, [0]),
        ({"q": "BROKEN"}, [2, 1]),
        ({"q": "west broken"}, [2]),
        ({"q": "east gate"}, []),
        ({"q": "wang"}, [0]),
        ({"q": "100%"}, [1]),
        ({"q": "%"}, [1]),
        ({"q": "_"}, []),
        ({"q": "-002"}, [1]),
        ({"q": "  "}, [2, 1, 0]),
        ({"source": "person"}, [2, 1, 0]),
        ({"source": "inspection"}, []),
        ({"assignee": "me"}, []),
        ({"assignee": "li"}, [1]),
        ({"assignee": "li", "q": "堆物"}, []),
    ],
)
async def test_cases_are_found_by_what_people_remember(house, params, found):
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    numbers = await open_cases(house, chief)
    items = (await chief.get(f"{COURT}/cases", params=params)).json()["items"]
    assert [one["number"] for one in items] == [numbers[n] for n in found]


async def test_mine_are_those_of_the_user_who_asks(house):
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    numbers = await open_cases(house, chief)
    li = await house.log_in("li")
    items = (await li.get(f"{COURT}/cases", params={"assignee": "me"})).json()["items"]
    assert [one["number"] for one in items] == [numbers[1]]


async def test_a_search_goes_on_page_by_page(house):
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    numbers = await open_cases(house, chief)
    params = {"q": "broken", "limit": 1}
    first = (await chief.get(f"{COURT}/cases", params=params)).json()
    second = (await chief.get(f"{COURT}/cases", params={**params, "before": first["next"]})).json()
    assert [one["number"] for one in first["items"] + second["items"]] == [numbers[2], numbers[1]]
    assert second["next"] is None


async def test_nobody_can_be_called_me(house):
    boss = await house.person("boss", Role.ADMIN)
    answer = await boss.post("/api/users", {"name": "me", "role": "guard", "sites": ["*"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")


def command(n, device="gate-east", site="court"):
    return NewCommand(
        id=f"{n:032x}",
        site=site,
        agent="gates",
        device=device,
        action="open",
        operator="wang",
        reason=f"reason {n}",
        lease_s=0.0,
        created_at=T0 + n,
    )


async def test_a_devices_commands_come_newest_first_and_page_by_page(house):
    guard = await house.person("wang", Role.GUARD, "court")
    with house.store.writer.connect() as connection, connection.begin():
        for n in range(5):
            insert_command(connection, command(n))
        insert_command(connection, command(5, device="fw-1"))
        insert_command(connection, command(6, site="yard"))
    path = f"{COURT}/devices/gate-east/commands"
    first = (await guard.get(path, params={"limit": 3})).json()
    rest = (await guard.get(path, params={"limit": 3, "before": first["next"]})).json()
    assert [one["reason"] for one in first["items"] + rest["items"]] == [
        f"reason {n}" for n in (4, 3, 2, 1, 0)
    ]
    assert rest["next"] is None
    assert [step["state"] for step in first["items"][0]["history"]] == ["sent"]


async def test_commands_of_a_device_that_there_is_not(house):
    guard = await house.person("wang", Role.GUARD, "court")
    answer = await guard.get(f"{COURT}/devices/gate-north/commands")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_agents_are_called_as_the_site_file_calls_them(house):
    guard = await house.person("wang", Role.GUARD, "court")
    agents = {agent["id"]: agent for agent in (await guard.get(f"{COURT}/agents")).json()}
    gates, water = agents["gates"], agents["water"]
    assert (gates["name"], gates["place"]) == ({"zh": "门", "en": "Gates"}, None)
    assert water["name"] == {"zh": "water", "en": "water"}
